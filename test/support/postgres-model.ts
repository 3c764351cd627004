import type { KafkaRecord } from "../../core/kafka-record.ts";

/** A row of the model. `parts`: how many documents it makes; absent = one, itself. */
export interface ModelRow {
  readonly value: string;
  readonly parts?: number;
  /** A value that lies out of line: an update that leaves it alone does not have it in the log. */
  readonly large?: string;
}

/** A change within a transaction. */
type RowChange =
  | { readonly op: "put"; readonly id: string; readonly row: ModelRow; readonly lsn: bigint }
  | { readonly op: "remove"; readonly id: string; readonly lsn: bigint }
  | { readonly op: "move"; readonly id: string; readonly to: string; readonly lsn: bigint }
  | { readonly op: "truncate"; readonly lsn: bigint };

interface Transaction {
  readonly changes: RowChange[];
}

export const TOPIC = "shop.public.things";
export const PARTITIONS = 3;
const PLACEHOLDER = "__debezium_unavailable_value";

/**
 * A PostgreSQL with one table, and Debezium behind its log: transactions that overlap, changes told in commit order,
 * each with the last commit before it. As `facts/verified.md` and the recordings of `test/fixtures/debezium` show both.
 */
export class PostgresModel {
  readonly rows = new Map<string, ModelRow>();
  readonly topic: KafkaRecord[][] = Array.from({ length: PARTITIONS }, () => []);
  readonly #open = new Map<string, Transaction>();
  readonly #tellsOldRows: boolean;
  readonly #now: () => number;
  #lsn = 1_000n;
  /** What Debezium knows of the last commit: null before its first transaction. */
  #lastCommit: bigint | null = null;
  #truncates = 0;

  constructor({ tellsOldRows, now }: { readonly tellsOldRows: boolean; readonly now: () => number }) {
    this.#tellsOldRows = tellsOldRows;
    this.#now = now;
  }

  /** Where the log ends. */
  get position(): bigint {
    return this.#lsn;
  }

