/**
 * The example as its reader runs it, but for the engine: compiled by `npm run types`, run here under mocks in a first
 * preview and in an update. It was never deployed.
 */
import { environmentSchema } from "../../adapters/environment-schema.ts";
import { collectRoles } from "../support/policies.ts";
import { type Recording, type RecordOptions, recordResources } from "../support/record-resources.ts";

jest.mock("../../components/index.ts", () => {
  const actual = jest.requireActual<object>("../../components/index.ts");
  // Mocks start no hooks, and this test needs no bundles.
  const { fakeCode } = jest.requireActual("../support/fake-code-builder.ts");
  const { SearchSync } = Object(actual);
  class WithoutBuild extends SearchSync {
    constructor(name: string, args: object) {
      super(name, { ...args, code: fakeCode, errorHooks: [] });
    }
  }
  return { ...actual, SearchSync: WithoutBuild, makeRetryWhileRoleSpreads: () => ({}) };
});

const ACCOUNT = "111122223333";
const made = (name: string) => `${name}-1a2b3c4`;

async function run(options: RecordOptions = {}): Promise<Recording<{ environment?: unknown }>> {
  const found: { environment?: unknown } = {};
  return recordResources(() => {
    jest.isolateModules(() => {
      const { environment } = require("../../examples/existing-program/index.ts");
      environment.apply((value: unknown) => {
        found.environment = value;
      });
    });
    return found;
  }, options);
}

it("previews before anything of it exists, and makes the same in an update", async () => {
  const [preview, update] = [await run({ preview: true }), await run()];
  expect(preview.list()).toEqual(update.list());
  expect(update.list().length).toBeGreaterThan(80);
});

it("makes no second table, domain, key or network, and protects none of what is the platform's", async () => {
  const recording = await run();
  for (const [type, names] of [
    ["Table", ["orders"]],
    ["Domain", ["search"]],
    ["Key", ["shop"]],
    ["Vpc", ["shop"]],
  ] as const) {
    expect(recording.all(type).map(({ name }) => name)).toEqual(names);
  }
  expect(recording.resources.filter(({ protect }) => protect).map(({ name }) => name)).toEqual([
    "shop-state",
  ]);
});

it("hands on the table's stream to the mapping and its names to every part that reads it", async () => {
  const recording = await run();
  const arn = `arn:aws:dynamodb:eu-central-1:${ACCOUNT}:table/${made("orders")}`;
  const mapping = recording.find("orders-custom-1-stream-mapping", "EventSourceMapping");
  expect(mapping.inputs["eventSourceArn"]).toBe(`${arn}/stream/2026-11-23T00:00:00.000`);
  expect(environmentSchema.parse(recording.result?.environment).tables["orders"]).toMatchObject({
    source: { tableName: made("orders"), tableArn: arn },
    cutover: "manual",
    generations: [{ transformHash: "orders.ts" }],
  });
  expect(recording.lookups.map(({ token }) => token)).not.toContain("aws:dynamodb/getTable:getTable");
});

it("hands on the network to every function, and makes endpoints in it", async () => {
  const recording = await run();
  const placed = recording.all("Function").map(({ inputs }) => inputs["vpcConfig"]);
  expect(placed).toHaveLength(6);
  for (const vpcConfig of placed) {
    expect(vpcConfig).toEqual({ subnetIds: ["shop-0-id", "shop-1-id"], securityGroupIds: ["search-id"] });
  }
  for (const { inputs } of recording.all("VpcEndpoint")) expect(inputs["vpcId"]).toBe("shop-id");
  expect(recording.find("shop-network-s3", "VpcEndpoint").inputs["routeTableIds"]).toEqual(["shop-id"]);
});

it("hands on the domain to the functions that use it, and its master role to the one that maps roles", async () => {
  const recording = await run();
  const { target } = environmentSchema.parse(recording.result?.environment);
  expect(target.endpoint).toBe(`https://vpc-${made("search")}.eu-central-1.es.amazonaws.com`);
  expect(recording.find("shop-security", "Function").inputs["role"]).toBe(
    `arn:aws:iam::${ACCOUNT}:role/${made("search-admin")}`,
  );
  const lifecycle = JSON.stringify(recording.find("shop-lifecycle-role-function", "RolePolicy").inputs);
  expect(lifecycle).toContain(`arn:aws:es:eu-central-1:${ACCOUNT}:domain/${made("search")}/*`);
});

it("hands on the key to all that encrypts and the boundary to every role it makes", async () => {
  const recording = await run();
  const key = `arn:aws:kms:eu-central-1:${ACCOUNT}:key/${made("shop")}`;
  const encrypted = [...recording.all("Queue"), ...recording.all("Function"), ...recording.all("LogGroup")];
  expect(encrypted).toHaveLength(14);
  for (const { inputs } of encrypted) {
    expect(inputs["kmsMasterKeyId"] ?? inputs["kmsKeyArn"] ?? inputs["kmsKeyId"]).toBe(key);
  }
  const roles = [...collectRoles(recording).values()];
  expect(roles).toHaveLength(10);
  for (const { permissionsBoundary } of roles) {
    expect(permissionsBoundary).toBe(`arn:aws:iam::${ACCOUNT}:policy/${made("boundary")}`);
  }
});
