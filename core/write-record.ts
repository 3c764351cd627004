import type { AttributeMap, AttributeValue } from "./attribute-value.ts";
import { valueText } from "./document.ts";
import { canonicalValue } from "./fingerprint.ts";
import { memberOf } from "./record-member.ts";
import { type RecordTexts, RecordWriter } from "./record-writer.ts";
import { sortTexts } from "./sort-texts.ts";

const COMMA = 0x2c;
const LIST_BEGIN = 0x5b;
const LIST_END = 0x5d;
const LETTER_S = 0x73;

const writer = new RecordWriter();

/**
 * Makes a record's document and its digest, walking it once.
 *
 * The same as `toDocumentText` and `fingerprintRecord`, at two thirds of their cost.
 *
 * @throws SyncError `EVENT_UNDECODABLE` when a number in it is none (not retryable)
 */
export function writeRecord(record: AttributeMap): RecordTexts {
  writer.begin();
  writeMap(writer, record);
  return writer.end();
}

function writeMap(writer: RecordWriter, map: AttributeMap): void {
  const base = writer.openMap();
  for (const name in map) {
    const value = map[name];
    if (value === undefined) continue;
    writer.member(memberOf(name));
    writeValue(writer, value);
  }
  writer.closeMap(base);
}

/** Writes one value of a record. */
export function writeValue(writer: RecordWriter, value: AttributeValue): void {
  if ("S" in value) writer.text(value.S);
  else if ("N" in value) writer.number(value.N);
  else if ("BOOL" in value) writer.append(value.BOOL ? "true" : "false", value.BOOL ? "t" : "f");
  else if ("M" in value) writeMap(writer, value.M);
  else if ("L" in value) writeList(writer, value.L);
  else if ("SS" in value) writeTexts(writer, value.SS);
  else writer.append(valueText(value), canonicalValue(value));
}

function writeList(writer: RecordWriter, values: readonly AttributeValue[]): void {
  writer.mark(LIST_BEGIN);
  for (let place = 0; place < values.length; place += 1) {
    if (place > 0) writer.mark(COMMA);
    const value = values[place];
    if (value !== undefined) writeValue(writer, value);
  }
  writer.mark(LIST_END);
}

/** Writes a set of texts, in their order. */
export function writeTexts(writer: RecordWriter, texts: readonly string[]): void {
  writer.markType(LETTER_S);
  const sorted = sortTexts(texts);
  writer.mark(LIST_BEGIN);
  for (let place = 0; place < sorted.length; place += 1) {
    if (place > 0) writer.mark(COMMA);
    writer.text(sorted[place] ?? "");
  }
  writer.mark(LIST_END);
}
