import { hash } from "node:crypto";
import { toNumberLiteral } from "./exact-number.ts";
import { canonicalNumber, FINGERPRINT_DIGITS, type Fingerprint } from "./fingerprint.ts";
import { type Member, orderOf } from "./record-member.ts";

/** What is made of every record: its document as JSON text, and its digest. */
export interface RecordTexts {
  readonly source: string;
  readonly fingerprint: Fingerprint;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const FIRST_PRINTABLE = 0x20;
const LAST_ASCII = 0x7f;
const MINUS = 0x2d;
const POINT = 0x2e;
const ZERO = 0x30;
const NINE = 0x39;
const LETTER_E = 0x65;
const LETTER_N = 0x6e;
const MAP_BEGIN = 0x7b;
const MAP_END = 0x7d;

const FIRST_CAPACITY = 64 * 1024;
/** Longer texts are quoted by the platform, whose cost a call is only worth it for them. */
const LONGEST_LOOP = 128;
/** What DynamoDB has digits for, and a little more. */
const LONGEST_PLAIN_NUMBER = 40;

/**
 * Writes the document of a record and its canonical form in one pass over its values, both as bytes in
 * buffers that are used again: the strings between would cost more than all the rest.
 *
 * Gives what `toDocumentText` and `fingerprintRecord` give. One record at a time, from `begin` to `end`.
 */
export class RecordWriter {
  #capacity = FIRST_CAPACITY;
  #document = Buffer.allocUnsafeSlow(FIRST_CAPACITY);
  #canonical = Buffer.allocUnsafeSlow(FIRST_CAPACITY);
  #documentEnd = 0;
  #canonicalEnd = 0;
  /** The members of all open maps, and where each begins; what is behind the last is left over. */
  readonly #members: Member[] = [];
  readonly #documentBegins: number[] = [];
  readonly #canonicalBegins: number[] = [];
  #memberCount = 0;

  /** Forgets the record before. */
  begin(): void {
    this.#documentEnd = 0;
    this.#canonicalEnd = 0;
    this.#memberCount = 0;
  }

