import { type AttributeMap, type AttributeValue, keyAttributes, type TableKey } from "./attribute-value.ts";
import { toRecordId } from "./document-id.ts";
import { type Member, memberOf } from "./record-member.ts";
import { type RecordTexts, RecordWriter } from "./record-writer.ts";
import { DELETED_AT_FIELD } from "./table-descriptor.ts";
import { writeTexts, writeValue } from "./write-record.ts";

/** A row of an export, ready for index and manifest. */
export interface ScannedRow extends RecordTexts {
  readonly recordId: string;
  readonly key: AttributeMap;
}

/** Reads the line between two places of a block of lines; undefined where it has to go the whole way. */
export type ScanExportLine = (bytes: Buffer, begin: number, end: number) => ScannedRow | undefined;

const FIRST_PRINTABLE = 0x20;
const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const BACKSLASH = 0x5c;
const LIST_BEGIN = 0x5b;
const LIST_END = 0x5d;
const MAP_BEGIN = 0x7b;
const MAP_END = 0x7d;
const LETTER_L = 0x4c;
const LETTER_M = 0x4d;
const LETTER_N = 0x4e;
const LETTER_S = 0x53;

const LINE_BEGIN = Buffer.from('{"Item":');
/** What a value costs before its text: `{"S":`. */
const TYPE_LENGTH = 5;
/** Members have their comma before them, the first one of a map has none. */
const COMMA_LENGTH = 1;
/** JavaScript moves such names before all others of an object. */
const STARTS_WITH_DIGIT = /^\d/;
const TEXT_SET_BEGIN = Buffer.from('{"SS":[');
/** But for their closing braces. */
const TRUE = Buffer.from('{"BOOL":true');
const FALSE = Buffer.from('{"BOOL":false');
const NULL = Buffer.from('{"NULL":true');
const PLAIN_KEY = /^\{"S":"[^"\\]*"\}$/;

/** Thrown where a line is not as DynamoDB writes nearly all of them; made once, because making one is slow. */
const unusual = new SyntaxError("a line needs a whole parser");

/** Makes document and digest of an export's line without parsing it. @see makeExportLineScanner */
class ExportLineScanner {
  readonly #writer = new RecordWriter();
  readonly #tableKey: TableKey;
  readonly #keyNames: ReadonlySet<string>;
  /** Stands for what the record is a value of. */
  readonly #root: Member = { ...memberOf("Item") };
  /** Of the line, and of its neighbours: a line feed is behind it, which stands in no value. */
  #bytes: Buffer = LINE_BEGIN;
  #end = 0;
  #place = 0;
  #key: Record<string, AttributeValue> = {};

  constructor(tableKey: TableKey) {
    this.#tableKey = tableKey;
    this.#keyNames = new Set(keyAttributes(tableKey).map(({ name }) => name));
  }

