import type { PlannedWrite } from "../core/plan-writes.ts";
import type { Clock } from "../core/ports/clock.ts";
import type { DocumentVersions } from "../core/ports/document-versions.ts";
import type { WriteOutcome } from "../core/ports/index-writer.ts";
import type { RecordDocuments } from "../core/ports/record-documents.ts";
import type { UnrepairableLog } from "../core/ports/unrepairable-log.ts";
import {
  type DeadLetter,
  MAX_REREAD_ATTEMPTS,
  REREAD_AGAIN_AFTER_MILLIS,
  type ReindexRequest,
} from "../core/reindex-request.ts";

/** What is to be done about one request. */
export type RereadAnswer =
  | { readonly kind: "done" }
  /** Not now: the message comes again. */
  | { readonly kind: "again" }
  | { readonly kind: "letter"; readonly letter: DeadLetter }
  /** This message is done; another one carries the matter on. */
  | { readonly kind: "request"; readonly request: ReindexRequest };

/** How the index took a re-read; `superseded` names the documents it refused as older. */
export type RereadVerdict = RereadAnswer | { readonly kind: "superseded"; readonly ids: readonly string[] };

/** Says how a re-read fared, from the outcomes of its writes by document id. */
export function toRereadVerdict(
  writes: readonly PlannedWrite[],
  outcomes: ReadonlyMap<string, WriteOutcome>,
  toLetter: (id: string, cause: string, reason: string) => DeadLetter,
): RereadVerdict {
  const superseded: string[] = [];
  let rejection: DeadLetter | undefined;
  for (const { id } of writes) {
    const outcome = outcomes.get(id);
    if (outcome === undefined || outcome.kind === "unavailable") return { kind: "again" };
    if (outcome.kind === "superseded") superseded.push(id);
    if (outcome.kind === "rejected") rejection ??= toLetter(id, outcome.cause, outcome.reason);
  }
  if (rejection !== undefined) return { kind: "letter", letter: rejection };
  return superseded.length > 0 ? { kind: "superseded", ids: superseded } : { kind: "done" };
}

export interface SettleRereadDeps {
  readonly documents: RecordDocuments;
  readonly versions: DocumentVersions;
  readonly unrepairable: UnrepairableLog;
  readonly newRequestId: () => string;
  readonly toLetter: (request: ReindexRequest, id: string, reason: string) => DeadLetter;
  readonly now: Clock;
  /** Whether a winner may be so new that the manifest cannot know it yet. @default by the time in the version */
  readonly isYoung?: (winner: bigint | undefined, version: bigint) => boolean;
}

/**
 * Decides about a re-read that the index refused as older than what it holds.
 *
 * @param version - the re-read's
 */
export type SettleReread = (
  request: ReindexRequest,
  ids: readonly string[],
  version: bigint,
) => Promise<RereadAnswer>;

/** A winner this young may have been acknowledged by an invocation that has not put its segment yet. */
const YOUNG_WINNER_MICROS = 60_000_000n;

/**
 * Makes the rule for 409s of re-reads: read again later with a new version, at most five times.
 *
 * After that it is done if the manifest knows who won, because then a change event newer than what asked for
 * the re-read did. Otherwise somebody else's version blocks the document: noted as unrepairable under the
 * audit that asked, or as a dead letter.
 */
export function makeSettleReread(deps: SettleRereadDeps): SettleReread {
  const isYoung = deps.isYoung ?? ((winner) => isYoungTime(winner, deps.now()));
  return async (request, ids, version) => {
    if (request.attempt < MAX_REREAD_ATTEMPTS) return again(deps, request, request.attempt + 1);
    for (const id of ids) {
      const winner = await deps.versions.read(id);
      if (await isKnown(deps, request, id, winner)) continue;
      if (isYoung(winner, version)) return again(deps, request, request.attempt);
      return giveUp(deps, request, id, winner);
    }
    return { kind: "done" };
  };
}

function again(
  { newRequestId, now }: SettleRereadDeps,
  request: ReindexRequest,
  attempt: number,
): RereadAnswer {
  const notBefore = now() + REREAD_AGAIN_AFTER_MILLIS;
  return { kind: "request", request: { ...request, requestId: newRequestId(), attempt, notBefore } };
}

async function isKnown(
  { documents }: SettleRereadDeps,
  { recordId }: ReindexRequest,
  id: string,
  winner: bigint | undefined,
): Promise<boolean> {
  if (winner === undefined) return false;
  const [known = []] = await documents.list([recordId]);
  return known.some((document) => document.id === id && document.version === winner);
}

/** A vanished document counts as young too: whatever held its version has just gone. */
function isYoungTime(winner: bigint | undefined, now: number): boolean {
  if (winner === undefined) return true;
  const nowMicros = BigInt(now) * 1000n;
  return winner > nowMicros - YOUNG_WINNER_MICROS && winner <= nowMicros + YOUNG_WINNER_MICROS;
}

async function giveUp(
  { unrepairable, toLetter, now }: SettleRereadDeps,
  request: ReindexRequest,
  id: string,
  winner: bigint | undefined,
): Promise<RereadAnswer> {
  const { auditRun, recordId } = request;
  if (auditRun === undefined) {
    const reason = `version ${winner} of document ${id} was written by nobody the manifest knows`;
    return { kind: "letter", letter: toLetter(request, id, reason) };
  }
  const winningVersion = winner?.toString();
  await unrepairable.write(auditRun, { id, recordId, winningVersion, at: new Date(now()).toISOString() });
  return { kind: "done" };
}
