import type { AttributeMap } from "../core/attribute-value.ts";
import type { ChangeEvent } from "../core/change-event.ts";
import { rulesOf } from "../core/mode-rules.ts";
import { type PlannedWrite, planWrites } from "../core/plan-writes.ts";
import type { ReadRecords } from "../core/ports/source-reader.ts";
import type { SourceToucher } from "../core/ports/source-toucher.ts";
import type { ReindexRequest } from "../core/reindex-request.ts";
import type { ReindexDeps, ReindexMessage } from "./reindex-deps.ts";
import type { Rendering } from "./render-batch.ts";

/** A request that is due, and the message it came in. */
export interface Work {
  readonly message: ReindexMessage;
  readonly request: ReindexRequest;
}

/** What a request comes down to, before anything is written. */
export interface Reread extends Work {
  readonly event: ChangeEvent;
  readonly rendering: Rendering;
  readonly writes: readonly PlannedWrite[];
  /** Documents of the record that the manifest knows. */
  readonly known: readonly string[];
}

/** Reads the records of requests again, all at once and strongly consistent, and plans what to write of them. */
export async function readAgain(
  deps: ReindexDeps,
  due: readonly Work[],
  deadline: number,
): Promise<readonly Reread[]> {
  const { mode, key: tableKey } = deps.generation;
  const rules = rulesOf(mode);
  const keys = due.map(({ request: { key, recordId } }) =>
    key === undefined ? rules.parseRecordId(recordId, tableKey) : [key],
  );
  const found = await deps.source.read(keys.flat());
  let next = 0;
  const events = due.map(({ request }, place): ChangeEvent => {
    const [first = {}, ...others] = keys[place] ?? [];
    const images = found.records.slice(next, next + (keys[place]?.length ?? 0));
    next += images.length;
    const own = images.findIndex(
      (image) => image !== undefined && rules.toRecordId(image, tableKey) === request.recordId,
    );
    return toEvent(request, [first, ...others][own] ?? first, images[own], found);
  });
  const renderings = await deps.render(events, deadline);
  const knownOf = await knownIds(deps, due);
  return Promise.all(
    due.map(async (work, place): Promise<Reread> => {
      const event = events[place] ?? toEvent(work.request, {}, undefined, found);
      if (deps.toucher !== undefined && event.op !== "delete") return touch(deps.toucher, work, event);
      const rendering = renderings[place] ?? { kind: "unsettled" };
      if (rendering.kind !== "rendered" || stillLacks(work, rendering)) {
        return { ...work, event, rendering, writes: [], known: [] };
      }
      const known = knownOf[place] ?? [];
      const former = new Set([...known, ...ownIds(deps, work.request, event)]);
      const { documents, fingerprint } = rendering;
      // A managed generation's digests are made otherwise than those that a rendering brings along.
      const taken = mode === "managed" ? undefined : fingerprint;
      const writes = planWrites(event, documents, former, taken, mode);
      return { ...work, event, rendering, writes, known };
    }),
  );
}

/** What is missing is the same as before: the document of it is in the index already, and a write would change nothing. */
function stillLacks(
  { request }: Work,
  { rereadAfterMillis }: Extract<Rendering, { kind: "rendered" }>,
): boolean {
  return request.reason === "enrichment" && rereadAfterMillis !== undefined;
}

/** The pipeline brings the record again; nothing is left to be written. */
async function touch(toucher: SourceToucher, work: Work, event: ChangeEvent): Promise<Reread> {
  await toucher.touch(event.key);
  return { ...work, event, rendering: NOTHING_RENDERED, writes: [], known: [] };
}

const NOTHING_RENDERED: Rendering = { kind: "rendered", documents: [], formerIds: [] };

function toEvent(
  { recordId, requestId }: ReindexRequest,
  key: AttributeMap,
  image: AttributeMap | undefined,
  { version, readAt: sourceTime }: ReadRecords,
): ChangeEvent {
  const common = { recordId, key, version, sourceTime, position: requestId };
  return image === undefined ? { ...common, op: "delete" } : { ...common, op: "read", image };
}

/** Every document of each record that the manifest knows; nothing where a record has but one, which is known anyway. */
async function knownIds(
  { documents, several }: ReindexDeps,
  due: readonly Work[],
): Promise<readonly (readonly string[])[]> {
  if (!several) return [];
  const known = await documents.list(due.map(({ request: { recordId } }) => recordId));
  return known.map((ofRecord) => ofRecord.map(({ id }) => id));
}

/**
 * What else must not outlive this re-read unless the record still makes it. Where a record may have several documents,
 * only what was asked about: a tombstone for a document that never was would be one more thing to account for.
 */
function ownIds(
  { several, generation }: ReindexDeps,
  { documentId, recordId }: ReindexRequest,
  { op }: ChangeEvent,
): readonly string[] {
  return [
    ...(documentId === undefined ? [] : [documentId]),
    ...(op === "delete" && !several ? [rulesOf(generation.mode).toDocumentId(recordId)] : []),
  ];
}
