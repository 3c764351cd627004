import type { ObjectStore } from "./ports/object-store.ts";

/** An object whose parts are read one bucket at a time, by byte range. */
export interface BucketedObject {
  readonly key: string;
  /** Where each bucket's part begins, and where the last one ends: buckets + 1 numbers. */
  readonly offsets: readonly number[];
}

/** Lines on their way into a {@link BucketedObject}. */
export class BucketedLines {
  readonly #lines: string[][];
  #count = 0;

  constructor(buckets: number) {
    this.#lines = Array.from({ length: buckets }, () => []);
  }

  /** How many lines it holds. */
  get count(): number {
    return this.#count;
  }

  add(bucket: number, line: string): void {
    this.#lines[bucket]?.push(line);
    this.#count += 1;
  }

  /** Stores the lines and forgets them. @param firstLine - heads every part that is not empty */
  async write(store: ObjectStore, key: string, firstLine = ""): Promise<BucketedObject> {
    const head = firstLine === "" ? "" : `${firstLine}\n`;
    const texts = this.#lines.map((lines) => (lines.length === 0 ? "" : `${head}${lines.join("\n")}\n`));
    for (const lines of this.#lines) lines.length = 0;
    this.#count = 0;
    return { key, offsets: await store.writeParts(key, texts) };
  }
}

/** @returns the text of one bucket, empty where it has no line; undefined when the object is gone */
export async function readBucketPart(
  store: ObjectStore,
  { key, offsets }: BucketedObject,
  bucket: number,
): Promise<string | undefined> {
  const start = offsets[bucket] ?? 0;
  const end = offsets[bucket + 1] ?? start;
  return start === end ? "" : store.readPart(key, start, end);
}

/** The lines of a text, without the empty one after its last line break. */
export function linesOf(text: string): string[] {
  const lines = text.split("\n");
  if (lines.at(-1) === "") lines.pop();
  return lines;
}
