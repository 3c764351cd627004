import { toNumberLiteral } from "./exact-number.ts";
import { canonicalNumber } from "./fingerprint.ts";

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const FIRST_PRINTABLE = 0x20;
const LAST_ASCII = 0x7f;
const FIRST_SURROGATE = 0xd800;
const LAST_SURROGATE = 0xdfff;
/** How UTF-8 writes characters in two and in three bytes. */
const LAST_OF_TWO = 0x7ff;
const LEAD_OF_TWO = 0xc0;
const LEAD_OF_THREE = 0xe0;
const TRAIL = 0x80;
const TRAIL_BITS = 0x3f;
const MINUS = 0x2d;
const POINT = 0x2e;
const ZERO = 0x30;
const NINE = 0x39;
const LETTER_E = 0x65;
const LETTER_N = 0x6e;

const FIRST_CAPACITY = 64 * 1024;
/** Longer texts are quoted by the platform, whose cost a call is only worth it for them. */
const LONGEST_LOOP = 128;
/** What DynamoDB has digits for, and a little more. */
const LONGEST_PLAIN_NUMBER = 40;
/** Whatever such a text holds, in UTF-8, and an exponent. */
const ROOM_FOR_NUMBER = 3 * LONGEST_PLAIN_NUMBER + 8;

/**
 * Writes values as they stand in a document and in the canonical form, both at once, as bytes in buffers that
 * are used again: the strings between would cost more than all the rest.
 */
export class ValueWriter {
  protected document = Buffer.allocUnsafeSlow(FIRST_CAPACITY);
  protected canonical = Buffer.allocUnsafeSlow(FIRST_CAPACITY);
  protected documentEnd = 0;
  protected canonicalEnd = 0;
  #capacity = FIRST_CAPACITY;

  /** One ASCII character in both. */
  mark(code: number): void {
    this.reserve(1);
    this.document[this.documentEnd++] = code;
    this.canonical[this.canonicalEnd++] = code;
  }

  /** The letter that tells a type apart in the canonical form. */
  markType(code: number): void {
    this.reserve(1);
    this.canonical[this.canonicalEnd++] = code;
  }

  /** The texts of one value, as they are. */
  append(document: string, canonical: string): void {
    this.reserve(3 * Math.max(document.length, canonical.length));
    this.documentEnd = put(this.document, this.documentEnd, document);
    this.canonicalEnd = put(this.canonical, this.canonicalEnd, canonical);
  }

