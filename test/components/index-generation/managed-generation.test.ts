/**
 * What a managed generation is made of. That OpenSearch Ingestion takes the pipeline, and that its role may do what its
 * sinks do, no mock can show.
 */
import { environmentSchema } from "../../../adapters/environment-schema.ts";
import { SearchSync, SyncedTable, type SyncedTableArgs } from "../../../components/index.ts";
import { fakeCode } from "../../support/fake-code-builder.ts";
import { readJson, readSpec, recordEnvironment } from "../../support/record-environment.ts";
import { type Recording, recordResources } from "../../support/record-resources.ts";

const domain = { domain: { instanceType: "r7g.large.search", instanceCount: 1 } };
const url = { url: { url: "https://search.example.com", authentication: { kind: "none" } } } as const;
const managed = [{ mode: "managed" }] as const;
const NAME = "orders-managed-1";
const PIPELINE = /^shop-orders-managed-[0-9a-f]{8}$/;

const record = (table: Partial<Omit<SyncedTableArgs, "search">> = {}) =>
  recordEnvironment({ target: domain }, { orders: { generations: managed, ...table } });

/** `type name` of everything below a generation's component, sorted. */
function partsOf(recording: Recording<unknown>, generation: string): readonly string[] {
  const { resources } = recording;
  const below = new Set([recording.find(generation, "IndexGeneration").urn]);
  for (let size = 0; size !== below.size; ) {
    size = below.size;
    for (const { parent, urn } of resources) if (below.has(parent)) below.add(urn);
  }
  const parts = resources.filter(({ urn, type }) => below.has(urn) && !type.startsWith("trueup:"));
  return parts.map(({ type, name }) => `${type} ${name}`).sort();
}

/** Every bad argument of a table, `<path>: <reason>`. */
async function faultsOf(
  target: ConstructorParameters<typeof SearchSync>[1]["target"],
  table: Partial<Omit<SyncedTableArgs, "search">>,
): Promise<readonly string[]> {
  const faults: string[] = [];
  const { resources } = await recordResources(() => {
    const search = new SearchSync("shop", { target, code: fakeCode });
    try {
      new SyncedTable("orders", { search, source: { dynamodb: "orders" }, generations: managed, ...table });
    } catch (cause) {
      for (const { propertyPath, reason } of Object(cause).errors) faults.push(`${propertyPath}: ${reason}`);
    }
  });
  const made = resources.filter(({ name }) => name.startsWith("orders"));
  expect(made).toEqual([]);
  return faults;
}

it("is an index, a pipeline, a function for re-reads with its queues, a build and their alarms", async () => {
  expect(partsOf(await record(), NAME)).toEqual([
    "aws-native:cloudformation:CustomResourceEmulator orders-managed-1-guard",
    "aws-native:cloudformation:CustomResourceEmulator orders-managed-1-index",
    "aws-native:cloudformation:CustomResourceEmulator orders-managed-1-roles",
    "aws-native:cloudformation:CustomResourceEmulator orders-managed-1-start",
    "aws-native:cloudwatch:Alarm orders-managed-1-breaker",
    "aws-native:cloudwatch:Alarm orders-managed-1-build-failed",
    "aws-native:cloudwatch:Alarm orders-managed-1-build-stuck",
    "aws-native:cloudwatch:Alarm orders-managed-1-dead-letters",
    "aws-native:cloudwatch:Alarm orders-managed-1-drift",
    "aws-native:cloudwatch:Alarm orders-managed-1-lag",
    "aws-native:cloudwatch:Alarm orders-managed-1-refused",
    "aws-native:cloudwatch:Alarm orders-managed-1-refused-lost",
    "aws-native:iam:Role orders-managed-1-build-role",
    "aws-native:iam:Role orders-managed-1-reread-role",
    "aws-native:iam:Role orders-managed-1-role",
    "aws-native:iam:RolePolicy orders-managed-1-audit-access",
    "aws-native:iam:RolePolicy orders-managed-1-build-own-map",
    "aws-native:iam:RolePolicy orders-managed-1-build-role-workflow",
    "aws-native:iam:RolePolicy orders-managed-1-lifecycle-access",
    "aws-native:iam:RolePolicy orders-managed-1-reread-role-function",
    "aws-native:iam:RolePolicy orders-managed-1-role-pipeline",
    "aws-native:lambda:EventSourceMapping orders-managed-1-reindex-mapping",
    "aws-native:lambda:Function orders-managed-1-reread",
    "aws-native:logs:LogGroup orders-managed-1-logs",
    "aws-native:logs:LogGroup orders-managed-1-reread-logs",
    "aws-native:osis:Pipeline orders-managed-1-pipeline",
    "aws-native:sqs:Queue orders-managed-1-dead-letters",
    "aws-native:sqs:Queue orders-managed-1-reindex",
    "aws-native:stepfunctions:StateMachine orders-managed-1-build",
    "aws:s3/bucketObjectv2:BucketObjectv2 orders-managed-1-reread-code",
  ]);
});