  scan(bytes: Buffer, begin: number, end: number): ScannedRow {
    this.#bytes = bytes;
    this.#end = end;
    if (!this.#has(LINE_BEGIN, 0, begin)) throw unusual;
    this.#place = begin + LINE_BEGIN.length;
    this.#key = {};
    this.#writer.begin();
    this.#map(this.#root);
    this.#skip(MAP_END);
    if (this.#place !== end) throw unusual;
    const key = this.#key;
    const { source, fingerprint } = this.#writer.end();
    return { recordId: toRecordId(key, this.#tableKey), key, source, fingerprint };
  }

  /** Whether the wanted bytes, from a place of them on, stand at a place of the line. */
  #has(wanted: Uint8Array, from: number, begin: number): boolean {
    const bytes = this.#bytes;
    const shift = begin - from;
    for (let place = from; place < wanted.length; place += 1) {
      if (bytes[shift + place] !== wanted[place]) return false;
    }
    return true;
  }

  /** The text between two places. */
  #slice(begin: number, end: number): string {
    return this.#bytes.toString("utf8", begin, end);
  }

  #skip(code: number): void {
    if (this.#bytes[this.#place] !== code) throw unusual;
    this.#place += 1;
  }

  /** Whether the next character is this one, which is then behind. */
  #takes(code: number): boolean {
    if (this.#bytes[this.#place] !== code) return false;
    this.#place += 1;
    return true;
  }

  /** @param parent - the member whose value the map is, or is in */
  #map(parent: Member): void {
    this.#skip(MAP_BEGIN);
    const base = this.#writer.openMap();
    let last: Member | undefined;
    while (!this.#takes(MAP_END)) {
      if (last !== undefined) this.#skip(COMMA);
      const guess = last === undefined ? parent.first : last.next;
      const member = this.#member(guess);
      if (member !== guess) {
        if (last === undefined) parent.first = member;
        else last.next = member;
      }
      const begin = this.#place;
      this.#writer.member(member);
      this.#value(member);
      if (parent === this.#root) this.#note(member, begin);
      last = member;
    }
    if (!this.#writer.closeMap(base)) throw unusual;
  }

  #member(guess: Member | undefined): Member {
    if (guess !== undefined && this.#has(guess.bytes, COMMA_LENGTH, this.#place)) {
      this.#place += guess.bytes.length - COMMA_LENGTH;
      return guess;
    }
    const begin = this.#place;
    this.#place = this.#endOfString(begin);
    const name: unknown = JSON.parse(this.#slice(begin, this.#place));
    this.#skip(COLON);
    if (typeof name !== "string" || STARTS_WITH_DIGIT.test(name)) throw unusual;
    return memberOf(name);
  }

  #value(parent: Member): void {
    const bytes = this.#bytes;
    const begin = this.#place;
    const hasShortType =
      bytes[begin] === MAP_BEGIN &&
      bytes[begin + 1] === QUOTE &&
      bytes[begin + 3] === QUOTE &&
      bytes[begin + 4] === COLON;
    this.#place = begin + TYPE_LENGTH;
    const type = hasShortType ? bytes[begin + 2] : 0;
    if (type === LETTER_S) this.#text();
    else if (type === LETTER_N) this.#number();
    else if (type === LETTER_M) this.#map(parent);
    else if (type === LETTER_L) this.#list(parent);
    else if (this.#has(TEXT_SET_BEGIN, 0, begin)) this.#textSet(begin);
    else if (this.#has(TRUE, 0, begin)) this.#constant(TRUE.length, "true", "t");
    else if (this.#has(FALSE, 0, begin)) this.#constant(FALSE.length, "false", "f");
    else if (this.#has(NULL, 0, begin)) this.#constant(NULL.length, "null", "0");
    else this.#otherValue(begin);
    this.#skip(MAP_END);
  }

  #text(): void {
    const begin = this.#place;
    this.#skip(QUOTE);
    const end = this.#writer.textOfLine(this.#bytes, begin + 1, this.#end);
    this.#place = end === -1 ? this.#endOfString(begin) : end + 1;
    if (end === -1) this.#writer.text(JSON.parse(this.#slice(begin, this.#place)));
  }

  #number(): void {
    this.#skip(QUOTE);
    const begin = this.#place;
    const end = this.#writer.numberOfLine(this.#bytes, begin, this.#end);
    this.#place = end === -1 ? this.#endOfString(begin - 1) : end + 1;
    if (end === -1) this.#writer.number(this.#slice(begin, this.#place - 1));
  }

  #list(parent: Member): void {
    this.#skip(LIST_BEGIN);
    this.#writer.mark(LIST_BEGIN);
    for (let isFirst = true; !this.#takes(LIST_END); isFirst = false) {
      if (!isFirst) {
        this.#skip(COMMA);
        this.#writer.mark(COMMA);
      }
      this.#value(parent);
    }
    this.#writer.mark(LIST_END);
  }

  #constant(length: number, document: string, canonical: string): void {
    this.#place += length - TYPE_LENGTH;
    this.#writer.append(document, canonical);
  }

  #textSet(begin: number): void {
    const texts: string[] = [];
    this.#place = begin + TEXT_SET_BEGIN.length;
    while (!this.#takes(LIST_END)) {
      if (texts.length > 0) this.#skip(COMMA);
      const textBegin = this.#place;
      this.#skip(QUOTE);
      this.#place = this.#endOfString(textBegin);
      texts.push(this.#slice(textBegin + 1, this.#place - 1));
    }
    if (texts.every(isPlain)) writeTexts(this.#writer, texts);
    else this.#otherValue(begin);
  }

  /** Parses the value of any other type: none of them nests, so that it ends with the first brace outside a string. */
  #otherValue(begin: number): void {
    const bytes = this.#bytes;
    let end = begin;
    while (end < this.#end && bytes[end] !== MAP_END) {
      end = bytes[end] === QUOTE ? this.#endOfString(end) : end + 1;
    }
    this.#place = end;
    writeValue(this.#writer, JSON.parse(this.#slice(begin, end + 1)));
  }

  /** @param begin - of a string, its opening quote @returns the place behind its closing one */
  #endOfString(begin: number): number {
    const bytes = this.#bytes;
    for (let place = begin + 1; place < this.#end; place += 1) {
      const code = bytes[place];
      if (code === QUOTE) return place + 1;
      if (code === BACKSLASH) place += 1;
    }
    throw unusual;
  }

  /** Keeps a value that belongs to the record's key. */
  #note({ name }: Member, begin: number): void {
    if (name === DELETED_AT_FIELD) throw unusual;
    if (!this.#keyNames.has(name)) return;
    const text = this.#slice(begin, this.#place);
    this.#key[name] = PLAIN_KEY.test(text) ? { S: text.slice(6, -2) } : JSON.parse(text);
  }
}

/** Whether a text stands for itself between the quotes of a JSON string. */
function isPlain(text: string): boolean {
  for (let place = 0; place < text.length; place += 1) {
    const code = text.charCodeAt(place);
    if (code < FIRST_PRINTABLE || code === BACKSLASH) return false;
  }
  return true;
}

/**
 * Makes the fast reader of export lines, for documents that are their records.
 *
 * It answers as the whole way does, `JSON.parse`, `toRecordId`, `toDocumentText` and `fingerprintRecord`, or not at all.
 *
 * @returns undefined for a line that has to go the whole way: it is no record, has a name twice or one that
 * starts with a digit, uses the reserved field, or is written otherwise than DynamoDB does
 */
export function makeExportLineScanner(tableKey: TableKey): ScanExportLine {
  const scanner = new ExportLineScanner(tableKey);
  return (bytes, begin, end) => {
    try {
      return scanner.scan(bytes, begin, end);
    } catch {
      return undefined;
    }
  };
}