  put(session: string, id: string, row: ModelRow): void {
    if (this.#isLocked(session, [id])) return;
    this.#change(session, { op: "put", id, row, lsn: this.#advance() });
  }

  remove(session: string, id: string): void {
    if (this.#isLocked(session, [id]) || !this.#sees(session, id)) return;
    this.#change(session, { op: "remove", id, lsn: this.#advance() });
  }

  move(session: string, id: string, to: string): void {
    if (id === to || this.#isLocked(session, [id, to])) return;
    if (!this.#sees(session, id) || this.#sees(session, to)) return;
    this.#change(session, { op: "move", id, to, lsn: this.#advance() });
  }

  /** Waits for no other transaction: where one has touched the table, it does not happen. */
  truncate(session: string): void {
    const others = [...this.#open].filter(([name]) => name !== session);
    if (others.some(([, { changes }]) => changes.length > 0)) return;
    this.#change(session, { op: "truncate", lsn: this.#advance() });
  }

  commit(session: string): void {
    const transaction = this.#open.get(session);
    if (transaction === undefined) return;
    this.#open.delete(session);
    for (const change of transaction.changes) this.#apply(change);
    this.#lastCommit = this.#advance();
  }

  rollback(session: string): void {
    this.#open.delete(session);
  }

  commitAll(): void {
    for (const session of this.#open.keys()) this.commit(session);
  }

  /** A row of a published table is written and committed; its transaction read where the log ended. */
  writeWatermark(): bigint {
    const position = this.#advance();
    this.#lastCommit = this.#advance();
    return position;
  }

  /** Every row comes as a READ, in the order of the stream. */
  snapshotIncrementally(): void {
    this.writeWatermark();
    for (const [id, row] of this.rows) this.#emit("r", id, null, row, null);
  }

  #apply(change: RowChange): void {
    const before = change.op === "truncate" ? undefined : this.rows.get(change.id);
    if (change.op === "truncate") {
      this.#applyTruncate(change.lsn);
    } else if (change.op === "put") {
      const row = keepLarge(change.row, before);
      this.rows.set(change.id, row);
      const told = before !== undefined && change.row.large === undefined ? this.#untold(row) : row;
      this.#emit(before === undefined ? "c" : "u", change.id, before, told, change.lsn);
    } else if (before !== undefined) {
      this.rows.delete(change.id);
      this.#emit("d", change.id, before, undefined, change.lsn, "__debezium.newkey");
      if (change.op === "remove") return;
      this.rows.set(change.to, before);
      this.#emit("c", change.to, undefined, this.#untold(before), change.lsn, "__debezium.oldkey");
    }
  }

  #applyTruncate(lsn: bigint): void {
    this.rows.clear();
    this.#truncates += 1;
    this.#push(this.#truncates % PARTITIONS, null, { op: "t", before: null, after: null }, lsn, []);
  }

  #emit(
    op: "c" | "u" | "d" | "r",
    id: string,
    before: ModelRow | null | undefined,
    after: ModelRow | undefined,
    lsn: bigint | null,
    header?: string,
  ): void {
    const old =
      before !== null && before !== undefined && this.#tellsOldRows ? toColumns(id, before) : undefined;
    // What the log does not have of a deleted row, Debezium fills with what the columns allow.
    const keyOnly = op === "d" ? { id, value: "", large: null, parts: null } : null;
    const value = { op, before: old ?? keyOnly, after: after === undefined ? null : toColumns(id, after) };
    const headers = header === undefined ? [] : [header];
    this.#push(partitionOf(id), JSON.stringify({ id }), value, lsn, headers);
  }

  #push(
    partition: number,
    key: string | null,
    envelope: object,
    lsn: bigint | null,
    headers: readonly string[],
  ): void {
    const log = this.topic[partition] ?? [];
    const own = lsn ?? this.#lastCommit;
    const sequence = JSON.stringify([this.#lastCommit?.toString() ?? null, own?.toString() ?? null]);
    const source = {
      version: "3.3.1.Final",
      ts_ms: this.#now(),
      sequence,
      lsn: lsn === null ? null : Number(lsn),
    };
    const value = JSON.stringify({ ...envelope, source });
    log.push({ topic: TOPIC, partition, offset: log.length, timestamp: this.#now(), key, value, headers });
  }

  #untold(row: ModelRow): ModelRow {
    return this.#tellsOldRows || row.large === undefined ? row : { ...row, large: PLACEHOLDER };
  }

  #change(session: string, change: RowChange): void {
    const transaction = this.#open.get(session) ?? { changes: [] };
    this.#open.set(session, transaction);
    transaction.changes.push(change);
  }

  /** Whether another transaction holds a row, or a row that may become this one. */
  #isLocked(session: string, ids: readonly string[]): boolean {
    return [...this.#open].some(
      ([name, { changes }]) =>
        name !== session &&
        changes.some((change) => change.op === "truncate" || ids.some((id) => concerns(change, id))),
    );
  }

  #sees(session: string, id: string): boolean {
    let exists = this.rows.has(id);
    for (const change of this.#open.get(session)?.changes ?? []) {
      if (change.op === "truncate") exists = false;
      else if (change.op === "move" && change.to === id) exists = true;
      else if (change.id === id) exists = change.op === "put";
    }
    return exists;
  }

  #advance(): bigint {
    this.#lsn += 8n;
    return this.#lsn;
  }
}

function concerns(change: RowChange, id: string): boolean {
  return change.op !== "truncate" && (change.id === id || (change.op === "move" && change.to === id));
}

/** An update that says nothing of the large value leaves it as it was. */
function keepLarge(row: ModelRow, before: ModelRow | undefined): ModelRow {
  return row.large === undefined && before?.large !== undefined ? { ...row, large: before.large } : row;
}

function toColumns(id: string, { value, parts, large }: ModelRow): object {
  return { id, value, parts: parts ?? null, large: large ?? null };
}

function partitionOf(id: string): number {
  return (id.codePointAt(0) ?? 0) % PARTITIONS;
}
