import type { AttributeMap } from "../core/attribute-value.ts";
import type { ChangeEvent } from "../core/change-event.ts";
import { collect } from "../core/collect.ts";
import { toDocumentId, toKey, toRecordId } from "../core/document-id.ts";
import { SyncError } from "../core/errors.ts";
import { FLOOR_VERSION } from "../core/external-version.ts";
import type { LineBlock } from "../core/line-block.ts";
import { type PlannedWrite, planWrites } from "../core/plan-writes.ts";
import type { ExportFile } from "../core/ports/export-file.ts";
import { withoutValues } from "../core/read-bulk-answer.ts";
import type { DeadLetter } from "../core/reindex-request.ts";
import type { ScanExportLine } from "../core/scan-export-line.ts";
import type { ConsumerDeps } from "./consumer-deps.ts";
import { makeLetter } from "./make-letter.ts";
import type { Rendering } from "./render-batch.ts";
import { requestRereads } from "./request-rereads.ts";
import { appendSegment, toEntries, toObservation, toRejectionLetter, writeBatch } from "./write-batch.ts";

/** One data file of an export, from a line on. */
export interface LoadedFile {
  readonly bucket: string;
  readonly key: string;
  /** Of a Parquet file: where its table's columns lie. */
  readonly columnsKey?: string;
  /** ISO 8601: the source's state at this instant is in the file. */
  readonly exportTime: string;
  readonly fromLine: number;
}

/** How far a file was loaded. Everything before `nextLine` is in the index, the manifest, or a dead letter. */
export type LoadAnswer = { readonly state: "done" } | { readonly state: "more"; readonly nextLine: number };

export interface LoadDeps extends ConsumerDeps {
  readonly file: ExportFile;
  /** Reads a line without parsing it, where documents are their records; what it cannot read goes the whole way. */
  readonly scan?: ScanExportLine;
}

/** Blocks that are written while the next one is read and rendered. */
const BLOCKS_IN_FLIGHT = 3;
/** How long before the deadline no block is begun any more; about twice what a block takes on a slow target. */
const BLOCK_MARGIN_MILLIS = 30_000;

interface Line {
  readonly event?: ChangeEvent;
  readonly letter?: DeadLetter;
  /** Where the line was scanned. */
  readonly write?: PlannedWrite;
}

/**
 * Makes the loader of a generation: rows of an export go the way of every change, at the floor version.
 *
 * Idempotent: a file, or any part of it, may be loaded again. When time runs out the answer says where to go
 * on. Bulks in flight are halved by every 429, so that a load takes what the cluster has left.
 *
 * The loader throws when the target takes nothing before time runs out (`INDEX_UNAVAILABLE`), the file cannot
 * be read (`EXPORT_FAILED`) or the transform fails for a whole block (`TRANSFORM_FAILED`): all retryable, from `fromLine`.
 */
export function makeLoadFile(deps: LoadDeps) {
  return async (file: LoadedFile, deadline: number): Promise<LoadAnswer> => {
    await deps.identity.verify();
    const lastStart = deadline - Math.min(BLOCK_MARGIN_MILLIS, (deadline - deps.now()) / 2);
    const inFlight: { readonly nextLine: number; readonly loaded: Promise<void> }[] = [];
    let line = file.fromLine;
    let durable = file.fromLine;
    const settleOldest = async (): Promise<void> => {
      const oldest = inFlight.shift();
      await oldest?.loaded;
      durable = oldest?.nextLine ?? durable;
    };
    try {
      for await (const lines of deps.file.readBlocks(file, file.fromLine)) {
        if (deps.now() > lastStart) break;
        const loaded = loadBlock(deps, file, lines, line, deadline);
        // Awaited later; until then a failure must not count as unhandled.
        loaded.catch(() => undefined);
        line += lines.count;
        inFlight.push({ nextLine: line, loaded });
        if (inFlight.length >= BLOCKS_IN_FLIGHT) await settleOldest();
      }
      const outOfTime = deps.now() > lastStart;
      while (inFlight.length > 0) await settleOldest();
      return outOfTime ? { state: "more", nextLine: durable } : { state: "done" };
    } catch (cause) {
      await Promise.allSettled(inFlight.map(({ loaded }) => loaded));
      if (durable > file.fromLine && cause instanceof SyncError && cause.retryable) {
        return { state: "more", nextLine: durable };
      }
      throw cause;
    }
  };
}

