import type { OpenSearchSink } from "../body/sink-schema.ts";
import { type PipelineEvent, writeJson } from "../event.ts";
import type { Sink } from "../flow/run-stage.ts";
import { type BulkOperation, type DocumentRules, makeOperation } from "./bulk-operation.ts";
import {
  type DeadLetter,
  toDeadLetter,
  toDeadLetterKey,
  toUnmadeLetter,
  writeDeadLetters,
} from "./dead-letter.ts";
import { type BulkRules, type BulkVerdict, bulkPauseMillis, judgeBulk } from "./judge-bulk.ts";
import { toMemberFilter } from "./member-filter.ts";
import type { SinkDeps } from "./sink-deps.ts";

const MEBIBYTE = 1024 * 1024;

/**
 * Writes documents by bulks, each when it is full or the flush time is over; a bulk that is refused for now is sent again
 * until it is not, and nothing else is taken meanwhile.
 *
 * What waits for a bulk when the pipeline ends is not written, and not acknowledged.
 *
 * @see https://github.com/opensearch-project/data-prepper `opensearch/…/BulkIngester.java`
 */
export function makeOpenSearchSink(options: OpenSearchSink, deps: SinkDeps): Sink {
  const rules = toDocumentRules(options);
  const send = makeSendBulk(options, deps);
  const maximumBytes = options.bulk_size < 0 ? Number.POSITIVE_INFINITY : options.bulk_size * MEBIBYTE;
  let waiting: BulkOperation[] = [];
  let bytes = 0;
  let flushedAt: number | undefined;
  const flush = async () => {
    const operations = waiting;
    waiting = [];
    bytes = 0;
    await send(operations);
  };
  const add = async (event: PipelineEvent) => {
    const made = makeOperation(event, rules);
    if (made.kind === "refused")
      await refuse(
        options,
        deps,
        [toUnmadeLetter(rules.index, made.message, writeJson(event.data))],
        [event],
      );
    if (made.kind !== "made") return;
    const size = Buffer.byteLength(made.operation.lines);
    if (bytes + size >= maximumBytes && waiting.length > 0) await flush();
    waiting.push(made.operation);
    bytes += size;
  };
  return {
    output: async (events) => {
      // The clock starts with the first call, and only a flush by time sets it again.
      flushedAt ??= deps.now();
      for (const event of events) await add(event);
      if (deps.now() - flushedAt <= options.flush_timeout || waiting.length === 0) return;
      await flush();
      flushedAt = deps.now();
    },
    close: async () => {},
  };
}

function toDocumentRules(options: OpenSearchSink): DocumentRules {
  return {
    index: options.index,
    id: options.document_id,
    action: options.action,
    version: options.document_version,
    versionType: options.document_version_type,
    filter: toMemberFilter(options),
  };
}

function makeSendBulk(options: OpenSearchSink, deps: SinkDeps) {
  const search = deps.searchAt(options.hosts[0] ?? "");
  const rules: BulkRules = {
    externalVersions: options.document_version_type?.startsWith("external") ?? false,
    maximumTries: options.max_retries,
  };
  let alias: Promise<boolean> | undefined;
  return async (operations: readonly BulkOperation[]): Promise<void> => {
    alias ??= search.isAlias(options.index);
    const requireAlias = await alias;
    let left = operations;
    for (let tries = 1; left.length > 0 && !deps.isAborted(); tries += 1) {
      const answer = await search.bulk(left.map(({ lines }) => lines).join(""), requireAlias);
      // An end that cut the request off is no answer to it.
      if (deps.isAborted() && answer.kind === "failed") return;
      const verdict = judgeBulk(left, answer, tries, rules);
      await settle(options, deps, verdict);
      left = verdict.again;
      if (left.length === 0) return;
      deps.counts.bulkRetries += 1;
      await deps.pause(bulkPauseMillis(tries));
    }
  };
}

async function settle(
  options: OpenSearchSink,
  deps: SinkDeps,
  { taken, superseded, refused }: BulkVerdict,
): Promise<void> {
  const { counts } = deps;
  const deletes = taken.filter(({ action }) => action === "delete").length;
  counts.deleted += deletes;
  counts.indexed += taken.length - deletes;
  counts.superseded += superseded.length;
  for (const { receipt } of [...taken, ...superseded]) receipt.release(true);
  await refuse(
    options,
    deps,
    refused.map(toDeadLetter),
    refused.map(({ operation }) => operation),
  );
}

/** What is in the dead-letter queue counts as taken; without one, it is read again and again. */
async function refuse(
  { dlq }: OpenSearchSink,
  { pipelineName, objects, now, makeId, counts }: SinkDeps,
  letters: readonly DeadLetter[],
  events: readonly Pick<PipelineEvent, "receipt">[],
): Promise<void> {
  if (letters.length === 0) return;
  counts.refused += letters.length;
  const at = now();
  const written = async () => {
    if (dlq === undefined) return false;
    const key = toDeadLetterKey(dlq.s3.key_path_prefix, pipelineName, at, makeId());
    await objects.put(dlq.s3.bucket, key, writeDeadLetters(letters, pipelineName, at));
    return true;
  };
  const kept = await written().catch(() => false);
  for (const { receipt } of events) receipt.release(kept);
}
