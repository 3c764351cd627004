import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import { readConfiguration } from "../../cli/check/read-configuration.ts";
import { findBodyFaults } from "../../components/managed-pipeline/find-body-faults.ts";
import { readBody } from "../../components/managed-pipeline/write-body.ts";

const folder = mkdtempSync(join(tmpdir(), "trueup-check-"));
afterAll(() => rmSync(folder, { recursive: true }));

function read(config: Readonly<Record<string, unknown>>) {
  const configFile = join(folder, "stack.yaml");
  const named = Object.entries(config).map(([key, value]) => [
    key.includes(":") ? key : `trueup:${key}`,
    value,
  ]);
  writeFileSync(configFile, stringify({ config: Object.fromEntries(named) }));
  return readConfiguration({ stack: "prod", configFile });
}

const existingDomain = {
  arn: "arn:aws:es:eu-central-1:123456789012:domain/products",
  endpoint: "search-products-abc.eu-central-1.es.amazonaws.com",
};
const managed = {
  mode: "managed",
  pipeline: { maximumUnits: 8, processors: [{ delete_entries: { with_keys: ["secret"] } }], repair: "touch" },
};

describe("what a check reads of a configuration", () => {
  it.each(["dev", "local", "prod"])("is every table of the %s stack", (stack) => {
    const { declared, writeBody } = readConfiguration({ stack });
    const custom = { table: "places", generations: [{ generation: "places-custom-1" }] };
    const managed = { table: "orders", generations: [{ generation: "orders-managed-1" }] };
    expect(declared.tables).toMatchObject(stack === "dev" ? [custom, managed] : [custom]);
    expect(writeBody("places-custom-1", undefined)).toBeUndefined();
  });

  it("is the whole of it, with its defaults", () => {
    const { declared } = readConfiguration({ stack: "prod" });
    expect(declared).toMatchObject({
      stack: "prod",
      region: "eu-central-1",
      target: { kind: "created" },
      network: { vpcId: "vpc-0a1b2c3d4e5f67890", endpoints: "create" },
      tables: [
        {
          source: { kind: "existing", tableName: "places", keyArn: undefined },
          generations: [{ mode: "custom", path: "tables.places" }],
          audit: { schedule: "cron(0 3,15 * * ? *)", fullEveryDays: 30 },
          maximumLoaders: 10,
          manifestBuckets: 64,
        },
      ],
    });
  });

  it("has no target on this machine, whose engine is not there yet", () => {
    expect(readConfiguration({ stack: "local" }).declared.target).toBeUndefined();
  });

  it("names each generation by its place", () => {
    const generations = [{ mode: "custom" }, managed];
    const { declared } = read({
      "aws:region": "eu-central-1",
      target: { existingDomain },
      tables: { orders: { source: { dynamodb: "shop-orders" }, generations } },
    });
    expect(declared.tables[0]?.generations).toEqual([
      { generation: "orders-custom-1", mode: "custom", path: "tables.orders.generations[0]" },
      {
        generation: "orders-managed-1",
        mode: "managed",
        path: "tables.orders.generations[1]",
        pipeline: { minimumUnits: 1, maximumUnits: 8, collectSeconds: 30 },
      },
    ]);
  });

  it("writes a managed generation's body as the program does, with the user's processors", () => {
    const { writeBody } = read({
      "aws:region": "eu-central-1",
      target: { existingDomain },
      tables: { orders: { source: { dynamodb: "shop-orders" }, ...managed } },
    });
    const tableArn = "arn:aws:dynamodb:eu-central-1:123456789012:table/shop-orders";
    const body = writeBody("orders-managed-1", tableArn) ?? "";
    const plain = readBody(body);
    expect(findBodyFaults(plain)).toEqual([]);
    expect(body).toContain(tableArn);
    expect(body).toContain(`https://${existingDomain.endpoint}`);
    expect(body).toContain("delete_entries");
    expect(writeBody("orders-managed-2", tableArn)).toBeUndefined();
  });

  it("takes a target by URL with its secret", () => {
    const authentication = { kind: "basic", secretArn: "arn:aws:secretsmanager:eu-central-1:1:secret:s" };
    const { declared } = read({
      target: { url: "https://search:9200", authentication },
      tables: { orders: { source: { create: { partitionKey: { name: "id", type: "S" } } }, mode: "custom" } },
    });
    expect(declared).toMatchObject({
      region: "us-east-1",
      target: { kind: "url", url: "https://search:9200", secretArn: authentication.secretArn },
      tables: [{ source: { kind: "created", key: [{ name: "id", type: "S" }] } }],
    });
  });

  it("is refused with every fault by its path, before anything is asked", () => {
    expect(() => read({ target: { existingDomain }, tables: { orders: { mode: "custom" } } })).toThrow(
      /trueup:tables\.orders\.source/,
    );
  });
});
