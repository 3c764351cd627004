/** A table as the log describes it before its first row. */
export interface Relation {
  readonly schema: string;
  readonly table: string;
  readonly columns: readonly { readonly name: string; readonly typeOid: number }[];
}

/** A row's texts by column; null where it is null. A long value that did not change is not in it at all. */
export type Tuple = ReadonlyMap<string, string | null>;

/** One message of the log, of those that Data Prepper looks at. */
export type LogMessage =
  /** @property committedAt - epoch milliseconds */
  | { readonly kind: "begin"; readonly committedAt: number }
  | { readonly kind: "insert"; readonly relation: Relation; readonly row: Tuple }
  | { readonly kind: "update"; readonly relation: Relation; readonly old?: Tuple; readonly row: Tuple }
  | { readonly kind: "delete"; readonly relation: Relation; readonly old: Tuple }
  | { readonly kind: "commit" }
  /** Truncations, origins, types and messages: Data Prepper passes over them. */
  | { readonly kind: "other" };

/** Between 1970-01-01 and 2000-01-01, where PostgreSQL's time begins. */
const EPOCH_MILLIS = 946_684_800_000;

/**
 * Makes a reader of pgoutput's messages, protocol version 1. It remembers the tables that were described to it.
 *
 * @see https://www.postgresql.org/docs/current/protocol-logicalrep-message-formats.html
 */
export function makeMessageReader(): (buffer: Buffer) => LogMessage {
  const relations = new Map<number, Relation>();
  return (buffer) => {
    const cursor = new Cursor(buffer);
    switch (cursor.letter()) {
      case "B":
        return { kind: "begin", committedAt: readCommitTime(cursor) };
      case "R":
        relations.set(...readRelation(cursor));
        return { kind: "other" };
      case "I":
        return readInsert(cursor, relations);
      case "U":
        return readUpdate(cursor, relations);
      case "D": {
        const relation = requireRelation(cursor, relations);
        cursor.letter();
        return { kind: "delete", relation, old: readTuple(cursor, relation) };
      }
      case "C":
        return { kind: "commit" };
      default:
        return { kind: "other" };
    }
  };
}

function readCommitTime(cursor: Cursor): number {
  cursor.long(); // where the transaction ends
  return Number(cursor.long() / 1000n) + EPOCH_MILLIS;
}

function readRelation(cursor: Cursor): [number, Relation] {
  const oid = cursor.int();
  const [schema, table] = [cursor.text(), cursor.text()];
  cursor.letter(); // replica identity
  const columns = Array.from({ length: cursor.short() }, () => {
    cursor.letter(); // whether it is of the key
    const column = { name: cursor.text(), typeOid: cursor.int() };
    cursor.int(); // modifier of the type
    return column;
  });
  return [oid, { schema, table, columns }];
}

function readInsert(cursor: Cursor, relations: ReadonlyMap<number, Relation>): LogMessage {
  const relation = requireRelation(cursor, relations);
  cursor.letter();
  return { kind: "insert", relation, row: readTuple(cursor, relation) };
}

function readUpdate(cursor: Cursor, relations: ReadonlyMap<number, Relation>): LogMessage {
  const relation = requireRelation(cursor, relations);
  if (cursor.letter() === "N") return { kind: "update", relation, row: readTuple(cursor, relation) };
  const old = readTuple(cursor, relation);
  cursor.letter();
  return { kind: "update", relation, old, row: readTuple(cursor, relation) };
}

function requireRelation(cursor: Cursor, relations: ReadonlyMap<number, Relation>): Relation {
  const relation = relations.get(cursor.int());
  if (relation === undefined) throw new RangeError("a row of a table that was not described");
  return relation;
}

function readTuple(cursor: Cursor, { columns }: Relation): Tuple {
  const row = new Map<string, string | null>();
  const count = cursor.short();
  for (const { name } of columns.slice(0, count)) {
    const kind = cursor.letter();
    if (kind === "t") row.set(name, cursor.bytes(cursor.int()).toString());
    else if (kind === "n") row.set(name, null);
  }
  return row;
}

/** Reads a buffer from its beginning on. */
class Cursor {
  readonly #buffer: Buffer;
  #place = 0;

  constructor(buffer: Buffer) {
    this.#buffer = buffer;
  }

  letter(): string {
    return this.bytes(1).toString("latin1");
  }

  short(): number {
    return this.bytes(2).readInt16BE();
  }

  int(): number {
    return this.bytes(4).readUInt32BE();
  }

  long(): bigint {
    return this.bytes(8).readBigInt64BE();
  }

  text(): string {
    const text = this.#buffer.toString("utf8", this.#place, this.#buffer.indexOf(0, this.#place));
    this.#place += Buffer.byteLength(text) + 1;
    return text;
  }

  bytes(length: number): Buffer {
    this.#place += length;
    return this.#buffer.subarray(this.#place - length, this.#place);
  }
}
