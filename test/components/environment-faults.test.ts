import { findEnvironmentFaults } from "../../components/environment-faults.ts";
import type { SearchSyncArgs } from "../../components/index.ts";

const url = { url: { url: "https://x", authentication: { kind: "none" } } } as const;
const domain = { domain: { instanceType: "r7g.large.search", instanceCount: 3 } } as const;
const endpoints = "create" as const;
const network = { vpcId: "v", subnetIds: ["a"], securityGroupIds: ["b"], endpoints };

it.each<[string, string, SearchSyncArgs]>([
  ["a plain name", "prod-eu-central-10x2", { target: url }],
  ["a name that leaves room for a domain's", "prod-europe-1", { target: domain }],
  ["endpoints with their route tables", "prod", { target: url, network: { ...network, routeTableIds: [] } }],
  ["days that CloudWatch knows", "prod", { target: url, logRetentionDays: 400 }],
])("finds nothing wrong with %s", (_, name, args) => {
  expect(findEnvironmentFaults(name, args)).toEqual([]);
});

it.each<[string, SearchSyncArgs, string, RegExp]>([
  ["Prod", { target: url }, "name", /at most 20; got Prod$/],
  ["prod_eu", { target: url }, "name", /a to z, 0 to 9 and -/],
  ["a".repeat(21), { target: url }, "name", /at most 20/],
  ["prod-europe-10", { target: domain }, "name", /at most 13 where a domain is made/],
  ["prod", { target: url, network }, "network.routeTableIds", /required with endpoints: create/],
  ["prod", { target: url, logRetentionDays: 8 }, "logRetentionDays", /must be one of 1, 3, .*; got 8/],
  ["prod", { target: url, maximumCutoverLagSeconds: 0 }, "maximumCutoverLagSeconds", /1 or more; got 0/],
  [
    "prod",
    { target: domain, network: { ...network, endpoints: "nat" } },
    "network.subnetIds",
    /^must list 3 subnets, one a zone of the domain; got 1$/,
  ],
  [
    "prod",
    { target: { domain: { ...domain.domain, instanceCount: 0 } } },
    "target.domain.instanceCount",
    /whole number, 1 or more; got 0/,
  ],
  [
    "prod",
    { target: { domain: { ...domain.domain, instanceCount: 1.5 } } },
    "target.domain.instanceCount",
    /got 1.5/,
  ],
])("finds one fault of %s %j at %s", (name, args, propertyPath, reason) => {
  expect(findEnvironmentFaults(name, args)).toEqual([
    { propertyPath, reason: expect.stringMatching(reason) },
  ]);
});
