import type { AttributeMap, TableKey } from "./attribute-value.ts";
import { parseRecordId, toDocumentId, toRecordId } from "./document-id.ts";
import { type Fingerprint, fingerprintRecord } from "./fingerprint.ts";
import { parseManagedId, toManagedId } from "./managed-id.ts";
import { fingerprintPlainRecord } from "./plain-fingerprint.ts";

/** Who writes a generation's index: OpenSearch Ingestion, or our consumer. */
export type GenerationMode = "managed" | "custom";

/** How the writer of a generation names its records, and what a record's digest is made of. */
export interface ModeRules {
  readonly toRecordId: (key: AttributeMap, tableKey: TableKey) => string;
  readonly toDocumentId: (recordId: string) => string;
  /** Every key a record of that id may have; mostly one, none where no record of the table can have it. */
  readonly parseRecordId: (recordId: string, tableKey: TableKey) => readonly AttributeMap[];
  readonly fingerprint: (record: AttributeMap) => Fingerprint;
}

const custom: ModeRules = {
  toRecordId,
  toDocumentId,
  parseRecordId: (recordId, tableKey) => {
    const key = parseRecordId(recordId, tableKey);
    return key === undefined ? [] : [key];
  },
  fingerprint: fingerprintRecord,
};

const managed: ModeRules = {
  toRecordId: toManagedId,
  toDocumentId: (recordId) => recordId,
  parseRecordId: parseManagedId,
  fingerprint: fingerprintPlainRecord,
};

export function rulesOf(mode: GenerationMode): ModeRules {
  return mode === "managed" ? managed : custom;
}