it("stands beside a custom generation, which keeps what it is made of", async () => {
  const both = await record({ generations: [{ mode: "custom" }, { mode: "managed" }] });
  const alone = await recordEnvironment({ target: domain });
  expect(partsOf(both, "orders-custom-1")).toEqual(partsOf(alone, "orders-custom-1"));
  expect(partsOf(both, NAME)).toEqual(partsOf(await record(), NAME));
});

it("tells workflows and the command line its pipeline, and no consumer", async () => {
  const generations = [{ mode: "managed", pipeline: { collectSeconds: 10 } }] as const;
  const { result } = await record({ generations });
  const [described] = environmentSchema.parse(result?.environment).tables["orders"]?.generations ?? [];
  expect(described).toMatchObject({
    generation: NAME,
    mode: "managed",
    index: NAME,
    writeAlias: `${NAME}-write`,
    pipeline: { name: expect.stringMatching(PIPELINE), collectSeconds: 10 },
  });
  expect(described).not.toHaveProperty("consumerFunction");
  expect(described).not.toHaveProperty("loaderFunction");
});

it("gathers for half a minute where nothing is said of it", async () => {
  const { result } = await record();
  const [described] = environmentSchema.parse(result?.environment).tables["orders"]?.generations ?? [];
  expect(described).toMatchObject({ pipeline: { collectSeconds: 30 } });
});

it("asks for an index of its mode, which remembers deletes and says nothing of its pipeline", async () => {
  const { spec } = readSpec((await record()).find(`${NAME}-index`, "CustomResourceEmulator"));
  expect(spec).toMatchObject({
    mode: "managed",
    index: NAME,
    settings: expect.objectContaining({ gc_deletes: "1h" }),
  });
  expect(spec).not.toHaveProperty("pipeline");
});

it("waits in its build for the pipeline's own load, and has no loader", async () => {
  const recording = await record();
  const { States } = readJson(recording.find(`${NAME}-build`, "StateMachine"), "definitionString");
  const states = Object.keys(Object(States));
  expect(states).toEqual(expect.arrayContaining(["CheckLoad", "IsLoaded", "WaitForLoad", "LoadFinished"]));
  expect(states.filter((name) => name.includes("Export") || name === "Load")).toEqual([]);
  expect(JSON.stringify(States)).not.toContain("loader");
});

it("starts its build when the pipeline runs and re-reads are answered, and guards all of it", async () => {
  const recording = await record();
  const namesBefore = (name: string) =>
    [...recording.dependenciesOf(recording.find(name, "CustomResourceEmulator"))].map((urn) =>
      urn.slice(urn.lastIndexOf(":") + 1),
    );
  expect(namesBefore(`${NAME}-start`)).toEqual(
    expect.arrayContaining([`${NAME}-pipeline`, `${NAME}-reindex-mapping`, `${NAME}-roles`]),
  );
  expect(namesBefore(`${NAME}-guard`)).toEqual(
    expect.arrayContaining([`${NAME}-pipeline`, `${NAME}-reindex-mapping`, `${NAME}-start`]),
  );
});

it.each([
  ["lag", "opensearch.EndToEndLatency.max"],
  ["refused", "opensearch.s3.dlqS3RecordsSuccess.count"],
  ["refused-lost", "opensearch.s3.dlqS3RecordsFailed.count"],
])("wakes somebody up about its pipeline: %s", async (suffix, metric) => {
  const recording = await record();
  const { inputs } = recording.find(`${NAME}-${suffix}`, "Alarm");
  const { pipelineName } = recording.find(`${NAME}-pipeline`, "Pipeline").inputs;
  expect(inputs).toMatchObject({
    namespace: "AWS/OSIS",
    metricName: `${pipelineName}.${metric}`,
    dimensions: [{ name: "PipelineName", value: pipelineName }],
  });
});

it("cannot write to a target by url", async () => {
  expect(await faultsOf(url, {})).toEqual([
    "generations[0].mode: OpenSearch Ingestion writes to a domain of AWS only; use mode: custom for other targets",
  ]);
  const generations = [{ mode: "custom" }, { mode: "managed" }] as const;
  expect((await faultsOf(url, { generations }))[0]).toMatch(/^generations\[1\]\.mode: /);
});

it("cannot name records by a binary key of a table that is made here", async () => {
  const text = { name: "id", type: "S" } as const;
  const binary = { name: "hash", type: "B" } as const;
  const fault = "source.create: a managed pipeline cannot name records by a binary key; use mode: custom";
  for (const create of [{ partitionKey: binary }, { partitionKey: text, sortKey: binary }]) {
    expect(await faultsOf(domain, { source: { create } })).toEqual([fault]);
  }
  const { resources } = await record({ source: { create: { partitionKey: text } } });
  expect(resources.map(({ name }) => name)).toContain(`${NAME}-pipeline`);
});

it("tells every bad argument of its pipeline at once, by its path, beside the target's", async () => {
  const generations = [{ mode: "managed", pipeline: { minimumUnits: 0, flushMillis: 0 } }] as const;
  const faults = await faultsOf(url, { generations });
  expect(faults.map((fault) => fault.slice(0, fault.indexOf(":")))).toEqual([
    "generations[0].pipeline.minimumUnits",
    "generations[0].pipeline.flushMillis",
    "generations[0].mode",
  ]);
});
