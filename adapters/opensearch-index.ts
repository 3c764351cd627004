import { setTimeout as pause } from "node:timers/promises";
import { backoffMillis } from "../core/backoff.ts";
import { ConcurrencyLimit } from "../core/concurrency-limit.ts";
import type { Clock } from "../core/ports/clock.ts";
import type { IndexWriter, WriteOutcome } from "../core/ports/index-writer.ts";
import {
  BULK_FILTER_PATH,
  REMOVING_FILTER_PATH,
  readBulkAnswer,
  readRefusal,
} from "../core/read-bulk-answer.ts";
import { type BulkItem, type BulkLimits, splitBulks } from "../core/split-bulks.ts";
import type { RawSearchAnswer, SearchConnection } from "./opensearch-connection.ts";

/** How an {@link IndexWriter} over OpenSearch behaves. */
export interface OpenSearchIndexOptions {
  readonly writeAlias: string;
  readonly now: Clock;
  /** @default 5 MiB */
  readonly maxBulkBytes?: number;
  /** @default 2000 */
  readonly maxBulkDocuments?: number;
  /** Bulks in flight at once over all calls; fewer while the target answers 429. @default 4 */
  readonly maxInFlight?: number;
  /** How long one bulk may take. @default 60000 */
  readonly bulkTimeoutMillis?: number;
  /** Whether documents are removed too. @default false */
  readonly removes?: boolean;
}

interface Bulk {
  readonly items: readonly BulkItem[];
  /** Times it was sent and not taken. */
  readonly attempt: number;
}

/** A time so short that a bulk sent with it would only be sent for nothing. */
const SHORTEST_TRY_MILLIS = 50;
const WRITES_A_PIECE = 16;

/**
 * Writes through bulk requests to a write alias.
 *
 * Busy (429), failing (5xx) or unreachable: tried again with growing pauses until the deadline. 401, 403 and
 * 404 are reported at once, because they last. A bulk that is refused whole is halved until the write to blame is alone.
 *
 * @see https://docs.opensearch.org/latest/api-reference/document-apis/bulk/ `require_alias`: a late write makes no index
 */
export function makeOpenSearchIndex(
  connection: SearchConnection,
  {
    writeAlias,
    now,
    bulkTimeoutMillis = 60_000,
    maxInFlight = 4,
    removes = false,
    ...limits
  }: OpenSearchIndexOptions,
): IndexWriter {
  const bulkLimits: BulkLimits = { maxBulkBytes: 5 * 1024 * 1024, maxBulkDocuments: 2000, ...limits };
  const places = new ConcurrencyLimit(maxInFlight);
  const path = `/${encodeURIComponent(writeAlias)}/_bulk`;
  const query = `require_alias=true&filter_path=${removes ? REMOVING_FILTER_PATH : BULK_FILTER_PATH}`;

  const send = async (
    { items }: Bulk,
    deadline: number,
  ): Promise<readonly WriteOutcome[] | RawSearchAnswer> => {
    await places.enter();
    const timeoutMillis = Math.min(bulkTimeoutMillis, deadline - now());
    let throttled = false;
    try {
      if (timeoutMillis < SHORTEST_TRY_MILLIS) return items.map(() => outOfTime);
      const body = toBody(items);
      const answer = await connection({ method: "POST", path, query, body, ...ndjson, timeoutMillis });
      const outcomes = answer.status === 200 ? readBulkAnswer(answer.text, items.length) : undefined;
      throttled = answer.status === 429 || (outcomes?.some(isThrottled) ?? false);
      return outcomes ?? answer;
    } catch (cause) {
      return items.map(() => unreachable(cause));
    } finally {
      places.leave(throttled);
    }
  };

  const settle = async (bulk: Bulk, deadline: number, outcomes: WriteOutcome[]): Promise<void> => {
    const answer = await send(bulk, deadline);
    const { items } = bulk;
    if ("status" in answer && isRefusedWhole(answer) && items.length > 1) {
      const half = Math.ceil(items.length / 2);
      await settle({ ...bulk, items: items.slice(0, half) }, deadline, outcomes);
      return settle({ ...bulk, items: items.slice(half) }, deadline, outcomes);
    }
    const settled = "status" in answer ? items.map(() => readRefusal(answer.status, answer.text)) : answer;
    const again: BulkItem[] = [];
    for (const [index, item] of items.entries()) {
      const outcome = settled[index] ?? outOfTime;
      outcomes[item.place] = outcome;
      if (mayPass(outcome)) again.push(item);
    }
    if (again.length > 0) await settleLater({ items: again, attempt: bulk.attempt + 1 }, deadline, outcomes);
  };

  const settleLater = async (bulk: Bulk, deadline: number, outcomes: WriteOutcome[]): Promise<void> => {
    const wait = backoffMillis(bulk.attempt, Math.random());
    if (now() + wait + SHORTEST_TRY_MILLIS > deadline) return;
    await pause(wait);
    return settle(bulk, deadline, outcomes);
  };

  return {
    write: async (writes, deadline) => {
      // Of its full length at once: bulks end in any order, and an array filled from behind is a slow one.
      const outcomes = new Array<WriteOutcome>(writes.length).fill(outOfTime);
      const bulks = splitBulks(writes, bulkLimits);
      await Promise.all(bulks.map((items) => settle({ items, attempt: 0 }, deadline, outcomes)));
      return outcomes;
    },
  };
}

const ndjson = { contentType: "application/x-ndjson" } as const;
const outOfTime: WriteOutcome = { kind: "unavailable", status: 0, reason: "no time was left to send it" };

/** Whether the write to blame may be one of several. */
function isRefusedWhole({ status }: RawSearchAnswer): boolean {
  return status === 400 || status === 413;
}

/**
 * Encodes a bulk a few writes at a time: as one text, a single character beyond Latin-1 would make all of it
 * two bytes a character, three times as slow to encode.
 */
function toBody(items: readonly BulkItem[]): Buffer {
  const pieces: Buffer[] = [];
  for (let start = 0; start < items.length; start += WRITES_A_PIECE) {
    let text = "";
    for (const { lines } of items.slice(start, start + WRITES_A_PIECE)) text += lines;
    pieces.push(Buffer.from(text));
  }
  return Buffer.concat(pieces);
}

function isThrottled(outcome: WriteOutcome): boolean {
  return outcome.kind === "unavailable" && outcome.status === 429;
}

/** Whether the same write may succeed soon; a missing alias or permission does not come back by itself. */
function mayPass(outcome: WriteOutcome): boolean {
  return outcome.kind === "unavailable" && outcome !== outOfTime && ![401, 403, 404].includes(outcome.status);
}

function unreachable(cause: unknown): WriteOutcome {
  const reason = cause instanceof Error ? cause.message : "no reason given";
  return { kind: "unavailable", status: 0, reason };
}