async function loadBlock(
  deps: LoadDeps,
  file: LoadedFile,
  lines: LineBlock,
  firstLine: number,
  deadline: number,
): Promise<void> {
  const sourceTime = Date.parse(file.exportTime);
  const decoded = readAll(deps, lines, { key: file.key, firstLine, sourceTime });
  const events = collect(decoded, ({ event }) => event);
  const stopWriting = deadline - Math.min(BLOCK_MARGIN_MILLIS / 3, (deadline - deps.now()) / 3);
  const renderings = await deps.render(events, stopWriting);
  requireProgress(renderings, file);
  const batch = toBatch(decoded, renderings);
  const settled = await writeBatch(deps, batch, stopWriting);
  const letters = [
    ...collect(decoded, ({ letter }) => letter),
    ...collect(events, (event, place) => renderingLetter(deps, event, renderings[place])),
    ...collect(settled, (one) => toRejectionLetter(deps, one, one.write.event.position)),
  ];
  await appendSegment(deps, "load", toEntries(settled, deps.generation.transformHash));
  deps.observe({ ...toObservation(settled, letters.length, deps.now()), delaysMillis: [] });
  const unavailable = settled.find(({ outcome }) => outcome.kind === "unavailable")?.outcome;
  if (unavailable !== undefined) throw untaken(file, "reason" in unavailable ? unavailable.reason : "");
  if (letters.length > 0) await deps.deadLetters.send(letters);
  await requestRereads(
    deps,
    events.map((event, place) => ({ event, rendering: renderings[place] })),
  );
}

/** Where a block of lines comes from. */
interface Origin {
  readonly key: string;
  readonly firstLine: number;
  readonly sourceTime: number;
}

function readAll(deps: LoadDeps, lines: LineBlock, origin: Origin): readonly Line[] {
  const read: Line[] = [];
  for (let place = 0; place < lines.count; place += 1) read.push(readLine(deps, lines, place, origin));
  return read;
}

function readLine(deps: LoadDeps, lines: LineBlock, place: number, origin: Origin): Line {
  const { key: fileKey, firstLine, sourceTime } = origin;
  const position = `load/${fileKey}:${firstLine + place}`;
  const row = deps.scan?.(lines.bytes, lines.beginOf(place), lines.endOf(place));
  if (row === undefined) return decode(deps, lines.textOf(place), position, sourceTime);
  const { recordId, key, source, fingerprint } = row;
  const event = { recordId, key, version: FLOOR_VERSION, sourceTime, position };
  const id = toDocumentId(recordId);
  return { write: { id, version: FLOOR_VERSION, source, event, fingerprint, state: "present" } };
}

function decode(deps: LoadDeps, text: string, position: string, sourceTime: number): Line {
  try {
    const { Item: image }: { readonly Item?: AttributeMap } = JSON.parse(text);
    if (image === undefined) throw new SyntaxError("a line has no Item");
    const recordId = toRecordId(image, deps.generation.key);
    const key = toKey(image, deps.generation.key);
    return { event: { op: "read", recordId, key, version: FLOOR_VERSION, sourceTime, position, image } };
  } catch (cause) {
    const reason = cause instanceof SyncError ? cause.message : "the line is no JSON object with an Item";
    return { letter: makeLetter(deps, { recordId: "", key: {}, position }, "EVENT_UNDECODABLE", reason) };
  }
}

/** The writes of each line, in their order. @param renderings - of the lines that have an event */
function toBatch(
  decoded: readonly Line[],
  renderings: readonly Rendering[],
): readonly (readonly PlannedWrite[])[] {
  let next = 0;
  return decoded.map(({ event, write }) => {
    if (write !== undefined) return [write];
    return event === undefined ? [] : plan(event, renderings[next++]);
  });
}

function plan(event: ChangeEvent, rendering: Rendering | undefined) {
  return rendering?.kind === "rendered"
    ? planWrites(event, rendering.documents, rendering.formerIds, rendering.fingerprint)
    : [];
}

/** A transform that fails for everything is down, not wrong about a record: the block is to be tried again. */
function requireProgress(renderings: readonly Rendering[], { key }: LoadedFile): void {
  const failed = renderings.find(({ kind }) => kind === "failed");
  const unsettled = renderings.some(({ kind }) => kind === "unsettled");
  const allFailed = failed !== undefined && renderings.every(({ kind }) => kind === "failed");
  if (!unsettled && !allFailed) return;
  throw new SyncError("TRANSFORM_FAILED", "the transform gave no result for a block of rows", {
    subject: `${key}, ${failed?.kind === "failed" ? withoutValues(failed.reason) : "no time was left"}`,
    fix: "make what the transform calls available; the load goes on by itself",
    retryable: true,
  });
}

function renderingLetter(
  deps: LoadDeps,
  event: ChangeEvent,
  rendering: Rendering | undefined,
): DeadLetter | undefined {
  if (rendering?.kind !== "invalid" && rendering?.kind !== "failed") return undefined;
  const { recordId, key, position } = event;
  const subject = { recordId, key, position };
  return rendering.kind === "invalid"
    ? makeLetter(deps, subject, rendering.error.code, rendering.error.message)
    : makeLetter(deps, subject, rendering.cause, withoutValues(rendering.reason));
}

function untaken({ key }: LoadedFile, reason: string): SyncError {
  return new SyncError("INDEX_UNAVAILABLE", "the index did not take a block of rows in time", {
    subject: `${key}, ${reason}`,
    fix: "wait until it does; the load goes on by itself",
    retryable: true,
  });
}
