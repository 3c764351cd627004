/** What a table is made of beside its generations. Order of deletion is Pulumi's, from the dependencies read here. */
import { tableDescriptorSchema } from "../../adapters/environment-schema.ts";
import { SearchSync, SyncedTable } from "../../components/index.ts";
import { fakeCode } from "../support/fake-code-builder.ts";
import { readJson, readSpec, recordEnvironment } from "../support/record-environment.ts";
import { recordResources } from "../support/record-resources.ts";

const read = (recording: Awaited<ReturnType<typeof recordEnvironment>>, name: string) =>
  readSpec(recording.find(name, "CustomResourceEmulator")).spec;

it("makes one custom resource, its grants and its audit's schedule beside its generation", async () => {
  const recording = await recordEnvironment();
  const own = recording.list().filter((line) => / orders/.test(line) && !line.includes("orders-custom-1"));
  expect(own).toEqual([
    "aws-native:cloudformation:CustomResourceEmulator orders-table",
    "aws-native:iam:Role orders-access-audit",
    "aws-native:iam:Role orders-access-lifecycle",
    "aws-native:iam:Role orders-audit-schedule-role",
    "aws-native:iam:RolePolicy orders-access-audit-table",
    "aws-native:iam:RolePolicy orders-access-lifecycle-table",
    "aws-native:iam:RolePolicy orders-audit-schedule-role-start",
    "aws-native:scheduler:Schedule orders-audit-schedule",
    "trueup:audit:AuditSchedule orders-audit",
    "trueup:iam:TableAccessRoles orders-access",
    "trueup:index:SyncedTable orders",
  ]);
});

it("describes itself to workflows and the command line, with every default", async () => {
  const recording = await recordEnvironment();
  const input = readJson(recording.find("orders-audit-schedule", "Schedule"), "target", "input");
  expect(input["kind"]).toBe("auto");
  expect(tableDescriptorSchema.parse(input["table"])).toMatchObject({
    table: "orders",
    alias: "orders",
    source: { kind: "dynamodb", tableName: "orders", key: { partitionKey: { name: "id", type: "S" } } },
    cutover: "automatic",
    audit: {
      verifyIndex: true,
      breaker: { share: 0.01, minimumCount: 100 },
      fullEveryDays: 30,
      pollSeconds: 30,
    },
    consumerTimeoutSeconds: 60,
    manifestBuckets: 16,
    generations: [
      {
        generation: "orders-custom-1",
        index: "orders-custom-1",
        writeAlias: "orders-custom-1-write",
        indexUuid: "uuid-of-orders-custom-1-index-1a2b3c4",
        transformHash: "identity",
      },
    ],
  });
});

it("hands on what is declared instead of the defaults", async () => {
  const recording = await recordEnvironment(
    {},
    {
      orders: {
        cutover: "manual",
        audit: {
          verifyIndex: false,
          fullEveryDays: 7,
          pollSeconds: 2,
          breaker: { share: 0.5 },
          schedule: "rate(2 hours)",
        },
        consumerTimeoutSeconds: 120,
        consumerMemoryMegabytes: 512,
        batchSize: 50,
        batchingWindowSeconds: 5,
        maximumLoaders: 3,
        manifestBuckets: 64,
      },
    },
  );
  const { scheduleExpression } = recording.find("orders-audit-schedule", "Schedule").inputs;
  expect(scheduleExpression).toBe("rate(2 hours)");
  expect(recording.find("orders-custom-1-stream-mapping", "EventSourceMapping").inputs).toMatchObject({
    batchSize: 50,
    maximumBatchingWindowInSeconds: 5,
  });
  expect(recording.find("orders-custom-1-stream", "Function").inputs).toMatchObject({
    timeout: 120,
    memorySize: 512,
  });
  const build = readJson(recording.find("orders-custom-1-build", "StateMachine"), "definitionString");
  expect(build).toMatchObject({
    States: { LoadFiles: { MaxConcurrency: 3 }, WaitForExport: { Seconds: 2 } },
  });
  expect(read(recording, "orders-custom-1-start")).toMatchObject({
    input: expect.stringContaining('"breaker":{"share":0.5,"minimumCount":100}'),
  });
  expect(read(recording, "orders-custom-1-start")).toMatchObject({
    input: expect.stringContaining('"manifestBuckets":64'),
  });
});

it("registers with index-lifecycle before its first index, once index-lifecycle may work", async () => {
  const recording = await recordEnvironment({
    target: { domain: { instanceType: "r7g.large.search", instanceCount: 1 } },
  });
  const table = recording.find("orders-table", "CustomResourceEmulator");
  expect(readSpec(table)).toEqual({ action: "Table", spec: { table: "orders", retire: false } });
  const before = recording.dependenciesOf(table);
  for (const name of ["shop-lifecycle", "shop-lifecycle-role", "shop-roles", "shop-security-access"]) {
    expect([...before].filter((urn) => urn.endsWith(`::${name}`))).not.toEqual([]);
  }
});

it("retires and adopts as declared, and audits a retired table no more", async () => {
  const adopt = { index: "orders-of-old", deleteIndexAtCutover: true };
  const recording = await recordEnvironment({}, { orders: { retire: true, adopt } });
  expect(read(recording, "orders-table")).toEqual({ table: "orders", retire: true, adopt });
  expect(recording.find("orders-audit-schedule", "Schedule").inputs["state"]).toBe("DISABLED");
});

it("refuses bad arguments all at once, before any resource of its own or a look-up", async () => {
  const program = (table: (search: SearchSync) => void) =>
    recordResources(() => {
      const target = { url: { url: "https://x", authentication: { kind: "none" } } } as const;
      table(new SearchSync("shop", { target, code: fakeCode }));
    });
  let refusal: unknown;
  const refused = await program((search) => {
    try {
      new SyncedTable("Orders", { search, source: { dynamodb: "x" }, generations: [], batchSize: 0 });
    } catch (cause) {
      refusal = cause;
    }
  });
  const without = await program(() => undefined);
  expect(refused.list()).toEqual(without.list());
  expect(refused.lookups).toHaveLength(without.lookups.length);
  expect(String(refusal)).toContain("CONFIGURATION_INVALID: SyncedTable Orders has 3 bad argument(s).");
  expect(refusal).toMatchObject({
    errors: [{ propertyPath: "name" }, { propertyPath: "generations" }, { propertyPath: "batchSize" }],
  });
});