  #appendToBoth(text: string): void {
    this.reserve(3 * text.length);
    const begin = this.documentEnd;
    const end = put(this.document, begin, text);
    this.canonicalEnd += this.document.copy(this.canonical, this.canonicalEnd, begin, end);
    this.documentEnd = end;
  }

  /** A text as a JSON string. */
  text(text: string): void {
    const documentEnd = this.documentEnd;
    const canonicalEnd = this.canonicalEnd;
    if (text.length <= LONGEST_LOOP && this.#quotePlain(text, 0, text.length) === text.length) return;
    this.documentEnd = documentEnd;
    this.canonicalEnd = canonicalEnd;
    this.#appendToBoth(JSON.stringify(text));
  }

  /**
   * A JSON string as it stands in a line.
   *
   * @param begin - of the first byte behind its opening quote
   * @returns where its closing quote is; -1, with nothing written, when a parser has to look at it
   */
  textOfLine(line: Uint8Array, begin: number, lineEnd: number): number {
    this.reserve(lineEnd - begin + 2);
    const document = this.document;
    const canonical = this.canonical;
    let documentEnd = this.documentEnd;
    let canonicalEnd = this.canonicalEnd;
    document[documentEnd++] = QUOTE;
    canonical[canonicalEnd++] = QUOTE;
    for (let place = begin; place < lineEnd; place += 1) {
      const byte = line[place] ?? 0;
      if (byte < FIRST_PRINTABLE || byte === BACKSLASH) return -1;
      document[documentEnd++] = byte;
      canonical[canonicalEnd++] = byte;
      if (byte !== QUOTE) continue;
      this.documentEnd = documentEnd;
      this.canonicalEnd = canonicalEnd;
      return place;
    }
    return -1;
  }

  /**
   * Quotes what stands for itself in a JSON string, up to a quote or `end`.
   *
   * @returns where it stopped; -1, with nothing written, at an escape, a control character or a surrogate
   */
  #quotePlain(text: string, start: number, end: number): number {
    this.reserve(3 * (end - start) + 2);
    const document = this.document;
    const canonical = this.canonical;
    let documentEnd = this.documentEnd;
    let canonicalEnd = this.canonicalEnd;
    document[documentEnd++] = QUOTE;
    canonical[canonicalEnd++] = QUOTE;
    let place = start;
    for (; place < end; place += 1) {
      const code = text.charCodeAt(place);
      if (code === QUOTE) break;
      if (code < FIRST_PRINTABLE || code === BACKSLASH) return -1;
      let byte = code;
      if (code > LAST_ASCII) {
        if (code >= FIRST_SURROGATE && code <= LAST_SURROGATE) return -1;
        let lead = LEAD_OF_TWO | (code >> 6);
        if (code > LAST_OF_TWO) {
          lead = TRAIL | ((code >> 6) & TRAIL_BITS);
          document[documentEnd++] = canonical[canonicalEnd++] = LEAD_OF_THREE | (code >> 12);
        }
        document[documentEnd++] = canonical[canonicalEnd++] = lead;
        byte = TRAIL | (code & TRAIL_BITS);
      }
      document[documentEnd++] = byte;
      canonical[canonicalEnd++] = byte;
    }
    document[documentEnd++] = QUOTE;
    canonical[canonicalEnd++] = QUOTE;
    this.documentEnd = documentEnd;
    this.canonicalEnd = canonicalEnd;
    return place;
  }

  /** @throws SyncError `EVENT_UNDECODABLE` when it is no number (not retryable) */
  number(number: string): void {
    if (number.length > LONGEST_PLAIN_NUMBER || !this.#plainNumber(number)) {
      this.append(toNumberLiteral(number), `n${canonicalNumber(number)}`);
    }
  }

  #plainNumber(number: string): boolean {
    const begin = this.documentEnd;
    this.reserve(ROOM_FOR_NUMBER);
    this.documentEnd = put(this.document, begin, number);
    if (this.#canonicalOf(begin)) return true;
    this.documentEnd = begin;
    return false;
  }

  /**
   * A number as it stands in a line, between quotes.
   *
   * @returns where its closing quote is; -1, with nothing written, when it is not an ordinary one
   */
  numberOfLine(line: Uint8Array, begin: number, lineEnd: number): number {
    this.reserve(ROOM_FOR_NUMBER);
    const documentBegin = this.documentEnd;
    const document = this.document;
    const shift = documentBegin - begin;
    const last = Math.min(lineEnd, begin + LONGEST_PLAIN_NUMBER);
    let place = begin;
    for (; place < last && line[place] !== QUOTE; place += 1) document[shift + place] = line[place] ?? 0;
    this.documentEnd = shift + place;
    if (line[place] === QUOTE && this.#canonicalOf(documentBegin)) return place;
    this.documentEnd = documentBegin;
    return -1;
  }

  /**
   * Writes the canonical form of the number that the document ends with. Most have no zero at either end and no
   * exponent: all that changes is the point. @returns false, with nothing written, for every other
   */
  #canonicalOf(begin: number): boolean {
    const document = this.document;
    const end = this.documentEnd;
    const first = document[begin] === MINUS ? begin + 1 : begin;
    if (first >= end || !isDigitButZero(document[first]) || !isDigitButZero(document[end - 1])) return false;
    const canonical = this.canonical;
    let canonicalEnd = this.canonicalEnd;
    canonical[canonicalEnd++] = LETTER_N;
    let point = -1;
    for (let place = begin; place < end; place += 1) {
      const code = document[place] ?? 0;
      if ((code >= ZERO && code <= NINE) || place < first) canonical[canonicalEnd++] = code;
      else if (code === POINT && point === -1) point = place;
      else return false;
    }
    this.canonicalEnd = canonicalEnd;
    if (point !== -1) this.#negativeExponent(end - point - 1);
    return true;
  }

  #negativeExponent(fractionDigits: number): void {
    const canonical = this.canonical;
    canonical[this.canonicalEnd++] = LETTER_E;
    canonical[this.canonicalEnd++] = MINUS;
    if (fractionDigits > 9) canonical[this.canonicalEnd++] = ZERO + Math.floor(fractionDigits / 10);
    canonical[this.canonicalEnd++] = ZERO + (fractionDigits % 10);
  }

  /** Makes room for so many more bytes in both. */
  protected reserve(bytes: number): void {
    if (Math.max(this.documentEnd, this.canonicalEnd) + bytes > this.#capacity) this.#grow(bytes);
  }

  #grow(bytes: number): void {
    this.#capacity = 2 * (this.#capacity + bytes);
    this.document = grown(this.document, this.#capacity);
    this.canonical = grown(this.canonical, this.#capacity);
  }
}

/** Writes a text. @returns where it ends */
function put(buffer: Buffer, begin: number, text: string): number {
  if (text.length > LONGEST_LOOP) return begin + buffer.write(text, begin);
  for (let place = 0; place < text.length; place += 1) {
    const code = text.charCodeAt(place);
    if (code > LAST_ASCII) return begin + buffer.write(text, begin);
    buffer[begin + place] = code;
  }
  return begin + text.length;
}

function isDigitButZero(code = 0): boolean {
  return code > ZERO && code <= NINE;
}

function grown(buffer: Buffer, capacity: number): Buffer<ArrayBuffer> {
  const larger = Buffer.allocUnsafeSlow(capacity);
  buffer.copy(larger);
  return larger;
}
