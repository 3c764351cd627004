/** The four forms of a target, as functions get to know them. */
import * as pulumi from "@pulumi/pulumi";
import { readLifecycleSettings } from "../../../adapters/read-settings.ts";
import type { SearchTargetArgs } from "../../../components/index.ts";
import { readSpec, recordEnvironment } from "../../support/record-environment.ts";

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

it.each(["basic", "apiKey"] as const)(
  "tells functions where a secret for %s is, and lets all that use it read it",
  async (kind) => {
    const secretArn = "arn:aws:secretsmanager:eu-central-1:111122223333:secret:s-AbCdEf";
    const url = {
      url: "https://search:9200",
      authentication: { kind, secretArn: pulumi.output(secretArn) },
    } as const;
    expect(await targetOf({ url })).toEqual({
      endpoint: "https://search:9200",
      authentication: { kind, secretArn },
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
  },
);

it("signs for an engine behind a URL, for the stack's region unless told otherwise", async () => {
  const url = { url: "https://search:9200", authentication: { kind: "sigv4" } } as const;
  const signed = { kind: "sigv4", region: "eu-central-1", service: "es" };
  expect(await targetOf({ url })).toEqual({ endpoint: "https://search:9200", authentication: signed });
  expect(await policiesOf({ url })).not.toContain("es:ESHttp");
  const authentication = { kind: "sigv4", region: "us-east-1", service: "aoss" } as const;
  expect(await targetOf({ url: { ...url, authentication } })).toMatchObject({ authentication });
});

it("lets functions reach a domain of another account, which is named where requests are signed", async () => {
  const arn = "arn:aws:es:us-east-1:444455556666:domain/theirs";
  const authentication = { kind: "sigv4", region: "us-east-1", arn } as const;
  const url = { url: "https://theirs.us-east-1.es.amazonaws.com", authentication };
  expect((await targetOf({ url })).authentication).toEqual({
    kind: "sigv4",
    region: "us-east-1",
    service: "es",
  });
  const policies = await policiesOf({ url });
  expect(policies).toContain("es:ESHttpPost");
  expect(policies).toContain(arn);
});

it("signs for a collection as a collection, and lets functions through its door", async () => {
  const arn = pulumi.output("arn:aws:aoss:eu-central-1:111122223333:collection/abc");
  const collection = { arn, endpoint: "abc.eu-central-1.aoss.amazonaws.com" };
  expect(await targetOf({ collection })).toEqual({
    endpoint: "https://abc.eu-central-1.aoss.amazonaws.com",
    authentication: { kind: "sigv4", region: "eu-central-1", service: "aoss" },
  });
  const policies = await policiesOf({ collection });
  expect(policies).toContain("aoss:APIAccessAll");
  expect(policies).not.toContain("es:ESHttp");
});

it("has an index made in a collection only after it showed what it can do, and nowhere else", async () => {
  const collection = {
    arn: "arn:aws:aoss:eu-central-1:1:collection/abc",
    endpoint: "abc.aoss.amazonaws.com",
  };
  const specOf = async (target: SearchTargetArgs, audit = {}) =>
    readSpec(
      (await recordEnvironment({ target }, { orders: { audit } })).find(
        "orders-custom-1-index",
        "CustomResourceEmulator",
      ),
    ).spec;
  expect(await specOf({ collection })).toMatchObject({ probe: { audits: true } });
  expect(await specOf({ collection }, { verifyIndex: false })).toMatchObject({ probe: { audits: false } });
  const url = { url: "https://search:9200", authentication: { kind: "none" } } as const;
  expect(await specOf({ url })).not.toHaveProperty("probe");
});
