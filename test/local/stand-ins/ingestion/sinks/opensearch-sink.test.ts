import { openSearchSink } from "../../../../../local/stand-ins/ingestion/body/sink-schema.ts";
import type { BulkAnswer } from "../../../../../local/stand-ins/ingestion/sinks/judge-bulk.ts";
import { makeOpenSearchSink } from "../../../../../local/stand-ins/ingestion/sinks/opensearch-sink.ts";
import { eventOf, makeAccount } from "../fixtures.ts";
import { makeFakeSinkDeps } from "./fake-sink-deps.ts";

const dlq = { s3: { bucket: "b", key_path_prefix: "refused" } };

function prepare(more: object = {}, answers: readonly BulkAnswer[] = []) {
  const options = openSearchSink.parse({
    hosts: ["http://127.0.0.1:1"],
    index: "orders",
    index_type: "management_disabled",
    document_id: '${getMetadata("primary_key")}',
    document_version_type: "external_gte",
    flush_timeout: 1_000,
    ...more,
  });
  const { world, deps } = makeFakeSinkDeps(answers);
  const account = makeAccount();
  const sink = makeOpenSearchSink(options, deps);
  const output = (...ids: readonly string[]) =>
    sink.output(ids.map((id) => eventOf({ id }, { primary_key: id }, account.receipt)));
  return { world, deps, sink, output, told: account.told };
}

const item = (status: number, errorType?: string) => ({ status, errorType, message: errorType ?? "" });

describe("the opensearch sink", () => {
  it("waits for the flush time, and then sends what it has, once", async () => {
    const { world, output, told } = prepare();
    await output("a");
    world.now = 1_000;
    await output("b");
    expect(world.bulks).toEqual([]);
    world.now = 1_001;
    await output();
    expect(world.bulks).toHaveLength(1);
    expect(world.bulks[0]?.match(/"_id":"(a|b)"/g)).toHaveLength(2);
    expect(world.requireAlias).toBe(true);
    expect(told).toEqual([true, true]);
    await output();
    expect(world.bulks).toHaveLength(1);
  });

  it("sends a bulk before it would be too large", async () => {
    const { world, output } = prepare({ bulk_size: 0.0001 });
    await output("a", "b");
    expect(world.bulks).toHaveLength(1);
    expect(world.bulks[0]).toContain('"_id":"a"');
  });

  it("sends each batch at once when told so", async () => {
    const { world, output } = prepare({ flush_timeout: -1, bulk_size: -1 });
    await output("a");
    await output("b");
    expect(world.bulks).toHaveLength(2);
  });

  it("sends again what is refused for now, ever later, and only that", async () => {
    const answers: BulkAnswer[] = [
      { kind: "failed", status: undefined, message: "unreachable" },
      { kind: "answered", items: [item(200), item(429, "full")] },
      { kind: "answered", items: [item(200)] },
    ];
    const { world, deps, output, told } = prepare({ flush_timeout: -1 }, answers);
    await output("a", "b");
    expect(world.pauses).toEqual([50, 100]);
    expect(world.bulks.map((lines) => lines.includes('"_id":"a"'))).toEqual([true, true, false]);
    expect(told).toEqual([true, true]);
    expect(deps.counts).toMatchObject({ indexed: 2, bulkRetries: 2 });
  });

  it("puts what is refused for good into the dead-letter queue, which counts as taken", async () => {
    const answers: BulkAnswer[] = [
      {
        kind: "answered",
        items: [item(400, "mapper_parsing_exception"), item(409, "version_conflict_engine_exception")],
      },
    ];
    const { world, deps, output, told } = prepare({ flush_timeout: -1, dlq }, answers);
    await output("a", "b");
    expect([...world.objects.keys()]).toEqual([
      "b/refused/dlq-v2-orders-opensearch-1970-01-01T00:00:00.000Z-id-0.json",
    ]);
    expect(String([...world.objects.values()][0])).toContain(
      '"indexId":"a","status":400,"message":"mapper_parsing_exception"',
    );
    expect(told).toEqual([true, true]);
    expect(deps.counts).toMatchObject({ refused: 1, superseded: 1, indexed: 0 });
  });

  it("takes nothing as done that reached no queue", async () => {
    const answers: BulkAnswer[] = [{ kind: "answered", items: [item(400, "mapper_parsing_exception")] }];
    const without = prepare({ flush_timeout: -1 }, answers);
    await without.output("a");
    expect(without.told).toEqual([false]);
    const broken = prepare({ flush_timeout: -1, dlq }, answers);
    broken.world.objectsFail = true;
    await broken.output("a");
    expect(broken.told).toEqual([false]);
  });

  it("tells the queue of an event of which it can make no write", async () => {
    const { world, output, told } = prepare({
      flush_timeout: -1,
      dlq,
      document_version: '${getMetadata("document_version")}',
    });
    await output("a");
    expect(world.bulks).toEqual([]);
    expect(String([...world.objects.values()][0])).toContain("must be a valid Long type");
    expect(told).toEqual([true]);
  });

  it("drops what it holds when the pipeline ends, and acknowledges none of it", async () => {
    const { world, sink, output, told } = prepare();
    await output("a");
    await sink.close();
    world.aborted = true;
    world.now = 2_000;
    await output();
    expect(world.bulks).toEqual([]);
    expect(told).toEqual([]);
  });
});
