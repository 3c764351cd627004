import { SyncError } from "../../../core/errors.ts";

const [QUOTE, BACKSLASH, OPEN_OBJECT, CLOSE_OBJECT, OPEN_ARRAY, CLOSE_ARRAY] = Buffer.from('"\\{}[]');
/** Items are objects in an array in the answer's object. */
const ITEM_DEPTH = 3;

/** Where in a JSON text the reading is. */
interface Scanner {
  depth: number;
  inText: boolean;
  escaped: boolean;
  /** Members of the outermost object seen so far. */
  members: number;
}

/**
 * Splits an answer `{"Items":[{…},{…}]}` into the JSON of its items, as it arrives.
 *
 * An answer of hundreds of megabytes is never whole in memory, and every item keeps the very text it came in.
 *
 * @param chunks - the answer in UTF-8, cut anywhere
 * @returns the items that end in each chunk
 * @throws SyncError `EXPORT_FAILED` when the answer is cut short, or says more than its items: that there are more
 */
export async function* splitItems(chunks: AsyncIterable<Buffer>): AsyncGenerator<readonly string[]> {
  const scanner: Scanner = { depth: 0, inText: false, escaped: false, members: 0 };
  let begun: readonly Buffer[] = [];
  for await (const chunk of chunks) {
    const items: string[] = [];
    let start = 0;
    for (let place = 0; place < chunk.length; place += 1) {
      const before = scanner.depth;
      advance(scanner, chunk[place] ?? 0);
      if (before < ITEM_DEPTH && scanner.depth === ITEM_DEPTH) start = place;
      if (before < ITEM_DEPTH || scanner.depth >= ITEM_DEPTH) continue;
      items.push(Buffer.concat([...begun, chunk.subarray(start, place + 1)]).toString());
      begun = [];
    }
    if (scanner.depth >= ITEM_DEPTH) begun = [...begun, chunk.subarray(start)];
    yield items;
  }
  if (scanner.depth !== 0 || scanner.members !== 1) throw incomplete();
}

function advance(scanner: Scanner, byte: number): void {
  if (scanner.escaped) {
    scanner.escaped = false;
  } else if (scanner.inText) {
    if (byte === BACKSLASH) scanner.escaped = true;
    if (byte === QUOTE) scanner.inText = false;
  } else if (byte === QUOTE) {
    scanner.inText = true;
    if (scanner.depth === 1) scanner.members += 1;
  } else if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) {
    scanner.depth += 1;
  } else if (byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) {
    scanner.depth -= 1;
  }
}

function incomplete(): SyncError {
  return new SyncError("EXPORT_FAILED", "the emulator did not answer with the whole table at once", {
    subject: "ExecuteStatement",
    fix: "look at ministack's output; read the table in pages if it has begun to answer in pages",
    retryable: true,
  });
}
