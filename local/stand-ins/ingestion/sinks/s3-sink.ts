import type { Receipt } from "../acknowledgement-set.ts";
import type { S3Sink } from "../body/sink-schema.ts";
import type { PipelineEvent } from "../event.ts";
import type { Sink } from "../flow/run-stage.ts";
import { writeMembers } from "./filter-members.ts";
import { type GatheredLines, gatherLines } from "./gathered-lines.ts";
import { toMemberFilter } from "./member-filter.ts";
import { isObjectDue, type ObjectThreshold, toObjectKey } from "./object-key.ts";
import type { SinkDeps } from "./sink-deps.ts";

interface Gathered {
  readonly lines: GatheredLines;
  readonly since: number;
  readonly receipts: Receipt[];
}

/**
 * Writes events as lines into objects, each when a threshold is passed. An object that S3 does not take is read again.
 * What was gathered when the pipeline ends is written.
 *
 * @see https://github.com/opensearch-project/data-prepper `s3-sink/…/S3SinkService.java`
 */
export function makeS3Sink(options: S3Sink, deps: SinkDeps): Sink {
  const { compression } = options;
  const filter = toMemberFilter(options);
  const threshold = toThreshold(options);
  let gathered: Gathered | undefined;
  const add = ({ data, receipt }: PipelineEvent) => {
    gathered ??= { lines: gatherLines(compression), since: deps.now(), receipts: [] };
    gathered.lines.add(writeMembers(data, filter));
    gathered.receipts.push(receipt);
  };
  const write = async () => {
    const full = gathered;
    gathered = undefined;
    if (full !== undefined) await writeObject(options, deps, full);
  };
  const writeIfDue = async () => {
    if (gathered !== undefined && isObjectDue(threshold, measure(gathered, deps.now()))) await write();
  };
  return {
    output: async (events) => {
      for (const event of events) {
        add(event);
        await writeIfDue();
      }
      await writeIfDue();
    },
    close: write,
  };
}

function measure({ lines, since, receipts }: Gathered, now: number) {
  return { events: receipts.length, bytes: lines.bytes(), ageMillis: now - since };
}

function toThreshold({ threshold }: S3Sink): ObjectThreshold {
  return {
    eventCount: threshold.event_count,
    maximumBytes: threshold.maximum_size,
    collectMillis: threshold.event_collect_timeout,
  };
}

async function writeObject(
  { bucket, object_key: named, codec, compression }: S3Sink,
  { objects, now, makeId, counts }: SinkDeps,
  { lines, receipts }: Gathered,
): Promise<void> {
  const plain = codec.ndjson?.extension ?? "ndjson";
  const extension = compression === "gzip" ? `${plain}.gz` : plain;
  const parts = { pathPrefix: named.path_prefix, namePrefix: named.name_pattern_prefix, extension };
  const key = toObjectKey(parts, now(), makeId());
  const put = async () => {
    await objects.put(bucket, key, await lines.finish());
    counts.sentObjects += 1;
    counts.sentLines += receipts.length;
    return true;
  };
  const written = await put().catch(() => false);
  for (const receipt of receipts) receipt.release(written);
}
