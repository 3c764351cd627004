import { type DebeziumSource, type StreamingEngines, startDebeziumSource } from "./debezium-source.ts";
import { listTopics, readTopics } from "./kafka-topics.ts";
import { makeFolder, startStreamingEngines, stopStreamingEngines } from "./streaming-engines.ts";

jest.setTimeout(300_000);

describe("PostgreSQL, Kafka and Debezium on this machine", () => {
  const folder = makeFolder();
  let engines: StreamingEngines;
  let source: DebeziumSource;

  beforeAll(async () => {
    engines = await startStreamingEngines(folder);
    source = await startDebeziumSource(engines, "engines");
  });
  afterAll(() => stopStreamingEngines(folder));

  it("bring a changed row into Kafka as a JSON envelope without a schema", async () => {
    await source.run("INSERT INTO customers VALUES (1, 'Ada', NULL, 0.10, NULL, NULL);");
    const [event] = await readTopics(engines.kafka, ["shop.public.customers"]);
    expect(event?.key).toBe('{"id":1}');
    expect(JSON.parse(event?.value ?? "")).toMatchObject({
      op: "c",
      before: null,
      after: { id: 1, name: "Ada", balance: "0.10" },
      source: { connector: "postgresql", db: "shop", schema: "public", table: "customers" },
    });
  });

  it("make no topic for what nothing was written to", async () => {
    expect(await listTopics(engines.kafka)).not.toContain("shop.public.orders");
  });

  it("go on after a crash of the worker where it was, and of the database with what it committed", async () => {
    await engines.connect.kill();
    await engines.postgres.kill();
    engines = await startStreamingEngines(folder);
    await source.run("UPDATE customers SET name = 'Ada L.' WHERE id = 1;");
    const events = await readTopics(engines.kafka, ["shop.public.customers"]);
    expect(JSON.parse(events.at(-1)?.value ?? "")).toMatchObject({ op: "u", after: { name: "Ada L." } });
  });
});
