/**
 * Whole lines of a file as they stand in it, in UTF-8. Whoever can reads the bytes themselves: a text of each line would
 * cost as much as everything else that is done with it.
 */
export class LineBlock {
  readonly bytes: Buffer;
  readonly #ends: readonly number[];

  /** @param ends - where each line ends, before its line feed; the first begins at 0 */
  constructor(bytes: Buffer, ends: readonly number[]) {
    this.bytes = bytes;
    this.#ends = ends;
  }

  /** A block of these lines. */
  static of(lines: readonly string[]): LineBlock {
    const ends: number[] = [];
    let end = -1;
    for (const line of lines) {
      end += 1 + Buffer.byteLength(line);
      ends.push(end);
    }
    return new LineBlock(Buffer.from(lines.join("\n")), ends);
  }

  /** How many lines it has. */
  get count(): number {
    return this.#ends.length;
  }

  /** @param line - from 0 on @returns where its first byte is */
  beginOf(line: number): number {
    return line === 0 ? 0 : this.endOf(line - 1) + 1;
  }

  /** @returns the place behind its last byte */
  endOf(line: number): number {
    return this.#ends[line] ?? this.bytes.length;
  }

  textOf(line: number): string {
    return this.bytes.toString("utf8", this.beginOf(line), this.endOf(line));
  }

  /** All lines as texts. */
  texts(): readonly string[] {
    return this.#ends.map((_end, line) => this.textOf(line));
  }
}
