/**
 * What an environment remembers of a table, beside its configuration: one JSON object, changed only by
 * conditional put (`ControlStore`), so that two writers never lose each other's change.
 */
export interface TableControl {
  readonly table: string;
  /** The generation the alias pointed at when last moved; absent before the first cutover. */
  readonly serving?: string;
  /** `trueup rollback` pins: no automatic cutover until lifted. */
  readonly pinned?: string;
  readonly retired: boolean;
  readonly generations: Readonly<Record<string, GenerationControl>>;
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
  readonly load?: LoadControl;
  /** Set when nothing found can be trusted to be complete; lifted by an approved full audit. */
  readonly gap?: { readonly cause: string; readonly detectedAt: string };
  readonly lastAudit?: AuditMark;
  readonly lastCleanAudit?: AuditMark;
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
  /** Per shard: the sequence number up to which the index was compared, and the shard's history. */
  readonly shards: readonly {
    readonly shard: number;
    readonly seqNo: number;
    readonly historyUuid: string;
  }[];
}
