import type { AuditPlan } from "../core/audit-plan.ts";
import type { ManifestPlace } from "../core/compact-segments.ts";
import { SyncError } from "../core/errors.ts";
import type { ObjectStore } from "../core/ports/object-store.ts";
import { stateLayout } from "../core/state-layout.ts";
import type { AuditDeps } from "./audit-deps.ts";

/** One run's folder in the state bucket: steps leave there what later steps need. */
export class AuditRun {
  readonly folder: string;
  readonly store: ObjectStore;

  constructor(store: ObjectStore, table: string, run: string) {
    this.store = store;
    this.folder = stateLayout.audit(table, run);
  }

  key(name: string): string {
    return `${this.folder}${name}`;
  }

  write(name: string, value: unknown): Promise<void> {
    return this.store.writeText(this.key(name), JSON.stringify(value));
  }

  /** Reads what an earlier step wrote; undefined when none did. */
  async find<State>(name: string): Promise<State | undefined> {
    const text = await this.store.readText(this.key(name));
    return text === undefined ? undefined : JSON.parse(text);
  }

  /** @throws SyncError `AUDIT_NOT_FOUND` when the earlier step never ran (not retryable) */
  async read<State>(name: string): Promise<State> {
    const found = await this.find<State>(name);
    if (found !== undefined) return found;
    throw new SyncError("AUDIT_NOT_FOUND", "the audit run has no such state", {
      subject: this.key(name),
      fix: "start a new audit",
      retryable: false,
    });
  }

  /** @throws SyncError `AUDIT_NOT_FOUND` (not retryable) */
  plan(): Promise<AuditPlan> {
    return this.read<AuditPlan>("plan.json");
  }
}

/** Where a plan's manifest lies. */
export function manifestOf(
  { store, newName }: AuditDeps,
  { generation, table }: Pick<AuditPlan, "generation" | "table">,
): ManifestPlace {
  return {
    store,
    newName,
    buckets: table.manifestBuckets,
    folder: stateLayout.manifest(generation.generation, generation.indexUuid),
  };
}
