import { randomUUID } from "node:crypto";
import { toDocumentText } from "../core/document.ts";
import { toExternalVersion } from "../core/external-version.ts";
import { toBulkLines } from "../core/split-bulks.ts";
import { fromDebezium } from "../core/sql/from-debezium.ts";
import { makeConsumeKafka } from "../fallback-consumer/consume-kafka.ts";
import { type KafkaEvent, readKafkaEvent } from "../fallback-consumer/kafka-event.ts";
import { BENCH_POSITION, BENCH_TOPIC, makeBenchEvent, toBenchColumns } from "./bench-events.ts";
import { DOCUMENTS_A_BULK, IN_FLIGHT, makeBenchGeneration, openBench } from "./bench-generation.ts";
import { countDocuments, makeBenchIndex } from "./bench-index.ts";
import { median, readBenchOptions } from "./bench-options.ts";
import { makeBenchRecords } from "./bench-records.ts";
import { runBulkCeiling } from "./bulk-ceiling.ts";

/**
 * Measures the consumer of Debezium's events, from Lambda's event to acknowledged with its manifest put, against the
 * bare bulk ceiling: the same documents, bulks and concurrency in the same run, turn by turn.
 */
const options = readBenchOptions({ records: 100_000, rounds: 5 });
const index = "trueup-bench-postgres-consumer";
/** Invocations at once: twice the bulks in flight, since an invocation also decodes and puts its manifest. */
const INVOCATIONS = 2 * IN_FLIGHT;
const records = makeBenchRecords(options.records);
const columns = toBenchColumns(records[0] ?? {});
const events: KafkaEvent[] = [];
for (let start = 0; start < records.length; start += DOCUMENTS_A_BULK) {
  events.push(makeBenchEvent(records.slice(start, start + DOCUMENTS_A_BULK), start));
}
const bodies = events.map((event) => Buffer.from(readKafkaEvent(event).map(toLines).join("")));

const bench = await openBench(options);
const rounds: { readonly ceiling: number; readonly consumer: number }[] = [];
for (let round = 0; round <= options.rounds; round += 1) {
  await makeBenchIndex(bench.connection, index);
  const ceiling =
    records.length / (await runBulkCeiling(options.search, `${index}-write`, bodies, IN_FLIGHT));
  const consumer = records.length / (await runConsumer());
  if (round > 0) rounds.push({ ceiling, consumer });
}
const indexed = await countDocuments(bench.connection, index);
await bench.connection({ method: "DELETE", path: `/${index}` });
const format = (value: number): string => Math.round(value).toLocaleString("en").padStart(10);
const ratio = median(rounds.map((round) => round.consumer / round.ceiling));
console.log(`${options.records} events, ${indexed} indexed, ${options.rounds} rounds, median`);
console.log(`bare bulk ceiling ${format(median(rounds.map(({ ceiling }) => ceiling)))} documents/s`);
console.log(`Debezium consumer ${format(median(rounds.map(({ consumer }) => consumer)))} documents/s`);
console.log(`ratio             ${ratio.toFixed(2).padStart(10)} (wanted: 0.70 or more)`);
if (indexed !== options.records) process.exitCode = 1;

/** The document that an event is to become, made beforehand. */
function toLines({ value }: ReturnType<typeof readKafkaEvent>[number]): string {
  const { after } = JSON.parse(value ?? "{}");
  const record = Object.fromEntries(
    columns.map(({ name, type }) => [name, fromDebezium(after[name] ?? null, type)]),
  );
  const version = toExternalVersion(BENCH_POSITION, "bench");
  return toBulkLines({ id: after.id, version, source: toDocumentText(record) });
}

/** The writer is shared, so that no more bulks are in flight than the ceiling has. @returns seconds */
async function runConsumer(): Promise<number> {
  const consume = makeConsumeKafka({
    ...(await makeBenchGeneration(bench, index)),
    tableName: "public.bench",
    topic: BENCH_TOPIC,
    columns: { read: async () => columns, tellsOldRows: async () => true },
    queue: { send: (requests) => Promise.reject(new Error(`${requests.length} rows are to be read again`)) },
    newRequestId: randomUUID,
    // Batches are taken out of turn, which a mapping never does.
    offsets: { last: async () => undefined },
    gaps: { record: async () => undefined },
    truncations: { newest: async () => undefined, carryOut: async () => true },
    several: false,
  });
  const began = performance.now();
  let next = 0;
  const work = async (): Promise<void> => {
    for (let event = events[next++]; event !== undefined; event = events[next++]) {
      const answer = await consume(readKafkaEvent(event), Date.now() + 300_000);
      if (answer.batchItemFailures.length > 0) throw new Error("the target did not take a batch");
    }
  };
  await Promise.all(Array.from({ length: INVOCATIONS }, work));
  return (performance.now() - began) / 1000;
}
