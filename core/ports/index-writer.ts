import type { ExternalVersion } from "../external-version.ts";

/** One whole document, or tombstone, for the index, or a removal; sent with `version_type: external_gte`. */
export interface IndexWrite {
  readonly id: string;
  readonly version: ExternalVersion;
  /**
   * The document as JSON text, ready for the wire: every digit of its numbers is in it. No line breaks. Undefined
   * removes it, which only managed generations do.
   */
  readonly source: string | undefined;
}

/** The fate of one write. */
export type WriteOutcome =
  /** The index took it; `seqNo` and `primaryTerm` are this write's. */
  | { readonly kind: "applied"; readonly seqNo: number; readonly primaryTerm: number }
  /** The index holds a newer version (409). A success for change events and floor rows. */
  | { readonly kind: "superseded" }
  /** Refused for good (400, or 413 when alone); `reason` holds no document value. */
  | {
      readonly kind: "rejected";
      readonly cause: "MAPPING_REJECTED" | "DOCUMENT_TOO_LARGE";
      readonly reason: string;
    }
  /** Not taken now: 429, 5xx, unreachable, 401, 403, 404 of the write alias. The same write can succeed later. */
  | { readonly kind: "unavailable"; readonly status: number; readonly reason: string };

export interface IndexWriter {
  /**
   * Writes documents, splitting them into bulks as the target allows, backing off from 429s until `deadline`.
   *
   * @param writes - any number, at most one a document id
   * @param deadline - epoch milliseconds; what is not settled by then is `unavailable`
   * @returns one outcome a write, in the order given; never throws for what the target did
   */
  write(writes: readonly IndexWrite[], deadline: number): Promise<readonly WriteOutcome[]>;
}
