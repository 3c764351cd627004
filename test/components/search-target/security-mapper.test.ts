/** Who maps roles. That the domain then lets functions in is the security plugin's to show. */
import * as pulumi from "@pulumi/pulumi";
import { readLifecycleSettings } from "../../../adapters/read-settings.ts";
import { collectRoles } from "../../support/policies.ts";
import { recordEnvironment } from "../../support/record-environment.ts";

const made = { domain: { instanceType: "r7g.large.search", instanceCount: 1 } };
const found = { arn: "arn:aws:es:eu-central-1:111122223333:domain/d", endpoint: "d.example.com" };
const adminRole = "arn:aws:iam::111122223333:role/search-admin";

it("is index-lifecycle under the domain's master role", async () => {
  const { inputs } = (await recordEnvironment({ target: made })).find("shop-security", "Function");
  expect(inputs).toMatchObject({
    role: "arn:aws:iam::111122223333:role/shop-search-security-admin-1a2b3c4",
    code: { s3Key: expect.stringContaining("index-lifecycle+identity") },
  });
  const { target } = readLifecycleSettings(Object(inputs["environment"]).variables);
  expect(target).toEqual({
    endpoint: "https://vpc-shop-search-1a2b3c4.eu-central-1.es.amazonaws.com",
    authentication: { kind: "sigv4", region: "eu-central-1", service: "es" },
  });
});

// The policy was made beside the custom resource, which could be asked before it could do anything.
it("maps no role before its own rights are there, and none is taken away before the mappings are", async () => {
  const recording = await recordEnvironment({ target: made });
  const access = recording.find("shop-security-access", "RolePolicy").urn;
  for (const name of ["shop-roles", "orders-custom-1-roles"]) {
    expect(recording.dependenciesOf(recording.find(name, "CustomResourceEmulator"))).toContain(access);
  }
});

it("decrypts its settings where the environment has a key", async () => {
  const keyArn = "arn:aws:kms:eu-central-1:111122223333:key/abc";
  const decrypts = async (target: typeof made, key?: string) => {
    const roles = collectRoles(
      await recordEnvironment({ target, ...(key === undefined ? {} : { keyArn: key }) }),
    );
    const statements = roles.get("shop-search-security-admin")?.statements ?? [];
    return statements.filter(({ Action }) => Action.includes("kms:Decrypt")).map(({ Resource }) => Resource);
  };
  expect(await decrypts(made, keyArn)).toEqual([[keyArn]]);
  expect(await decrypts(made)).toEqual([]);
});

it("works under a role made elsewhere without touching it", async () => {
  const target = { existingDomain: { ...found, securityAdminRoleArn: pulumi.output(adminRole) } };
  const recording = await recordEnvironment({ target });
  expect(recording.find("shop-security", "Function").inputs["role"]).toBe(adminRole);
  expect(recording.resources.filter(({ name }) => name === "shop-security-access")).toEqual([]);
  expect(JSON.stringify(recording.all("Role").concat(recording.all("RolePolicy")))).not.toContain(
    "search-admin",
  );
  expect(recording.find("orders-custom-1-roles", "CustomResourceEmulator").inputs["resourceType"]).toBe(
    "Custom::TrueupSecurity",
  );
});

it("is not there where mappings are not ours to set", async () => {
  const recording = await recordEnvironment({ target: { existingDomain: found } });
  expect(recording.list().filter((line) => /security|roles$/.test(line))).toEqual([]);
});
