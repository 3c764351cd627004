import { configKeys, parseStackConfig } from "../../stacks/config.ts";
import { readStackFile, STACKS } from "../support/stack-files.ts";

const target = { url: "https://search.example.com", authentication: { kind: "none" } };
const table = { source: { dynamodb: "orders" }, mode: "custom" };
const secretArn = "arn:aws:secretsmanager:eu-central-1:111122223333:secret:key-AbCdEf";
const withTable = (members: object) => ({ target, tables: { orders: { ...table, ...members } } });

/** The lines of the error, without their indent. */
function faultsOf(raw: unknown): readonly string[] {
  try {
    parseStackConfig(raw);
  } catch (cause) {
    return String(cause)
      .split("\n")
      .filter((line) => line.startsWith("  trueup:"))
      .map((line) => line.slice("  trueup:".length));
  }
  return [];
}

it.each(STACKS)("accepts what the stack %s ships with, and sets no key the schema does not know", (stack) => {
  const declared = readStackFile(stack);
  expect(faultsOf(declared)).toEqual([]);
  expect(configKeys).toEqual(expect.arrayContaining(Object.keys(declared)));
});

it.each<[string, unknown, string]>([
  [
    "no target",
    { tables: {} },
    "target: must be { domain }, { existingDomain: { arn, endpoint } }, { collection: { arn, endpoint } } or { url, authentication: { kind: none | basic | apiKey | sigv4 } }",
  ],
  [
    "two targets",
    { target: { ...target, domain: {} }, tables: {} },
    "target.domain: is not known here; correct its spelling or remove it",
  ],
  [
    "a domain's count as text",
    { target: { domain: { instanceType: "x", instanceCount: "3" } }, tables: {} },
    "target.domain.instanceCount: Invalid input: expected number, received string",
  ],
  [
    "a domain without an endpoint",
    { target: { existingDomain: { arn: "a" } }, tables: {} },
    "target.existingDomain.endpoint: Invalid input: expected string, received undefined",
  ],
  [
    "a URL with a slash",
    { target: { ...target, url: "https://x/" }, tables: {} },
    "target.url: must be http(s)://host[:port]",
  ],
  [
    "basic authentication without a secret",
    { target: { ...target, authentication: { kind: "basic" } }, tables: {} },
    "target.authentication.secretArn: Invalid input: expected string, received undefined",
  ],
  [
    "a key of an API without a secret",
    { target: { ...target, authentication: { kind: "apiKey" } }, tables: {} },
    "target.authentication.secretArn: Invalid input: expected string, received undefined",
  ],
  [
    "a signature for another service",
    { target: { ...target, authentication: { kind: "sigv4", service: "s3" } }, tables: {} },
    'target.authentication.service: Invalid option: expected one of "es"|"aoss"',
  ],
  [
    "a collection without an endpoint",
    { target: { collection: { arn: "a" } }, tables: {} },
    "target.collection.endpoint: Invalid input: expected string, received undefined",
  ],
  [
    "a misspelt key",
    { target, tables: {}, notifyEmail: [] },
    "notifyEmail: is not known here; correct its spelling or remove it",
  ],
  [
    "a table's misspelt key",
    withTable({ reviison: 2 }),
    "tables.orders.reviison: is not known here; correct its spelling or remove it",
  ],
  [
    "a table's name",
    { target, tables: { Orders_: table } },
    "tables.Orders_: must begin with a letter and have only a to z, 0 to 9 and -",
  ],
  [
    "an SQL source without a table",
    withTable({ source: { sql: "shop" } }),
    "tables.orders.source.table: Invalid input: expected string, received undefined",
  ],
  [
    "a key of another type",
    withTable({ source: { create: { partitionKey: { name: "id", type: "BOOL" } } } }),
    'tables.orders.source.create.partitionKey.type: Invalid option: expected one of "S"|"N"|"B"',
  ],
  ["another mode", withTable({ mode: "auto" }), 'tables.orders.mode: must be "managed" or "custom"'],
  [
    "a transform of a managed generation",
    withTable({ mode: "managed", transform: "transforms/orders.ts" }),
    "tables.orders.transform: belongs to mode: custom; a managed pipeline runs no code of yours, but takes processors",
  ],
  [
    "a bootstrap in managed mode",
    withTable({ mode: "managed", bootstrap: "export" }),
    "tables.orders.bootstrap: belongs to mode: custom; a managed pipeline loads by itself",
  ],
  [
    "a pipeline of a custom generation",
    { target, tables: { orders: { source: table.source, generations: [{ mode: "custom", pipeline: {} }] } } },
    "tables.orders.generations[0].pipeline: belongs to mode: managed; custom mode has no pipeline",
  ],
  [
    "a secret named without its six last characters",
    withTable({
      transformSecrets: { key: { arn: "arn:aws:secretsmanager:eu-central-1:111122223333:secret:key" } },
    }),
    "tables.orders.transformSecrets.key.arn: must be the full ARN of a secret, with the six characters it ends in",
  ],
  [
    "a secret that code cannot name",
    withTable({ transformSecrets: { "api-key": { arn: secretArn } } }),
    "tables.orders.transformSecrets.api-key: must be a name as code writes it: letters, digits and _",
  ],
  [
    "a configuration that a function cannot carry",
    withTable({ transformConfiguration: { text: "x".repeat(2_000) } }),
    "tables.orders.transformConfiguration: must be at most 2000 characters of JSON; keep larger things in the module, or fetch them",
  ],
  [
    "secrets of a managed generation",
    withTable({ mode: "managed", transformSecrets: { key: { arn: secretArn } } }),
    "tables.orders.transformSecrets: belongs to mode: custom; managed mode has no transform",
  ],
  [
    "no mode",
    { target, tables: { orders: { source: table.source } } },
    'tables.orders.mode: is required: mode: managed or custom, or "generations"',
  ],
  [
    "shorthand beside generations",
    withTable({ revision: 2, generations: [{ mode: "custom" }] }),
    'tables.orders.mode: is one generation\'s shorthand; move mode, revision into "generations"',
  ],
  [
    "three generations",
    {
      target,
      tables: {
        orders: {
          source: table.source,
          generations: [1, 2, 3].map((revision) => ({ mode: "custom", revision })),
        },
      },
    },
    "tables.orders.generations: lists more than two generations, and a DynamoDB shard bears two readers; remove one that does not serve, deploy, then add the new one",
  ],
  [
    "no generation",
    { target, tables: { orders: { source: table.source, generations: [] } } },
    "tables.orders.generations: Too small: expected array to have >=1 items",
  ],
  [
    "a share over one",
    withTable({ audit: { breaker: { share: 2 } } }),
    "tables.orders.audit.breaker.share: Too big: expected number to be <=1",
  ],
  [
    "an unknown cutover",
    withTable({ cutover: "auto" }),
    'tables.orders.cutover: Invalid option: expected one of "automatic"|"manual"',
  ],
  [
    "an address that is none",
    { target, tables: {}, notifyEmails: ["nobody"] },
    "notifyEmails[0]: Invalid email address",
  ],
  [
    "a network without subnets",
    { target, tables: {}, network: { vpcId: "v", subnetIds: [], securityGroupIds: ["s"] } },
    "network.subnetIds: Too small: expected array to have >=1 items",
  ],
])("refuses %s by its path", (_, raw, fault) => {
  expect(faultsOf(raw)).toEqual([fault]);
});

it("lists every fault at once and says what to do", () => {
  const raw = { target: {}, tables: { A: table, b: { source: {} } }, protect: "yes" };
  expect(faultsOf(raw).map((line) => line.slice(0, line.indexOf(":")))).toEqual([
    "target",
    "tables.A",
    "tables.b.source",
    "protect",
    "tables.b.mode",
  ]);
  expect(() => parseStackConfig(raw)).toThrow("Fix: correct the lines above in the stack's file");
});
