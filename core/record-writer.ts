import { digestCanonical, type Fingerprint } from "./fingerprint.ts";
import { type Member, orderOf } from "./record-member.ts";
import { ValueWriter } from "./value-writer.ts";

/** What is made of every record: its document as JSON text, and its digest. */
export interface RecordTexts {
  readonly source: string;
  readonly fingerprint: Fingerprint;
}

const MAP_BEGIN = 0x7b;
const MAP_END = 0x7d;

/**
 * Writes the document of a record and its digest in one pass over its values.
 *
 * Gives what `toDocumentText` and `fingerprintRecord` give. One record at a time, from `begin` to `end`.
 */
export class RecordWriter extends ValueWriter {
  /** The members of all open maps, and where each begins; what is behind the last is left over. */
  readonly #members: Member[] = [];
  readonly #documentBegins: number[] = [];
  readonly #canonicalBegins: number[] = [];
  #memberCount = 0;

  /** Forgets the record before. */
  begin(): void {
    this.documentEnd = 0;
    this.canonicalEnd = 0;
    this.#memberCount = 0;
  }

  /** What was written since `begin`. */
  end(): RecordTexts {
    const source = this.document.toString("utf8", 0, this.documentEnd);
    return { source, fingerprint: digestCanonical(this.canonical.subarray(0, this.canonicalEnd)) };
  }

  /** @returns what `closeMap` is to be given */
  openMap(): number {
    this.reserve(1);
    this.canonical[this.canonicalEnd++] = MAP_BEGIN;
    return this.#memberCount;
  }

  /** Begins a member of the map opened last; its value comes next. */
  member(member: Member): void {
    const { bytes } = member;
    this.reserve(bytes.length);
    const count = this.#memberCount++;
    this.#members[count] = member;
    this.#documentBegins[count] = this.documentEnd;
    this.#canonicalBegins[count] = this.canonicalEnd;
    const document = this.document;
    const canonical = this.canonical;
    let documentEnd = this.documentEnd;
    let canonicalEnd = this.canonicalEnd;
    for (let place = 0; place < bytes.length; place += 1) {
      const byte = bytes[place] ?? 0;
      document[documentEnd++] = byte;
      canonical[canonicalEnd++] = byte;
    }
    this.documentEnd = documentEnd;
    this.canonicalEnd = canonicalEnd;
  }

  /** @returns whether no name was there twice */
  closeMap(base: number): boolean {
    const { sorted, distinct } = orderOf(this.#members, base, this.#memberCount);
    if (sorted !== undefined) this.#sort(base, sorted);
    this.reserve(2);
    // The brace goes where the first member's comma is.
    if (this.#memberCount === base) this.document[this.documentEnd++] = MAP_BEGIN;
    else this.document[this.#documentBegins[base] ?? 0] = MAP_BEGIN;
    this.#memberCount = base;
    this.mark(MAP_END);
    return distinct;
  }

  /** Rewrites the members of a canonical map in their order, behind it, and moves them back. */
  #sort(base: number, sorted: readonly number[]): void {
    const begins = this.#canonicalBegins;
    const begin = begins[base] ?? 0;
    const end = this.canonicalEnd;
    this.reserve(end - begin);
    const canonical = this.canonical;
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
}