  /** What was written since `begin`. */
  end(): RecordTexts {
    const source = this.#document.toString("utf8", 0, this.#documentEnd);
    const digest = hash("sha256", this.#canonical.subarray(0, this.#canonicalEnd), "hex");
    return { source, fingerprint: digest.slice(0, FINGERPRINT_DIGITS) as Fingerprint };
  }

  /** @returns what `closeMap` is to be given */
  openMap(): number {
    this.#reserve(1);
    this.#canonical[this.#canonicalEnd++] = MAP_BEGIN;
    return this.#memberCount;
  }

  /** Begins a member of the map opened last; its value comes next. */
  member(member: Member): void {
    const { bytes } = member;
    this.#reserve(bytes.length);
    const count = this.#memberCount++;
    this.#members[count] = member;
    this.#documentBegins[count] = this.#documentEnd;
    this.#canonicalBegins[count] = this.#canonicalEnd;
    const document = this.#document;
    const canonical = this.#canonical;
    let documentEnd = this.#documentEnd;
    let canonicalEnd = this.#canonicalEnd;
    for (let place = 0; place < bytes.length; place += 1) {
      const byte = bytes[place] ?? 0;
      document[documentEnd++] = byte;
      canonical[canonicalEnd++] = byte;
    }
    this.#documentEnd = documentEnd;
    this.#canonicalEnd = canonicalEnd;
  }

  /** @returns whether no name was there twice */
  closeMap(base: number): boolean {
    const { sorted, distinct } = orderOf(this.#members, base, this.#memberCount);
    if (sorted !== undefined) this.#sort(base, sorted);
    this.#reserve(2);
    // The brace goes where the first member's comma is.
    if (this.#memberCount === base) this.#document[this.#documentEnd++] = MAP_BEGIN;
    else this.#document[this.#documentBegins[base] ?? 0] = MAP_BEGIN;
    this.#memberCount = base;
    this.mark(MAP_END);
    return distinct;
  }

  /** Rewrites the members of a canonical map in their order, behind it, and moves them back. */
  #sort(base: number, sorted: readonly number[]): void {
    const begins = this.#canonicalBegins;
    const begin = begins[base] ?? 0;
    const end = this.#canonicalEnd;
    this.#reserve(end - begin);
    const canonical = this.#canonical;
    begins[this.#memberCount] = end;
    let to = end;
    for (const place of sorted) {
      const memberEnd = begins[base + place + 1] ?? end;
      for (let from = begins[base + place] ?? end; from < memberEnd; from += 1) {
        canonical[to++] = canonical[from] ?? 0;
      }
    }
    canonical.copyWithin(begin, end, to);
  }

  /** One ASCII character in both. */
  mark(code: number): void {
    this.#reserve(1);
    this.#document[this.#documentEnd++] = code;
    this.#canonical[this.#canonicalEnd++] = code;
  }

  /** The letter that tells a type apart in the canonical form. */
  markType(code: number): void {
    this.#reserve(1);
    this.#canonical[this.#canonicalEnd++] = code;
  }

  /** The texts of one value, as they are. */
  append(document: string, canonical: string): void {
    this.#reserve(3 * Math.max(document.length, canonical.length));
    this.#documentEnd += this.#document.write(document, this.#documentEnd);
    this.#canonicalEnd += this.#canonical.write(canonical, this.#canonicalEnd);
  }

  /** A text as a JSON string. */
  text(text: string): void {
    const documentEnd = this.#documentEnd;
    const canonicalEnd = this.#canonicalEnd;
    if (text.length <= LONGEST_LOOP && this.#quotePlain(text, 0, text.length) === text.length) return;
    this.#documentEnd = documentEnd;
    this.#canonicalEnd = canonicalEnd;
    const quoted = JSON.stringify(text);
    this.append(quoted, quoted);
  }

  /**
   * A JSON string as it stands in a line.
   *
   * @param start - of the first character behind its opening quote
   * @returns where its closing quote is; -1, with nothing written, when it holds anything but printable ASCII
   */
  textOfLine(line: string, start: number): number {
    return this.#quotePlain(line, start, line.length);
  }

  /** Stops at a quote. */
  #quotePlain(text: string, start: number, end: number): number {
    this.#reserve(end - start + 2);
    const document = this.#document;
    const canonical = this.#canonical;
    let documentEnd = this.#documentEnd;
    let canonicalEnd = this.#canonicalEnd;
    document[documentEnd++] = QUOTE;
    canonical[canonicalEnd++] = QUOTE;
    let place = start;
    for (; place < end; place += 1) {
      const code = text.charCodeAt(place);
      if (code === QUOTE) break;
      if (code < FIRST_PRINTABLE || code > LAST_ASCII || code === BACKSLASH) return -1;
      document[documentEnd++] = code;
      canonical[canonicalEnd++] = code;
    }
    document[documentEnd++] = QUOTE;
    canonical[canonicalEnd++] = QUOTE;
    this.#documentEnd = documentEnd;
    this.#canonicalEnd = canonicalEnd;
    return place;
  }

  /** The number that stands between two places of a text. @throws SyncError `EVENT_UNDECODABLE` when it is none */
  number(text: string, start: number, end: number): void {
    if (this.#plainNumber(text, start, end)) return;
    const number = text.slice(start, end);
    this.append(toNumberLiteral(number), `n${canonicalNumber(number)}`);
  }

  /** Most numbers have no zero at either end and no exponent: all that changes is the point of the canonical one. */
  #plainNumber(text: string, start: number, end: number): boolean {
    const first = text.charCodeAt(start) === MINUS ? start + 1 : start;
    if (end - start > LONGEST_PLAIN_NUMBER) return false;
    if (!isDigitButZero(text.charCodeAt(first)) || !isDigitButZero(text.charCodeAt(end - 1))) return false;
    this.#reserve(LONGEST_PLAIN_NUMBER + 8);
    const document = this.#document;
    const canonical = this.#canonical;
    let documentEnd = this.#documentEnd;
    let canonicalEnd = this.#canonicalEnd;
    canonical[canonicalEnd++] = LETTER_N;
    let point = -1;
    for (let place = start; place < end; place += 1) {
      const code = text.charCodeAt(place);
      document[documentEnd++] = code;
      if ((code >= ZERO && code <= NINE) || place < first) canonical[canonicalEnd++] = code;
      else if (code === POINT && point === -1) point = place;
      else return false;
    }
    this.#documentEnd = documentEnd;
    this.#canonicalEnd = canonicalEnd;
    if (point !== -1) this.#negativeExponent(end - point - 1);
    return true;
  }

  #negativeExponent(fractionDigits: number): void {
    const canonical = this.#canonical;
    canonical[this.#canonicalEnd++] = LETTER_E;
    canonical[this.#canonicalEnd++] = MINUS;
    if (fractionDigits > 9) canonical[this.#canonicalEnd++] = ZERO + Math.floor(fractionDigits / 10);
    canonical[this.#canonicalEnd++] = ZERO + (fractionDigits % 10);
  }

  /** Makes room for so many more bytes in both. */
  #reserve(bytes: number): void {
    if (Math.max(this.#documentEnd, this.#canonicalEnd) + bytes > this.#capacity) this.#grow(bytes);
  }

  #grow(bytes: number): void {
    this.#capacity = 2 * (this.#capacity + bytes);
    this.#document = grown(this.#document, this.#capacity);
    this.#canonical = grown(this.#canonical, this.#capacity);
  }
}

function isDigitButZero(code: number): boolean {
  return code > ZERO && code <= NINE;
}

function grown(buffer: Buffer, capacity: number): Buffer<ArrayBuffer> {
  const larger = Buffer.allocUnsafeSlow(capacity);
  buffer.copy(larger);
  return larger;
}
