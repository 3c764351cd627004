import type { ManagedGeneration } from "../../core/table-descriptor.ts";
import type { AuditDeps } from "../audit-deps.ts";
import type { AuditRun } from "../audit-run.ts";
import { type Ingested, ingestSent } from "./ingest-sent.ts";

/** From which change on a managed pipeline may have sent after the index was looked at: `unsettled.json`. */
interface Unsettled {
  /** Epoch milliseconds. */
  readonly since: number;
  /** Since when nothing has come out of the pipeline. */
  readonly quietSince: number;
}

/** What was sent reaches the index within this, or it is tried again there. */
const FLUSH_MARGIN_MILLIS = 15_000;

/**
 * Takes in what was sent before the index is looked at: whatever comes later may not be in it. So does what was left
 * when `mayGoOn` ended it, which only judges less.
 */
export async function beginUnsettled(
  deps: AuditDeps,
  folder: AuditRun,
  generation: ManagedGeneration,
  mayGoOn: () => boolean,
): Promise<void> {
  await ingestSent(deps, generation, mayGoOn);
  const since = deps.now() - FLUSH_MARGIN_MILLIS;
  await folder.write("unsettled.json", { since, quietSince: deps.now() } satisfies Unsettled);
}

/** Takes in what was sent since, and notes from which change on it is. */
export async function ingestUnsettled(
  deps: AuditDeps,
  folder: AuditRun,
  generation: ManagedGeneration,
  mayGoOn: () => boolean,
): Promise<Ingested & Unsettled> {
  const before = await readUnsettled(deps, folder);
  const ingested = await ingestSent(deps, generation, mayGoOn);
  const after: Unsettled = {
    since: Math.min(before.since, ingested.oldest - 1),
    quietSince: ingested.objects === 0 ? before.quietSince : deps.now(),
  };
  await folder.write("unsettled.json", after);
  return { ...ingested, ...after };
}

/** Changes up to here had reached the index when it was looked at; epoch milliseconds. */
export async function settledUntil(deps: AuditDeps, folder: AuditRun): Promise<number> {
  return (await readUnsettled(deps, folder)).since;
}

/** An audit that does not look at the index has nothing that could be unsettled there. */
async function readUnsettled({ now }: AuditDeps, folder: AuditRun): Promise<Unsettled> {
  return (await folder.find<Unsettled>("unsettled.json")) ?? { since: now(), quietSince: now() };
}
