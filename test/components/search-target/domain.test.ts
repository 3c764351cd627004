/** A domain of an environment. Whether AWS makes it of these options (instance types, versions, subnets) only AWS can say. */
import type { DomainArgs, SearchSyncArgs } from "../../../components/index.ts";
import { takeSubnets } from "../../../components/search-target/domain.ts";
import { recordEnvironment } from "../../support/record-environment.ts";

const network = {
  vpcId: "vpc-1",
  subnetIds: ["subnet-1", "subnet-2", "subnet-3", "subnet-4"],
  securityGroupIds: ["sg-1"],
};
const record = (domain: Partial<DomainArgs> = {}, rest: Partial<SearchSyncArgs> = {}) =>
  recordEnvironment(
    { target: { domain: { instanceType: "r7g.large.search", instanceCount: 3, ...domain } }, ...rest },
    {},
  );
const inputsOf = async (...args: Parameters<typeof record>) =>
  (await record(...args)).find("shop-search", "Domain").inputs;

it("encrypts at rest and between nodes, and takes TLS 1.2 and signed requests of its account only", async () => {
  expect(await inputsOf()).toEqual({
    engineVersion: "OpenSearch_3.1",
    clusterConfig: {
      instanceType: "r7g.large.search",
      instanceCount: 3,
      zoneAwarenessEnabled: true,
      zoneAwarenessConfig: { availabilityZoneCount: 3 },
    },
    ebsOptions: { ebsEnabled: true, volumeType: "gp3", volumeSize: 100 },
    encryptionAtRestOptions: { enabled: true },
    nodeToNodeEncryptionOptions: { enabled: true },
    domainEndpointOptions: { enforceHttps: true, tlsSecurityPolicy: "Policy-Min-TLS-1-2-PFS-2023-10" },
    advancedSecurityOptions: {
      enabled: true,
      internalUserDatabaseEnabled: false,
      masterUserOptions: {
        masterUserArn: "arn:aws:iam::111122223333:role/shop-search-security-admin-1a2b3c4",
      },
    },
    accessPolicies: {
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Principal: { AWS: "arn:aws:iam::111122223333:root" },
          Action: "es:ESHttp*",
          // Documented exception: the policy is the domain's own, which has no name yet; it stands for itself alone.
          Resource: "*",
        },
      ],
    },
  });
});

it("encrypts with the environment's key, and holds together by dedicated masters where asked to", async () => {
  const keyArn = "arn:aws:kms:eu-central-1:1:key/a";
  expect(
    await inputsOf({ dedicatedMasterType: "m7g.medium.search", volumeGibibytes: 20 }, { keyArn }),
  ).toMatchObject({
    encryptionAtRestOptions: { enabled: true, kmsKeyId: keyArn },
    clusterConfig: {
      dedicatedMasterEnabled: true,
      dedicatedMasterType: "m7g.medium.search",
      dedicatedMasterCount: 3,
    },
    ebsOptions: { volumeSize: 20 },
  });
});

// AWS refuses a domain with another number of subnets than zones; functions may well have more.
it.each([
  [1, ["subnet-1"], { zoneAwarenessEnabled: false }],
  [2, ["subnet-1", "subnet-2"], { zoneAwarenessConfig: { availabilityZoneCount: 2 } }],
  [6, ["subnet-1", "subnet-2", "subnet-3"], { zoneAwarenessConfig: { availabilityZoneCount: 3 } }],
])(
  "takes of the network's subnets as many as %i nodes have zones",
  async (instanceCount, subnetIds, clusterConfig) => {
    const inputs = await inputsOf({ instanceCount }, { network });
    expect(inputs["vpcOptions"]).toEqual({ subnetIds, securityGroupIds: ["sg-1"] });
    expect(inputs["clusterConfig"]).toMatchObject(clusterConfig);
  },
);

it("lets its master role into the network from the start, or Lambda makes no function for it", async () => {
  const vpcAccess = "arn:aws:iam::aws:policy/service-role/AWSLambdaVPCAccessExecutionRole";
  const inside = (await record({}, { network })).find("shop-search-security-admin", "Role");
  expect(inside.inputs["managedPolicyArns"]).toEqual([vpcAccess]);
  expect((await record()).find("shop-search-security-admin", "Role").inputs).not.toHaveProperty(
    "managedPolicyArns",
  );
});

it.each([true, false])("is protected and retained where the environment is: %s", async (protect) => {
  const domain = (await record({}, { protect })).find("shop-search", "Domain");
  expect({ protect: domain.protect, retainOnDelete: domain.retainOnDelete }).toEqual({
    protect,
    retainOnDelete: protect,
  });
});

// Inside a program this rejects an output, which ends the program; the mocks would end jest.
it("refuses a network of fewer subnets than the domain has zones, as soon as they are known", () => {
  expect(() => takeSubnets(["subnet-1", "subnet-2"], 3)).toThrow(
    expect.objectContaining({
      propertyPath: "network.subnetIds",
      reason: "must list 3 subnets, one a zone of the domain; got 2",
    }),
  );
});
