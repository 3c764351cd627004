import type { ExportDataFile } from "./ports/table-export.ts";

/** How far the reading of a table is: `<prefix>/<token>/progress.json`. Times are epoch milliseconds. */
export interface SnapshotProgress {
  /** The database's clock before any row was read. */
  readonly exportTime: number;
  /** What was committed up to then lies below this LSN; decimal text. */
  readonly anchorLsn: string;
  /** The key of the last row that lies in a file. */
  readonly after?: readonly string[];
  readonly files: readonly ExportDataFile[];
  /** When the last row had been read. */
  readonly readUntil?: number;
  /** Since when a replica is behind the anchor. */
  readonly behindSince?: number;
}

/** Rows of one data file, as lines, until it is full. */
export class DataFileLines {
  readonly #texts: string[] = [];
  #begun: string[] = [];
  #begunCharacters = 0;
  #characters = 0;
  #lines = 0;

  get count(): number {
    return this.#lines;
  }

  get characters(): number {
    return this.#characters;
  }

  get isFull(): boolean {
    return this.#lines >= LINES_A_FILE || this.#characters >= CHARACTERS_A_FILE;
  }

  add(line: string): void {
    this.#begun.push(line);
    this.#lines += 1;
    this.#begunCharacters += line.length;
    this.#characters += line.length;
    if (this.#begunCharacters >= CHARACTERS_A_PART) this.#close();
  }

  /** The file's content in parts, each to be compressed by itself. */
  parts(): readonly string[] {
    this.#close();
    return this.#texts;
  }

  #close(): void {
    if (this.#begun.length > 0) this.#texts.push(`${this.#begun.join("\n")}\n`);
    this.#begun = [];
    this.#begunCharacters = 0;
  }
}

const LINES_A_FILE = 250_000;
const CHARACTERS_A_FILE = 64 * 1024 * 1024;
const CHARACTERS_A_PART = 4 * 1024 * 1024;
