import type { AttributeMap } from "./attribute-value.ts";

/** Why a document is to be read again from its source. `enrichment`: it was indexed without something from outside. */
export type ReindexReason = "drift" | "ambiguous" | "dead-letter" | "rebuild" | "enrichment";

/**
 * Asks the consumer to read one record again and write what it finds; the body of one message
 * on a generation's reindex queue (SQS FIFO), or one of several in the list that is its body.
 *
 * MessageGroupId is base64url(sha256(recordId)), so requests of one record are serialised, unless they come in a list;
 * MessageDeduplicationId is `requestId`, of the first one in a list, so asking again is never swallowed.
 */
export interface ReindexRequest {
  readonly requestId: string;
  readonly reason: ReindexReason;
  /** Identifies the record; its key is parsed from it where `key` is absent. */
  readonly recordId: string;
  /** The record's key, where whoever asks has it. */
  readonly key?: AttributeMap;
  /** A document that must not outlive the re-read unless the record still makes it, known to the manifest or not. */
  readonly documentId?: string;
  /** 1 for the first try; a 409 makes another request with one more. */
  readonly attempt: number;
  /** Not to be worked on before, epoch milliseconds. */
  readonly notBefore: number;
  /** The audit that asked; an answer of `unrepairable` is written under its folder. */
  readonly auditRun?: string;
}

/** After how many tries answered 409 a document is given up as `unrepairable`. */
export const MAX_REREAD_ATTEMPTS = 5;

/** How long a re-read that was answered 409 waits before it reads again. */
export const REREAD_AGAIN_AFTER_MILLIS = 10_000;

/** A record that can never be indexed as it is: the body of one message on a generation's dead-letter queue. */
export interface DeadLetter {
  readonly table: string;
  readonly generation: string;
  readonly recordId: string;
  readonly key: AttributeMap;
  /** The document that was refused: a write of it that nobody heard of may be in the index all the same. */
  readonly documentId?: string;
  /** Stable cause for grouping: `MAPPING_REJECTED`, `DOCUMENT_TOO_LARGE`, `TRANSFORM_FAILED`, `EVENT_UNDECODABLE`, … */
  readonly cause: string;
  /** The engine's or the transform's reason, without any value of the document. */
  readonly reason: string;
  /** Where it was in the source: `shardId/sequence`, `reindex/<requestId>` or `load/<file>:<line>`. */
  readonly position: string;
  readonly at: string;
}
