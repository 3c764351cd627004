import type { AuditReport } from "../core/audit-report.ts";
import type { Announcer } from "../core/ports/announcer.ts";
import type { Clock } from "../core/ports/clock.ts";
import type { ControlStore } from "../core/ports/control-store.ts";
import type { DeadLetters } from "../core/ports/dead-letters.ts";
import type { ExportFile } from "../core/ports/export-file.ts";
import type { IncrementalSnapshots } from "../core/ports/incremental-snapshots.ts";
import type { IndexInspector } from "../core/ports/index-inspector.ts";
import type { LogHorizon } from "../core/ports/log-horizon.ts";
import type { ManifestAppender } from "../core/ports/manifest-appender.ts";
import type { ObjectStore } from "../core/ports/object-store.ts";
import type { PositionReader } from "../core/ports/position-reader.ts";
import type { ReindexQueue } from "../core/ports/reindex-queue.ts";
import type { SourceReader } from "../core/ports/source-reader.ts";
import type { StreamHorizon } from "../core/ports/stream-horizon.ts";
import type { TableExport } from "../core/ports/table-export.ts";
import type { TableDescriptor } from "../core/table-descriptor.ts";

/** What the audit reaches of one table, under that table's role. */
export interface AuditAccess {
  readonly exports: TableExport;
  readonly horizon: StreamHorizon | LogHorizon;
  readonly queueOf: (queueUrl: string) => ReindexQueue;
  readonly deadLettersOf: (queueUrl: string) => DeadLetters;
  readonly source: SourceReader;
  /** Of a table whose log a connector of ours reads. */
  readonly snapshots?: IncrementalSnapshots;
}

/** Everything the audit reaches; the entry makes it, tests fake it. */
export interface AuditDeps {
  readonly stateBucket: string;
  readonly store: ObjectStore;
  readonly control: ControlStore;
  readonly exportFile: ExportFile;
  readonly positions: PositionReader;
  readonly inspector: IndexInspector;
  /** Reaches one table as the role that may. */
  readonly accessTo: (table: TableDescriptor) => AuditAccess;
  readonly appender: ManifestAppender;
  readonly announcer: Announcer;
  readonly measure: (report: AuditReport) => void;
  /** Draws the page a person reads. */
  readonly drawReport: (report: AuditReport) => string;
  readonly onSkipped: (what: string, cause: unknown) => void;
  readonly now: Clock;
  /** A name never given before. */
  readonly newName: () => string;
}
