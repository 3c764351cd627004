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
   * @param start - of the first character behind its opening quote
   * @returns where its closing quote is; -1, with nothing written, when a parser has to look at it
   */
  textOfLine(line: string, start: number): number {
    const documentEnd = this.documentEnd;
    const canonicalEnd = this.canonicalEnd;
    const end = this.#quotePlain(line, start, Math.min(line.length, start + LONGEST_LOOP));
    if (end === -1 || line.charCodeAt(end) === QUOTE) return end;
    this.documentEnd = documentEnd;
    this.canonicalEnd = canonicalEnd;
    return this.#longTextOfLine(line, start);
  }

  #longTextOfLine(line: string, start: number): number {
    const end = line.indexOf('"', start);
    const quoted = JSON.stringify(line.slice(start, end));
    if (quoted.length !== end - start + 2) return -1;
    this.#appendToBoth(quoted);
    return end;
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
    this.reserve(LONGEST_PLAIN_NUMBER + 8);
    const document = this.document;
    const canonical = this.canonical;
    let documentEnd = this.documentEnd;
    let canonicalEnd = this.canonicalEnd;
    canonical[canonicalEnd++] = LETTER_N;
    let point = -1;
    for (let place = start; place < end; place += 1) {
      const code = text.charCodeAt(place);
      document[documentEnd++] = code;
      if ((code >= ZERO && code <= NINE) || place < first) canonical[canonicalEnd++] = code;
      else if (code === POINT && point === -1) point = place;
      else return false;
    }
    this.documentEnd = documentEnd;
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

function isDigitButZero(code: number): boolean {
  return code > ZERO && code <= NINE;
}

function grown(buffer: Buffer, capacity: number): Buffer<ArrayBuffer> {
  const larger = Buffer.allocUnsafeSlow(capacity);
  buffer.copy(larger);
  return larger;
}
