import { createHash } from "node:crypto";
import { SyncError } from "../core/errors.ts";
import { stateLayout } from "../core/state-layout.ts";
import type { TableDescriptor } from "../core/table-descriptor.ts";
import type { AuditAccess, AuditDeps } from "./audit-deps.ts";
import type { StepOf } from "./step-event.ts";

/** How a load by the connector stands; `failed` says why. */
export type IncrementalLoad =
  | { readonly state: "running" }
  | { readonly state: "done"; readonly exportArn: string; readonly exportTime: string }
  | { readonly state: "failed"; readonly cause: string };

/** What of the audit's world it reaches. */
export interface IncrementalLoadDeps extends Pick<AuditDeps, "store" | "now"> {
  readonly accessTo: (table: TableDescriptor) => Pick<AuditAccess, "snapshots">;
}

/** What is remembered between two looks. */
interface AskedSnapshot {
  readonly id: string;
  /** ISO 8601. */
  readonly askedAt: string;
}

const HASH_DIGITS = 24;

/**
 * Has the connector send every row of a table as `read` events, and tells whether it has. Asked for once a generation: whatever
 * asks again, or dies meanwhile, goes on with the same snapshot. That the consumer has written them all the audit tells, which
 * waits for its positions.
 *
 * @throws SyncError `PREREQUISITE_MISSING` for a table that no connector of ours reads (not retryable)
 */
export async function checkIncrementalLoad(
  { store, accessTo, now }: IncrementalLoadDeps,
  { table, generation: name }: StepOf<"check-incremental-load">,
): Promise<IncrementalLoad> {
  const { snapshots } = accessTo(table);
  const generation = table.generations.find((known) => known.generation === name);
  if (snapshots === undefined || generation === undefined) throw unknown(name);
  const key = `${stateLayout.manifest(name, generation.indexUuid)}incremental-load.json`;
  const known = await store.readText(key);
  const asked: AskedSnapshot =
    known === undefined
      ? { id: idOf(name, generation.indexUuid), askedAt: new Date(now()).toISOString() }
      : JSON.parse(known);
  if (known === undefined) await store.writeText(key, JSON.stringify(asked));
  await snapshots.ask(asked.id);
  const state = await snapshots.look(asked.id);
  if (state.kind === "failed") return { state: "failed", cause: state.cause };
  if (state.kind === "running") return { state: "running" };
  return { state: "done", exportArn: `incremental-snapshot/${asked.id}`, exportTime: asked.askedAt };
}

/** Of an index, so that one that is made anew under the same name is loaded anew. */
function idOf(generation: string, indexUuid: string): string {
  const hash = createHash("sha256").update(`${generation} ${indexUuid}`).digest("hex");
  return `trueup-${hash.slice(0, HASH_DIGITS)}`;
}

function unknown(generation: string): SyncError {
  return new SyncError("PREREQUISITE_MISSING", "no connector of ours can load this generation", {
    subject: generation,
    fix: "set bootstrap: export, or give the source a kafka and deploy again",
    retryable: false,
  });
}
