/**
 * What an environment remembers of a table, beside its configuration: one JSON object, changed only by
 * conditional put (`ControlStore`), so that two writers never lose each other's change.
 */
export interface TableControl {
  readonly table: string;
  /**
   * The generation the alias was last moved to; absent before the first cutover. Written just before the
   * alias moves, so that a guard that looks at the same moment refuses; the alias itself is the truth.
   */
  readonly serving?: string;
  /** What the table may take over when it first serves. */
  readonly adopt?: Adoption;
  /** What the alias pointed at before the first cutover, so that a rollback can restore it. */
  readonly adopted?: readonly AliasMember[];
  /** `trueup rollback` pins: no automatic cutover until lifted. */
  readonly pinned?: string;
  readonly retired: boolean;
  readonly generations: Readonly<Record<string, GenerationControl>>;
}

/** An index or alias somebody else made, that a table is allowed to cut over from. */
export interface Adoption {
  readonly index?: string;
  readonly alias?: string;
  /** The index carries the alias's own name: it is deleted in the same step that makes the alias. No way back. */
  readonly deleteIndexAtCutover?: boolean;
}

/** One index behind an alias, with the alias's options for it as the engine gave them (JSON text). */
export interface AliasMember {
  readonly index: string;
  readonly options: string;
}

/** One generation, from the moment index-lifecycle made its index until it deleted it. */
export interface GenerationControl {
  readonly generation: string;
  readonly index: string;
  readonly indexUuid: string;
  readonly mode: "custom" | "managed";
  readonly revision: number;
  readonly transformHash: string;
  /** ISO 8601. */
  readonly createdAt: string;
  /** Its guard has let go: it is being removed and can no longer be cut over to. */
  readonly leaving?: boolean;
  readonly load?: LoadControl;
  /** Why its build ended without serving; gone when the next build begins. */
  readonly buildFailure?: { readonly cause: string; readonly at: string };
  /** Set when nothing found can be trusted to be complete; lifted by an approved full audit. */
  readonly gap?: { readonly cause: string; readonly detectedAt: string };
  /** The newest truncate of its SQL table that its consumer met. */
  readonly truncation?: TruncationControl;
  readonly lastAudit?: AuditMark;
  readonly lastCleanAudit?: AuditMark;
}

/** An SQL table was emptied as a whole: what changed before is a tombstone, whenever its change is read. */
export interface TruncationControl {
  /** External version, decimal digits. */
  readonly version: string;
  /** When it was committed, epoch milliseconds. */
  readonly sourceTime: number;
  /** ISO 8601: when a consumer first met it. */
  readonly notedAt: string;
  /** ISO 8601: when every older document was a tombstone. */
  readonly doneAt?: string;
}

/** The bulk load of a generation. While it is `open`, no tombstone may be purged. */
export interface LoadControl {
  readonly exportArn: string;
  /** ISO 8601: the source's state at this instant is what is loaded. */
  readonly exportTime: string;
  readonly state: "open" | "done" | "failed";
  readonly files?: number;
  readonly documents?: number;
  readonly startedAt: string;
  readonly finishedAt?: string;
}

/** An audit that ended, and how far in the index it looked. */
export interface AuditMark {
  readonly run: string;
  readonly kind: "full" | "incremental";
  /** ISO 8601. */
  readonly exportTime: string;
  readonly finishedAt: string;
  /** The transform its generation had; absent: not known, so no incremental audit builds on it. */
  readonly transformHash?: string;
  /** ISO 8601: the export of the last full audit this one builds on. */
  readonly fullExportTime?: string;
  /** Of a managed generation: changes up to here were judged; epoch milliseconds. */
  readonly settledUntil?: number;
  /** Per shard: the sequence number up to which the index was compared, and the shard's history. */
  readonly shards: readonly {
    readonly shard: number;
    readonly seqNo: number;
    readonly historyUuid: string;
  }[];
}
