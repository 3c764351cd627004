import { compactAll, type ManifestPlace } from "../core/compact-segments.ts";
import { toExternalVersion } from "../core/external-version.ts";
import { changeGeneration } from "../core/generation.ts";
import { listOlderDocuments } from "../core/list-older-documents.ts";
import type { ManifestEntry } from "../core/manifest-entry.ts";
import { readPointer } from "../core/manifest-pointer.ts";
import { planWrites } from "../core/plan-writes.ts";
import type { ControlStore } from "../core/ports/control-store.ts";
import type { ReindexQueue } from "../core/ports/reindex-queue.ts";
import { readBucket } from "../core/read-manifest.ts";
import type { GenerationControl, TruncationControl } from "../core/table-control.ts";
import type { Truncation } from "../core/truncation.ts";
import type { ConsumerDeps } from "./consumer-deps.ts";
import type { Truncations } from "./kafka-deps.ts";
import { appendSegment, toEntries, writeBatch } from "./write-batch.ts";

export interface TruncateDeps extends Pick<ConsumerDeps, "generation" | "index" | "manifest" | "now"> {
  readonly control: ControlStore;
  readonly place: ManifestPlace;
  readonly queue: ReindexQueue;
  readonly newRequestId: () => string;
  readonly wait: (millis: number) => Promise<unknown>;
  /** The longest an invocation of the generation's consumers takes, but of its loader. */
  readonly invocationMillis: () => number;
}

/** The longest Lambda lets a function run, and the loader is let. */
const LOADER_MILLIS = 900_000;
/** How long a consumer goes on without looking for truncates that others met. */
const REMEMBERED_MILLIS = 10_000;
const DOCUMENTS_A_BULK = 1_000;
/** What must be left of an invocation to begin another bulk, so that it can be noted. */
const BULK_MARGIN_MILLIS = 5_000;

/**
 * Makes what empties an index as its table was emptied.
 *
 * A truncate lies in one partition; what came before it may still come out of another. So it is noted where every
 * consumer of the generation looks, and from then on older changes are written as deletes. Once nobody can be at work
 * who has not looked, the manifest names every document that was written before, bucket by bucket. Tombstones that were
 * written are in the manifest when the call is made again, and are not listed any more.
 */
export function makeTruncations(deps: TruncateDeps): Truncations {
  let remembered: { readonly newest: Truncation | undefined; readonly at: number } | undefined;
  const newest = async (): Promise<Truncation | undefined> => {
    if (remembered !== undefined && deps.now() - remembered.at < REMEMBERED_MILLIS) return remembered.newest;
    const at = deps.now();
    const control = await deps.control.read(deps.generation.table);
    remembered = { newest: toTruncation(control.generations[deps.generation.generation]?.truncation), at };
    return remembered.newest;
  };
  return {
    newest,
    carryOut: async (truncation, deadline) => {
      const { truncation: noted, load } = await note(deps, truncation);
      remembered = undefined;
      // A newer one does all that this one would; one that was carried out has come again.
      if (noted === undefined || noted.doneAt !== undefined || BigInt(noted.version) > truncation.version)
        return true;
      if (!(await waitUntilAllKnow(deps, noted, load?.state === "open", deadline))) return false;
      const hasTime = () => deadline - deps.now() > BULK_MARGIN_MILLIS;
      if (
        !(await compactAll(deps.place, hasTime)) ||
        !(await emptyBuckets(deps, truncation, deadline, hasTime))
      ) {
        return false;
      }
      await change(deps, (known) => ({ ...known, doneAt: new Date(deps.now()).toISOString() }), truncation);
      return true;
    },
  };
}

function toTruncation(noted: TruncationControl | undefined): Truncation | undefined {
  if (noted === undefined) return undefined;
  return { version: toExternalVersion(BigInt(noted.version), "truncate"), sourceTime: noted.sourceTime };
}

/** @returns what is known of the generation; nothing where it is being removed */
async function note(
  deps: TruncateDeps,
  { version, sourceTime }: Truncation,
): Promise<Pick<GenerationControl, "truncation" | "load">> {
  const { table, generation } = deps.generation;
  const notedAt = new Date(deps.now()).toISOString();
  const changed = await deps.control.update(table, (control) => {
    const known = control.generations[generation]?.truncation;
    if (known !== undefined && BigInt(known.version) >= version) return control;
    return changeGeneration(control, generation, (before) => ({
      ...before,
      truncation: { version: version.toString(), sourceTime, notedAt },
    }));
  });
  return changed.generations[generation] ?? {};
}

async function change(
  deps: TruncateDeps,
  to: (known: TruncationControl) => TruncationControl,
  { version }: Truncation,
): Promise<void> {
  const { table, generation } = deps.generation;
  await deps.control.update(table, (control) => {
    const known = control.generations[generation]?.truncation;
    if (known?.version !== version.toString()) return control;
    return changeGeneration(control, generation, (before) => ({ ...before, truncation: to(known) }));
  });
}

/** Invocations that began before it was noted, or remembered that there was none, are over then. */
async function waitUntilAllKnow(
  { now, wait, invocationMillis }: TruncateDeps,
  { notedAt }: TruncationControl,
  loads: boolean,
  deadline: number,
): Promise<boolean> {
  const longest = loads ? LOADER_MILLIS : invocationMillis();
  const everybodyKnows = Date.parse(notedAt) + REMEMBERED_MILLIS + longest;
  const millis = Math.min(everybodyKnows - now(), deadline - now() - BULK_MARGIN_MILLIS);
  if (millis > 0) await wait(millis);
  return now() >= everybodyKnows;
}

async function emptyBuckets(
  deps: TruncateDeps,
  truncation: Truncation,
  deadline: number,
  hasTime: () => boolean,
): Promise<boolean> {
  const { store, folder, buckets } = deps.place;
  const { pointer } = await readPointer(store, folder, buckets);
  for (let bucket = 0; bucket < pointer.buckets; bucket += 1) {
    const entries = await readBucket(store, folder, pointer.buckets, bucket);
    const { older, tied } = listOlderDocuments(entries, truncation.version);
    for (let start = 0; start < older.length; start += DOCUMENTS_A_BULK) {
      if (!hasTime()) return false;
      const some = older.slice(start, start + DOCUMENTS_A_BULK);
      if (!(await writeTombstones(deps, some, truncation, deadline))) return false;
    }
    const requests = tied.map((entry) => toRequest(deps, entry));
    if (requests.length > 0) await deps.queue.send(requests, { together: true });
  }
  return true;
}

async function writeTombstones(
  deps: TruncateDeps,
  entries: readonly ManifestEntry[],
  truncation: Truncation,
  deadline: number,
): Promise<boolean> {
  const batch = entries.map(({ id, recordId }) =>
    planWrites({ op: "delete", recordId, key: {}, position: "truncate", ...truncation }, [], [id]),
  );
  const settled = await writeBatch(deps, batch, deadline - BULK_MARGIN_MILLIS / 2);
  await appendSegment(deps, "stream", toEntries(settled, deps.generation.transformHash));
  return settled.every(({ outcome }) => outcome.kind !== "unavailable");
}

function toRequest({ newRequestId }: TruncateDeps, { recordId }: ManifestEntry) {
  return { requestId: newRequestId(), reason: "rebuild" as const, recordId, attempt: 1, notBefore: 0 };
}
