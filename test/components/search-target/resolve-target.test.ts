/** The three forms of a target, as functions get to know them. */
import * as pulumi from "@pulumi/pulumi";
import { readLifecycleSettings } from "../../../adapters/read-settings.ts";
import type { SearchTargetArgs } from "../../../components/index.ts";
import { recordEnvironment } from "../../support/record-environment.ts";

const record = (target: SearchTargetArgs) => recordEnvironment({ target });
const targetOf = async (target: SearchTargetArgs) => {
  const { environment } = (await record(target)).find("shop-lifecycle", "Function").inputs;
  return readLifecycleSettings(Object(environment).variables).target;
};
const policiesOf = async (target: SearchTargetArgs) =>
  JSON.stringify((await record(target)).resources.filter(({ type }) => type.startsWith("aws-native:iam:")));

it("reaches a domain that exists by HTTPS and signs for its region", async () => {
  const arn = pulumi.output("arn:aws:es:eu-central-1:111122223333:domain/d");
  const existingDomain = { arn, endpoint: pulumi.output("d.eu-central-1.es.amazonaws.com") };
  expect(await targetOf({ existingDomain })).toEqual({
    endpoint: "https://d.eu-central-1.es.amazonaws.com",
    authentication: { kind: "sigv4", region: "eu-central-1", service: "es" },
  });
  expect((await record({ existingDomain })).all("Domain")).toEqual([]);
});

it("takes a URL as it is, with its authority where it has one, and asks IAM for nothing on it", async () => {
  const url = { url: pulumi.output("https://search:9200"), authentication: { kind: "none" } } as const;
  expect(await targetOf({ url })).toEqual({
    endpoint: "https://search:9200",
    authentication: { kind: "none" },
  });
  expect(await targetOf({ url: { ...url, certificateAuthority: "PEM" } })).toMatchObject({
    certificateAuthority: "PEM",
  });
  expect(await policiesOf({ url })).not.toContain("es:ESHttp");
});

it("tells functions where a password is, and lets all that use it read it", async () => {
  const secretArn = "arn:aws:secretsmanager:eu-central-1:111122223333:secret:s-AbCdEf";
  const url = {
    url: "https://search:9200",
    authentication: { kind: "basic", secretArn: pulumi.output(secretArn) },
  } as const;
  expect(await targetOf({ url })).toEqual({
    endpoint: "https://search:9200",
    authentication: { kind: "basic", secretArn },
  });
  const policies = (await record({ url }))
    .all("RolePolicy")
    .filter(({ inputs }) => JSON.stringify(inputs).includes(secretArn));
  expect(policies.map(({ name }) => name).sort()).toEqual([
    "orders-custom-1-loader-role-function",
    "orders-custom-1-reread-role-function",
    "orders-custom-1-stream-role-function",
    "shop-audit-function-role-function",
    "shop-lifecycle-role-function",
  ]);
});
