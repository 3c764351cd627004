/**
 * The program over the stack files this project ships, in a first preview and in an update. The mock engine takes every
 * input: that AWS takes them too is for schemas and a real account to say.
 */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { runProgram } from "../../stacks/program.ts";
import { fakeCode } from "../support/fake-code-builder.ts";
import { expectGolden } from "../support/golden.ts";
import {
  type RecordedResource,
  type Recording,
  recordResources,
  UNKNOWN,
} from "../support/record-resources.ts";
import { PROJECT_ROOT, readStackFile, recordStack, STACKS } from "../support/stack-files.ts";

const inputsOf = ({ resources }: Recording<unknown>) =>
  new Map(resources.map(({ type, name, inputs }) => [`${type} ${name}`, inputs]));

/** A table of each stack. */
const TABLES: Readonly<Record<string, string>> = { aurora: "customers" };

describe.each(STACKS)("stack %s", (stack) => {
  const table = TABLES[stack] ?? "places";

  it("makes the resources it is committed to, in a first preview and in an update", async () => {
    expectGolden(`resources-${stack}.txt`, (await recordStack(stack)).list());
    expectGolden(`resources-${stack}.txt`, (await recordStack(stack, { preview: true })).list());
  });

  it("leaves nothing unknown once everything exists", async () => {
    const { resources } = await recordStack(stack);
    expect(JSON.stringify(resources)).not.toContain(UNKNOWN);
    for (const { inputs } of resources) expect(Object.values(inputs)).not.toContain("");
  });

  it("knows in a first preview all that is not made by it", async () => {
    const preview = await recordStack(stack, { preview: true });
    const mapping = preview.find(`${table}-custom-1-stream-mapping`, "EventSourceMapping");
    expect(mapping.inputs).toMatchObject({ functionName: UNKNOWN, startingPosition: "TRIM_HORIZON" });
    const schedule = preview.find(`${table}-audit-schedule`, "Schedule");
    expect(schedule.inputs["scheduleExpression"]).toMatch(/^(rate|cron)\(/);
  });
});

describe("a change of configuration", () => {
  const twoGenerations = (declared: Record<string, unknown>) => ({
    ...declared,
    tables: {
      places: {
        source: { dynamodb: "places" },
        generations: [{ mode: "custom" }, { mode: "custom", revision: 2 }],
      },
    },
  });
  const oneGeneration = (declared: Record<string, unknown>) => ({
    ...declared,
    tables: { places: { source: { dynamodb: "places" }, generations: [{ mode: "custom" }] } },
  });

  it("adds a generation without touching what exists, but for what is told of the table", async () => {
    const before = inputsOf(await recordStack("prod", { change: oneGeneration }));
    const after = inputsOf(await recordStack("prod", { change: twoGenerations }));
    const changed = [...before].filter(
      ([name, inputs]) => JSON.stringify(after.get(name)) !== JSON.stringify(inputs),
    );
    expect(changed.map(([name]) => name).sort()).toEqual([
      "aws-native:cloudformation:CustomResourceEmulator places-custom-1-start",
      "aws-native:cloudwatch:Dashboard prod-dashboard",
      "aws-native:scheduler:Schedule places-audit-schedule",
    ]);
    const added = [...after.keys()].filter((name) => !before.has(name));
    expect(added.every((name) => / places-custom-2(-|$)/.test(name))).toBe(true);
    expect(added).toHaveLength(
      [...before.keys()].filter((name) => / places-custom-1(-|$)/.test(name)).length,
    );
  });

  it("keeps index-lifecycle's rights over a generation until that generation is gone", async () => {
    const policies = ({ resources }: Recording<unknown>) =>
      resources.filter(({ type }) => type === "aws-native:iam:RolePolicy");
    const text = ({ inputs }: RecordedResource) => JSON.stringify(inputs);
    const both = policies(await recordStack("prod", { change: twoGenerations }));
    const one = policies(await recordStack("prod", { change: oneGeneration }));
    const [left, gone] = [one, both].map((list) =>
      list.filter((policy) => text(policy).includes("places-custom-2")),
    );
    expect(left).toEqual([]);
    expect(gone?.map(({ name }) => name).sort()).toEqual([
      "places-custom-2-audit-access",
      "places-custom-2-build-own-map",
      "places-custom-2-build-role-workflow",
      "places-custom-2-lifecycle-access",
      "places-custom-2-loader-role-function",
      "places-custom-2-reread-role-function",
      "places-custom-2-stream-role-function",
    ]);
  });

  it("replaces nothing that holds data when the key changes: names and what AWS fixes at creation stay", async () => {
    const other = { keyArn: "arn:aws:kms:eu-central-1:123456789012:key/another" };
    const stateful = ["Bucket", "Domain"];
    const fixed = ({ inputs, name, type }: RecordedResource) => [
      type,
      name,
      inputs["bucket"],
      inputs["domainName"],
    ];
    const pick = ({ resources }: Recording<unknown>) =>
      resources.filter(({ type }) => stateful.some((kind) => type.endsWith(`:${kind}`))).map(fixed);
    const before = await recordStack("prod");
    const after = await recordStack("prod", { change: (declared) => ({ ...declared, ...other }) });
    expect(pick(after)).toEqual(pick(before));
    expect(pick(after)).toHaveLength(2);
  });

  it("protects and retains what holds data, unless the stack says otherwise", async () => {
    const stateful = new Set([
      "aws:s3/bucket:Bucket",
      "aws-native:opensearchservice:Domain",
      "aws-native:dynamodb:Table",
    ]);
    const protection = ({ resources }: Recording<unknown>) =>
      resources
        .filter(({ type }) => stateful.has(type))
        .map(({ name, protect, retainOnDelete }) => ({ name, protect, retainOnDelete }))
        .sort((left, right) => left.name.localeCompare(right.name));
    expect(protection(await recordStack("prod"))).toEqual([
      { name: "prod-search", protect: true, retainOnDelete: true },
      { name: "prod-state", protect: true, retainOnDelete: true },
    ]);
    expect(protection(await recordStack("dev"))).toEqual([
      { name: "dev-search", protect: false, retainOnDelete: false },
      { name: "dev-state", protect: false, retainOnDelete: false },
      { name: "places-source", protect: false, retainOnDelete: false },
    ]);
  });
});

describe("a configuration with faults", () => {
  const run = async (change: (declared: Record<string, unknown>) => object, stack = "prod") => {
    let failure: unknown;
    const { resources, lookups } = await recordResources(async () => {
      try {
        return await runProgram(change(readStackFile("prod")), {
          stack,
          projectRoot: PROJECT_ROOT,
          code: fakeCode,
        });
      } catch (cause) {
        failure = cause;
        return undefined;
      }
    });
    expect({ resources, lookups }).toEqual({ resources: [], lookups: [] });
    return String(failure);
  };
  const table = (members: object) => ({ source: { dynamodb: "x" }, mode: "custom", ...members });

  it("is refused before any resource, with the faults of environment and all tables by path", async () => {
    const message = await run(
      (declared) => ({
        ...declared,
        logRetentionDays: 8,
        tables: {
          orders: table({ batchSize: 10_001, revision: 1_000_000 }),
          "a-name-of-more-than-thirty-letters": table({ audit: { schedule: "daily" } }),
        },
      }),
      "a-stack-of-many-letters",
    );
    expect(message).toContain("CONFIGURATION_INVALID: 6 fault(s)");
    expect(message).toContain(
      "trueup:<the stack's name>: must be a to z, 0 to 9 and -, at most 13 where a domain is made",
    );
    expect(message).toContain("trueup:logRetentionDays: must be one of 1, 3, 5, 7");
    expect(message).toContain("trueup:tables.orders.batchSize: must be 1 to 10000; got 10001");
    expect(message).toContain(
      "trueup:tables.orders.generations[0].revision: must be a whole number, 1 to 999999",
    );
    expect(message).toContain("trueup:tables.a-name-of-more-than-thirty-letters: must begin with a letter");
    expect(message).toContain(
      "trueup:tables.a-name-of-more-than-thirty-letters.audit.schedule: must be rate(…)",
    );
  });

  it.each([
    ["is not there", "nowhere.json"],
    ["is not JSON", "README.md"],
    ["is no file", "docs"],
  ])("is refused before any resource when a mapping %s", async (_, mapping) => {
    const message = await run((declared) => ({ ...declared, tables: { orders: table({ mapping }) } }));
    expect(message).toContain(`trueup:tables.orders.mapping: must be a JSON file with a mapping body`);
    expect(message).toContain(`got ${mapping}`);
  });

  it("is told every file that is not there, beside its other faults", async () => {
    const generations = [
      { mode: "custom", mapping: "nowhere.json", transform: "nowhere.ts" },
      { mode: "custom", revision: 2, transform: "transforms/example.ts" },
    ];
    const orders = { source: { dynamodb: "x" }, generations, batchSize: 0.5 };
    const other = { source: { dynamodb: "x" }, generations, batchSize: 20_000 };
    const message = await run((declared) => ({ ...declared, tables: { orders: other } }));
    for (const path of ["generations[0].mapping", "generations[0].transform", "batchSize"]) {
      expect(message).toContain(`trueup:tables.orders.${path}: must be `);
    }
    expect(message).not.toContain("generations[1]");
    expect(await run((declared) => ({ ...declared, tables: { orders } }))).toContain("batchSize");
  });
});

it("resolves a generation's files against the project's root, wherever the program runs", async () => {
  const tables = {
    orders: {
      source: { dynamodb: "x" },
      mode: "custom",
      mapping: "local/demo/places.v1.json",
      transform: "transforms/example.ts",
    },
  };
  const recording = await recordStack("prod", { change: (declared) => ({ ...declared, tables }) });
  const index = recording.find("orders-custom-1-index", "CustomResourceEmulator").inputs;
  expect(index).toMatchObject({ customResourceProperties: { action: "Index" } });
  expect(JSON.stringify(index)).toContain("example.ts");
  expect(JSON.stringify(index)).toContain("properties");
});

it("builds and uploads each function's code by itself, named by what it holds", async () => {
  const recording = await recordResources(() =>
    runProgram(readStackFile("prod"), { stack: "prod", projectRoot: PROJECT_ROOT }),
  );
  const objects = recording.all("BucketObjectv2");
  expect(objects.map(({ name }) => name).sort()).toEqual([
    "places-custom-1-loader-code",
    "places-custom-1-reread-code",
    "places-custom-1-stream-code",
    "prod-audit-function-code",
    "prod-lifecycle-code",
    "prod-security-code",
  ]);
  for (const { name, inputs } of objects) {
    const content = createHash("sha256")
      .update(readFileSync(String(inputs["source"])))
      .digest("hex");
    expect(inputs["sourceHash"]).toBe(content);
    expect(inputs["key"]).toBe(`artifacts/${content}-${name.replace(/-code$/, "")}.zip`);
  }
});

describe("databases", () => {
  const shop = {
    kind: "postgresql",
    host: "db",
    database: "shop",
    secretArn: "arn:aws:secretsmanager:eu-central-1:1:secret:s-a1b2c3",
  };
  const kafka = { bootstrapServers: ["kafka:9092"], authentication: { kind: "none" } };
  const withLog = { ...shop, kafka, connect: "external" };
  const table = { source: { sql: "shop", table: "public.customers" }, mode: "custom" };
  const target = { url: "https://search.example.com", authentication: { kind: "none" } };
  const faultsOf = (config: object): string => {
    try {
      runProgram({ target, ...config }, { stack: "dev", projectRoot: PROJECT_ROOT, code: fakeCode });
    } catch (cause) {
      return String(cause);
    }
    return "";
  };

  it.each<[string, object, string]>([
    [
      "a table of no source",
      { tables: { customers: table } },
      'tables.customers.source.sql: names no source: shop; declare it under "sources"',
    ],
    [
      "a table of another source",
      { sources: { shop2: withLog }, tables: { customers: table } },
      "tables.customers.source.sql: names no source: shop; use one of shop2",
    ],
    [
      "a table without its schema",
      {
        sources: { shop: withLog },
        tables: { customers: { ...table, source: { sql: "shop", table: "c" } } },
      },
      "tables.customers.source.table: must be <schema>.<table>",
    ],
    [
      "a snapshot of Debezium of a DynamoDB table",
      {
        tables: {
          customers: { source: { dynamodb: "c" }, mode: "custom", bootstrap: "incremental-snapshot" },
        },
      },
      "tables.customers.bootstrap: incremental-snapshot is Debezium's",
    ],
    [
      "custom mode without Kafka",
      { sources: { shop }, tables: { customers: table } },
      "tables.customers.mode: custom mode reads the database's changes in Kafka",
    ],
    [
      "custom mode of MySQL",
      { sources: { shop: { ...shop, kind: "rds-mysql", host: "db" } }, tables: { customers: table } },
      "tables.customers.mode: custom mode knows no MySQL",
    ],
    [
      "managed mode, in a list",
      {
        sources: { shop: withLog },
        tables: {
          customers: { source: table.source, generations: [{ mode: "custom" }, { mode: "managed" }] },
        },
      },
      "tables.customers.generations[1].mode: managed mode takes no SQL tables",
    ],
    [
      "a shared pipeline of nothing",
      { sources: { shop: { ...withLog, managedPipeline: "shared" } }, tables: { customers: table } },
      "sources.shop.managedPipeline: is for tables in managed mode",
    ],
    [
      "a connector in a VPC that nobody names",
      {
        sources: { shop: { ...withLog, connect: { plugin: { assemble: { jars: ["provider.jar"] } } } } },
        tables: {},
      },
      "sources.shop.connect: a connector of MSK Connect is in a VPC",
    ],
  ])("refuses %s by its path", (_, config, fault) => {
    expect(faultsOf(config)).toContain(`trueup:${fault}`);
  });
});
