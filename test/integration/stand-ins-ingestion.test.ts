import { DescribeExportCommand, ListExportsCommand } from "@aws-sdk/client-dynamodb";
import { CreateBucketCommand } from "@aws-sdk/client-s3";
import * as z from "zod";
import { waitUntil } from "../../local/engines/wait-until.ts";
import { createStreamedTable, type GatewayWorld, startGatewayWorld } from "./gateway-world.ts";
import {
  controlPipeline,
  createIndex,
  makeWriter,
  patience,
  readIndex,
  readLines,
  toList,
  toObject,
  toProperties,
  waitForIndex,
} from "./ingestion-world.ts";
import { startStubs } from "./lambda-stubs.ts";

const eventsSchema = z.array(z.looseObject({ amount: z.number() }));
const bucket = `ingestion-${process.pid}`;
let world: GatewayWorld;
let tables = 0;

jest.setTimeout(180_000);

beforeAll(async () => {
  world = await startGatewayWorld();
  await world.s3.send(new CreateBucketCommand({ Bucket: bucket }));
});

const opened = new Set<() => Promise<void>>();

afterAll(async () => {
  // A test that failed has stopped nothing, and jest would wait for its servers.
  for (const stop of opened) await stop();
  await world.stop();
});

/** A table, an index, and a pipeline between them, not made yet. */
async function prepare() {
  tables += 1;
  const name = `ingested-${tables}-${process.pid}`;
  const { tableArn } = await createStreamedTable(world.dynamodb, name);
  await createIndex(name);
  const plan = { name, tableArn, bucket, index: name };
  const pipeline = controlPipeline(world, name);
  const waitForStream = () =>
    waitUntil(
      "both sinks have all that was read",
      async () => {
        const { export: exported, shards } = await pipeline.describe();
        return (
          exported.state === "loaded" && shards.length > 0 && shards.every(({ openPages }) => openPages === 0)
        );
      },
      patience,
    );
  return { ...plan, plan, pipeline, writer: makeWriter(world, name), waitForStream };
}

/** Numbers by id, as a table holds them. */
function numbered(from: number, to: number, factor = 1): Map<string, string> {
  return new Map(
    Array.from({ length: to - from }, (_, place) => [`item-${from + place}`, `${(from + place) * factor}`]),
  );
}

