import type { GenerationArgs } from "./index-generation/generation-plan.ts";
import type { SearchSync } from "./search-sync.ts";
import type { TableSourceArgs } from "./sql-source.ts";

/** Arguments of a table. */
export interface SyncedTableArgs {
  /** The environment it belongs to. */
  readonly search: SearchSync;
  readonly source: TableSourceArgs;
  /** Oldest first, one or two. The newest is wanted, the alias serves the newest that is ready. */
  readonly generations: readonly GenerationArgs[];
  /** Who moves the alias to a new generation: the build when it is clean, or a person. @default "automatic" */
  readonly cutover?: "automatic" | "manual";
  /** Lets the table go: the alias is dropped, then it may be removed. @default false */
  readonly retire?: boolean;
  /** An index or alias somebody else made, to cut over from. @default none: an existing name is refused */
  readonly adopt?: {
    readonly index?: string;
    readonly alias?: string;
    readonly deleteIndexAtCutover?: boolean;
  };
  /** When the table is audited, and what an audit does by itself. @default as below */
  readonly audit?: AuditArgs;
  /** The longest one consumer invocation may last, seconds, 15 to 900. @default 60 */
  readonly consumerTimeoutSeconds?: number;
  /** Memory of each consumer, MB, 256 to 10,240. @default 1769: one virtual CPU */
  readonly consumerMemoryMegabytes?: number;
  /** Stream records an invocation, 1 to 10,000. @default 1000 */
  readonly batchSize?: number;
  /**
   * How long changes of a quiet table are gathered before they are written, 0 to 300. Each invocation costs a put
   * of a manifest segment, so a longer window is cheaper and later (`docs/decisions/0007-manifest-layout.md`).
   *
   * @default 0
   */
  readonly batchingWindowSeconds?: number;
  /** Export files loaded at once, 1 to 1000; each loader yields to a busy cluster by itself. @default 10 */
  readonly maximumLoaders?: number;
  /** Parts the manifest is hashed into, 1 to 4096, about one a million records; fixed for the table's life. @default 16 */
  readonly manifestBuckets?: number;
}

/** When a table is audited, and what an audit does by itself. */
export interface AuditArgs {
  /**
   * EventBridge Scheduler expression. Audits a day or more apart are all full ones: an incremental export reaches back
   * 24 hours at the most.
   *
   * @default "rate(12 hours)"
   */
  readonly schedule?: string;
  /** Days between full audits, 1 to 365; the ones between cost what changed. @default 30 */
  readonly fullEveryDays?: number;
  /** Whether the index itself is compared with the manifest. @default true */
  readonly verifyIndex?: boolean;
  /** Above this share of the records and this count, nothing is repaired before a person approves. @default 0.01 and 100 */
  readonly breaker?: { readonly share?: number; readonly minimumCount?: number };
  /** Seconds between looks at an export or the stream, 1 to 3600. @default 30 */
  readonly pollSeconds?: number;
}
