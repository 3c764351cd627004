import type { DocumentVersions } from "../core/ports/document-versions.ts";
import type { MessagePostponer } from "../core/ports/message-postponer.ts";
import type { RecordDocuments } from "../core/ports/record-documents.ts";
import type { SourceReader } from "../core/ports/source-reader.ts";
import type { SourceToucher } from "../core/ports/source-toucher.ts";
import type { UnrepairableLog } from "../core/ports/unrepairable-log.ts";
import type { ConsumerDeps } from "./consumer-deps.ts";

/** One message of the reindex queue. */
export interface ReindexMessage {
  readonly messageId: string;
  readonly receiptHandle: string;
  readonly body: string;
  /** When it was sent, epoch milliseconds. */
  readonly sentAt: number;
}

/** What the consumer of a reindex queue works with. */
export interface ReindexDeps extends ConsumerDeps {
  readonly source: SourceReader;
  readonly documents: RecordDocuments;
  readonly postponer: MessagePostponer;
  readonly versions: DocumentVersions;
  readonly unrepairable: UnrepairableLog;
  /** Where documents are not ours to write: records that exist are touched instead. */
  readonly toucher?: SourceToucher;
  /** See `makeSettleReread`; versions of databases are no times. */
  readonly isYoung?: (winner: bigint | undefined, version: bigint) => boolean;
  /** A record may have several documents, so that the manifest must be asked which it has. */
  readonly several: boolean;
}