describe("a pipeline", () => {
  it("brings the export and then the stream into the index and into the manifest", async () => {
    const { name, tableArn, plan, pipeline, writer, waitForStream } = await prepare();
    const expected = numbered(0, 200);
    for (const [id, n] of expected)
      await writer.put(id, n, { exact: { N: "1.00000000000000000000000000001" }, tags: { SS: ["a", "b"] } });
    expect(await pipeline.put(toProperties(plan))).toMatch(/^200 /);
    for (const [id, n] of numbered(150, 250, 10)) {
      await writer.put(id, n);
      expected.set(id, n);
    }
    for (const id of numbered(0, 50).keys()) {
      await writer.remove(id);
      expected.delete(id);
    }
    await waitForIndex(name, expected);
    await waitForStream();

    const untouched = (await readIndex(name)).get("item-100");
    expect(JSON.stringify(untouched)).toContain('"exact":1.00000000000000000000000000001');
    expect(Object.keys(untouched ?? {}).sort()).toEqual(["exact", "id", "n", "tags"]);

    const lines = await readLines(world, bucket, `sent/${name}/`);
    const newest = new Map<string, (typeof lines)[number]>();
    for (const line of lines) {
      const id = String(line["_trueup_id"]);
      const version = (of: typeof line | undefined) => BigInt(String(of?.["_trueup_version"] ?? 0));
      if (version(line) >= version(newest.get(id))) newest.set(id, line);
    }
    const present = [...newest].filter(([, line]) => line["_trueup_action"] === "index");
    expect(new Map(present.map(([id, { n }]) => [id, String(n)]))).toEqual(expected);
    const gone = newest.get("item-3");
    expect(Object.keys(gone ?? {}).sort()).toEqual([
      "_trueup_action",
      "_trueup_id",
      "_trueup_time",
      "_trueup_version",
    ]);

    const { ExportSummaries = [] } = await world.dynamodb.send(
      new ListExportsCommand({ TableArn: tableArn }),
    );
    expect(ExportSummaries).toHaveLength(1);
    const { ExportDescription } = await world.dynamodb.send(
      new DescribeExportCommand({ ExportArn: ExportSummaries[0]?.ExportArn }),
    );
    expect(ExportDescription).toMatchObject({
      ExportStatus: "COMPLETED",
      S3Bucket: bucket,
      S3Prefix: `exports/${name}`,
      ExportTime: expect.any(Date),
      ItemCount: expect.any(Number),
    });
    await pipeline.remove();
  });

  it("sends what the index refuses to the dead-letter queue, and goes on", async () => {
    const { name, plan, pipeline, writer, waitForStream } = await prepare();
    await writer.put("right", "1");
    expect(await pipeline.put(toProperties(plan))).toMatch(/^200 /);
    await writer.put("wrong", "2", { n: { S: "no number" } });
    await writer.put("after", "3");
    await waitForIndex(
      name,
      new Map([
        ["right", "1"],
        ["after", "3"],
      ]),
    );
    await waitForStream();
    const [file] = await readLines(world, bucket, `refused/${name}/dlq-v2-${name}-opensearch-`);
    const [letter] = toList(file?.["dlqObjects"]).map(toObject);
    expect(letter).toMatchObject({
      pluginId: "opensearch",
      pipelineName: name,
      failedData: {
        index: `${name}-write`,
        indexId: "wrong",
        status: 400,
        document: { id: "wrong", n: "no number" },
      },
    });
    expect(Object.keys(toObject(toObject(letter?.["failedData"])["document"]))).not.toContain("_trueup_id");
    await pipeline.remove();
  });

  it("put again unchanged goes on, and restarted exports anew", async () => {
    const { name, tableArn, plan, pipeline, writer, waitForStream } = await prepare();
    await writer.put("a", "1");
    expect(await pipeline.put(toProperties(plan))).toMatch(/^200 /);
    await waitForIndex(name, new Map([["a", "1"]]));
    await waitForStream();
    expect(await pipeline.put(toProperties(plan))).toMatch(/^200 /);
    expect((await pipeline.describe()).export.state).toBe("loaded");
    await pipeline.weaken({ kind: "pause" });
    await writer.put("b", "2");
    await writer.remove("a");
    expect((await readIndex(name)).has("b")).toBe(false);
    await pipeline.weaken({ kind: "restart" });
    await waitForIndex(name, new Map([["b", "2"]]));
    await waitForStream();
    const { ExportSummaries = [] } = await world.dynamodb.send(
      new ListExportsCommand({ TableArn: tableArn }),
    );
    expect(ExportSummaries).toHaveLength(2);
    await pipeline.remove();
  });

  it("keeps the first of two changes when its consumer was resumed inside their second", async () => {
    const { name, plan, pipeline, writer, waitForStream } = await prepare();
    expect(await pipeline.put(toProperties(plan))).toMatch(/^200 /);
    await writer.put("begin", "0");
    await waitForIndex(name, new Map([["begin", "0"]]));
    await waitForStream();
    await pipeline.weaken({ kind: "same-second" });
    await waitUntil("a second begins", () => Date.now() % 1000 < 200, { ...patience, withinMillis: 5_000 });
    await writer.put("other", "1");
    await writer.put("lost", "1");
    await writer.put("lost", "2");
    await waitForIndex(
      name,
      new Map([
        ["begin", "0"],
        ["other", "1"],
        ["lost", "1"],
      ]),
    );
    await waitForStream();
    expect(await pipeline.describe()).toMatchObject({ sinks: { superseded: 1, refused: 0 } });
    await pipeline.weaken({ kind: "drop-records" });
    await writer.put("dropped", "1");
    await writer.put("kept", "1");
    await waitForIndex(
      name,
      new Map([
        ["begin", "0"],
        ["other", "1"],
        ["lost", "1"],
        ["kept", "1"],
      ]),
    );
    await pipeline.weaken({ kind: "drop-shard" });
    await waitUntil(
      "the shard counts as completed",
      async () => (await pipeline.describe()).shards[0]?.status === "completed",
      patience,
    );
    await pipeline.remove();
  });

  it("changes documents by its processors and the manifest not", async () => {
    const { name, plan, pipeline, writer, waitForStream } = await prepare();
    const stubs = await startStubs({
      doubled: ({ events }) => eventsSchema.parse(events).map((event) => ({ ...event, n: event.amount * 2 })),
    });
    opened.add(stubs.stop);
    const processors = [
      { rename_keys: { entries: [{ from_key: "n", to_key: "amount" }] } },
      { aws_lambda: { function_name: stubs.arnOf("doubled"), response_events_match: true } },
    ];
    expect(await pipeline.put(toProperties({ ...plan, processors }))).toMatch(/^200 /);
    await writer.put("a", "4");
    await waitForIndex(name, new Map([["a", "8"]]));
    await waitForStream();
    expect(JSON.stringify((await readIndex(name)).get("a"))).toContain('"amount":4');
    const [line] = await readLines(world, bucket, `sent/${name}/`);
    expect(JSON.stringify(line)).toContain('"n":4');
    await pipeline.remove();
  });

  it("is refused with what it could not honour, by name", async () => {
    const { name, plan, pipeline } = await prepare();
    const answer = await pipeline.put(
      toProperties({
        ...plan,
        processors: [
          { grok: {} },
          { add_entries: { entries: [{ key: "a", value: 1, add_when: "/b in {1}" }] } },
        ],
      }),
    );
    expect(answer).toMatch(/^400 .*CONFIGURATION_INVALID.*grok.*add_when/);
    expect((await controlPipeline(world, name).remove()).status).toBe(200);
  });
});
