import { bucketOf } from "../../core/bucket.ts";
import { compactAll, type ManifestPlace } from "../../core/compact-segments.ts";
import type { ManifestEntry } from "../../core/manifest-entry.ts";
import { rulesOf } from "../../core/mode-rules.ts";
import { readBucket } from "../../core/read-manifest.ts";
import { type RefusedDocument, readRefusedFile } from "../../core/refused-letter.ts";
import type { DeadLetter } from "../../core/reindex-request.ts";
import { stateLayout } from "../../core/state-layout.ts";
import type { GenerationDescriptor, TableDescriptor } from "../../core/table-descriptor.ts";
import type { AuditDeps } from "../audit-deps.ts";

/** A file whose documents the manifest does not know is kept for this long: what was sent is flushed later than what failed. */
const PATIENCE_MILLIS = 10 * 60 * 1000;
const FILES_A_PASS = 200;

/** One generation, and the table it belongs to. */
export interface ManagedSubject {
  readonly table: TableDescriptor;
  readonly generation: GenerationDescriptor;
}

/**
 * Subtracts a managed pipeline's dead letters from what it sent: the manifest marks the write as refused, and the
 * letter goes to the generation's dead-letter queue, where people and the gate look for it.
 *
 * Repeating it does no harm: a letter may come twice.
 *
 * @param mayGoOn - asked between passes over the manifest; false ends it early
 * @returns whether it was finished
 */
export async function ingestRefused(
  deps: AuditDeps,
  subject: ManagedSubject,
  place: ManifestPlace,
  mayGoOn: () => boolean,
): Promise<boolean> {
  const { generation, indexUuid, deadLetterQueueUrl } = subject.generation;
  const listed = await deps.store.list(stateLayout.refused(generation, indexUuid), FILES_A_PASS);
  if (listed.length === 0) return true;
  if (!(await compactAll(place, mayGoOn))) return false;
  const { deadLettersOf } = deps.accessTo(subject.table);
  for (const { key } of listed) {
    const refused = await readFile(deps, key);
    if (refused === undefined) continue;
    const sent = await findSent(place, refused);
    const isYoung = refused.some(
      (document) => !sent.has(document) && deps.now() - document.at < PATIENCE_MILLIS,
    );
    if (isYoung) continue;
    await markRefused(deps, subject, [...sent.values()]);
    const letters = refused.map((document) => toLetter(subject, document, key));
    if (letters.length > 0) await deadLettersOf(deadLetterQueueUrl).send(letters);
    await deps.store.remove([key]);
  }
  return true;
}

/** A file that cannot be read stays where it is, for a person to look at. */
async function readFile(
  { store, onSkipped }: AuditDeps,
  key: string,
): Promise<readonly RefusedDocument[] | undefined> {
  const text = await store.readText(key);
  try {
    return text === undefined ? undefined : readRefusedFile(text);
  } catch (cause) {
    onSkipped(`${key} was left alone`, cause);
    return undefined;
  }
}

/**
 * The writes that were refused: of each document the newest one with that content, not after it was refused. Reads
 * each bucket once, whatever the number of documents.
 */
async function findSent(
  { store, folder, buckets }: ManifestPlace,
  refused: readonly RefusedDocument[],
): Promise<ReadonlyMap<RefusedDocument, ManifestEntry>> {
  const found = new Map<RefusedDocument, ManifestEntry>();
  const byId = Map.groupBy(refused, ({ id }) => id);
  for (const bucket of new Set([...byId.keys()].map((id) => bucketOf(id, buckets)))) {
    for (const entry of await readBucket(store, folder, buckets, bucket)) {
      for (const document of byId.get(entry.id) ?? []) {
        const isIt = entry.fingerprint === document.fingerprint && entry.sourceTime <= document.at;
        const known = found.get(document);
        if (isIt && (known === undefined || entry.version > known.version)) found.set(document, entry);
      }
    }
  }
  return found;
}

async function markRefused(
  { appender }: AuditDeps,
  { generation: { generation, indexUuid, transformHash } }: ManagedSubject,
  sent: readonly ManifestEntry[],
): Promise<void> {
  if (sent.length === 0) return;
  const entries = sent.map((entry): ManifestEntry => ({ ...entry, state: "refused" }));
  await appender.append({ generation, indexUuid, transformHash, origin: "audit", positions: [], entries });
}

function toLetter(
  { table, generation }: ManagedSubject,
  { id, cause, reason, at }: RefusedDocument,
  position: string,
): DeadLetter {
  const [key = {}] = rulesOf("managed").parseRecordId(id, table.source.key);
  return {
    table: table.table,
    generation: generation.generation,
    recordId: id,
    key,
    documentId: id,
    cause,
    reason,
    position,
    at: new Date(at).toISOString(),
  };
}
