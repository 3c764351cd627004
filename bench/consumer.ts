import type { StreamRecord } from "../core/decode-stream-record.ts";
import { toDocumentText } from "../core/document.ts";
import { versionOfStreamSecond } from "../core/external-version.ts";
import { toBulkLines } from "../core/split-bulks.ts";
import { makeConsumeStream } from "../fallback-consumer/consume-stream.ts";
import { DOCUMENTS_A_BULK, IN_FLIGHT, makeBenchGeneration, openBench } from "./bench-generation.ts";
import { countDocuments, makeBenchIndex } from "./bench-index.ts";
import { median, readBenchOptions } from "./bench-options.ts";
import { makeBenchRecords } from "./bench-records.ts";
import { runBulkCeiling } from "./bulk-ceiling.ts";

/**
 * Measures the stream consumer, decode to acknowledged with its manifest put, against the bare bulk ceiling:
 * the same documents, bulks and concurrency in the same run, turn by turn.
 */
const options = readBenchOptions({ records: 100_000, rounds: 5 });
const index = "trueup-bench-consumer";
/** Invocations at once: twice the bulks in flight, since an invocation also decodes and puts its manifest. */
const INVOCATIONS = 2 * IN_FLIGHT;
const second = Math.floor(Date.now() / 1000);
const records = makeBenchRecords(options.records).map((image, place): StreamRecord => {
  const key = { id: image["id"] ?? { S: "" } };
  return {
    eventName: "INSERT",
    dynamodb: {
      ApproximateCreationDateTime: second,
      Keys: key,
      NewImage: image,
      SequenceNumber: String(place),
    },
  };
});
const batches: StreamRecord[][] = [];
for (let start = 0; start < records.length; start += DOCUMENTS_A_BULK) {
  batches.push(records.slice(start, start + DOCUMENTS_A_BULK));
}
const bodies = batches.map((batch) => Buffer.from(batch.map(toLines).join("")));

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
const ceiling = median(rounds.map((round) => round.ceiling));
const consumer = median(rounds.map((round) => round.consumer));
const ratio = median(rounds.map((round) => round.consumer / round.ceiling));
const format = (value: number): string => Math.round(value).toLocaleString("en").padStart(10);
console.log(`${options.records} records, ${indexed} indexed, ${options.rounds} rounds, median`);
console.log(`bare bulk ceiling ${format(ceiling)} documents/s`);
console.log(`stream consumer   ${format(consumer)} documents/s`);
console.log(`ratio             ${ratio.toFixed(2).padStart(10)} (wanted: 0.70 or more)`);
if (indexed !== options.records) process.exitCode = 1;

function toLines({ dynamodb }: StreamRecord): string {
  const image = dynamodb?.NewImage ?? {};
  const id = image["id"] !== undefined && "S" in image["id"] ? image["id"].S : "";
  return toBulkLines({ id, version: versionOfStreamSecond(second), source: toDocumentText(image) });
}

/** The writer is shared, so that no more bulks are in flight than the ceiling has. @returns seconds */
async function runConsumer(): Promise<number> {
  const consume = makeConsumeStream(await makeBenchGeneration(bench, index));
  const began = performance.now();
  let next = 0;
  const work = async (): Promise<void> => {
    for (let batch = batches[next++]; batch !== undefined; batch = batches[next++]) {
      const answer = await consume({ records: batch, shard: "0", deadline: Date.now() + 300_000 });
      if (answer.batchItemFailures.length > 0) throw new Error("the target did not take a batch");
    }
  };
  await Promise.all(Array.from({ length: INVOCATIONS }, work));
  return (performance.now() - began) / 1000;
}
