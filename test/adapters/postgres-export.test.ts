import fc from "fast-check";
import { makePostgresExport } from "../../adapters/postgres-export.ts";
import { linesOf } from "../../core/bucketed-object.ts";
import type { SqlQuery } from "../../core/ports/sql-session.ts";
import type { SqlColumn } from "../../core/sql/sql-column.ts";
import { MemoryObjects } from "../support/memory-objects.ts";

const COLUMNS: readonly SqlColumn[] = [
  { name: "id", type: { kind: "number" }, isKey: true },
  { name: "note", type: { kind: "text" }, isKey: false },
];
const REQUEST = { bucket: "state", prefix: "exports/orders", token: "t1" };

/** A table that answers the exporter's statements, and what happens to it before every page. */
class FakeDatabase {
  readonly rows = new Map<number, string>();
  readonly store = new MemoryObjects();
  now = 1_000_000;
  /** What the reader has replayed; "all" of a writer, null of one that does not tell. */
  replayed: string | null = "all";
  pages = 0;
  onPage: () => void = () => {};
  #names = 0;

  exporter() {
    const query: SqlQuery = async (statement, values = []) => {
      if (statement.includes("pg_current_wal_insert_lsn")) return [["1000000", "500"]];
      if (statement.includes("pg_is_in_recovery")) return [[this.replayed]];
      this.onPage();
      this.pages += 1;
      expect(statement).toMatch(
        /^select "id", "note" from "public"."orders"( where \("id"\) > \(\$1\))? order by "id" limit \d+$/,
      );
      const limit = Number(statement.slice(statement.lastIndexOf(" ")));
      const after = values[0] === undefined ? Number.NEGATIVE_INFINITY : Number(values[0]);
      return [...this.rows]
        .filter(([id]) => id > after)
        .sort(([left], [right]) => left - right)
        .slice(0, limit)
        .map(([id, note]) => [String(id), note]);
    };
    return makePostgresExport({
      tableName: "public.orders",
      primary: { query },
      reader: { transaction: (work) => work(query) },
      readerName: "replica",
      readColumns: async () => COLUMNS,
      store: this.store,
      bucket: "state",
      now: () => this.now,
      newName: () => `name${++this.#names}`,
    });
  }

  async readItems(exportArn: string): Promise<readonly (readonly [number, string])[]> {
    const items: [number, string][] = [];
    for (const { key, items: count } of await this.exporter().files(exportArn)) {
      const lines = linesOf((await this.store.readText(key)) ?? "").map((line) => JSON.parse(line).Item);
      expect(lines).toHaveLength(count ?? -1);
      items.push(...lines.map(({ id, note }): [number, string] => [Number(id.N), note.S]));
    }
    return items;
  }
}

describe("makePostgresExport", () => {
  it("writes every row that nobody touches exactly once, whatever is written between pages and invocations", async () => {
    const change = fc.tuple(fc.nat(3_000), fc.option(fc.string({ maxLength: 3 }), { nil: undefined }));
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(fc.nat(3_000), { maxLength: 900 }),
        fc.array(change, { maxLength: 30 }),
        fc.array(fc.nat(4), { maxLength: 6 }),
        async (ids, changes, pagesAnInvocation) => {
          const database = new FakeDatabase();
          for (const id of ids) database.rows.set(id, "untouched");
          const touched = new Set(changes.map(([id]) => id));
          const left = [...changes];
          database.onPage = () => {
            for (const [id, note] of left.splice(0, 4)) {
              if (note === undefined) database.rows.delete(id);
              else database.rows.set(id, note);
            }
          };
          const { exportArn } = await database.exporter().start(REQUEST);
          for (const budget of pagesAnInvocation) {
            const end = database.pages + budget;
            await database.exporter().check(exportArn, () => database.pages < end);
          }
          const state = await database.exporter().check(exportArn, () => true);
          const items = await database.readItems(exportArn);
          expect(state).toMatchObject({ state: "done", items: items.length });
          const untouched = items.filter(([id]) => !touched.has(id));
          expect(untouched.map(([id]) => id)).toEqual(
            ids.filter((id) => !touched.has(id)).sort((left, right) => left - right),
          );
          expect(new Set(items.map(([id]) => id)).size).toBe(items.length);
        },
      ),
      { numRuns: 60 },
    );
  });

  it("is done with an empty table, which has no file", async () => {
    const database = new FakeDatabase();
    const { exportArn, exportTime } = await database.exporter().start(REQUEST);
    expect(exportTime).toBe(1_000_000);
    expect(await database.exporter().check(exportArn, () => true)).toEqual({
      state: "done",
      items: 0,
      billedBytes: 0,
      read: { from: 1_000_000, until: 1_000_000 },
    });
    expect(await database.exporter().files(exportArn)).toEqual([]);
  });

  it("starts one export a token, and answers the same instant however often it is asked", async () => {
    const database = new FakeDatabase();
    const first = await database.exporter().start(REQUEST);
    database.now += 60_000;
    expect(await database.exporter().start(REQUEST)).toEqual(first);
    expect((await database.exporter().start({ ...REQUEST, token: "t2" })).exportArn).not.toBe(
      first.exportArn,
    );
  });

  it("leaves the files to whoever is faster where two look at once, and no row comes twice", async () => {
    const database = new FakeDatabase();
    for (let id = 0; id < 2_000; id += 1) database.rows.set(id, "x");
    const { exportArn } = await database.exporter().start(REQUEST);
    await Promise.all([
      database.exporter().check(exportArn, () => true),
      database.exporter().check(exportArn, () => true),
    ]);
    await database.exporter().check(exportArn, () => true);
    expect((await database.readItems(exportArn)).map(([id]) => id)).toEqual([...database.rows.keys()]);
  });

  it("reads nothing of a replica before it has replayed what the writer had committed, and fails after an hour", async () => {
    const database = new FakeDatabase();
    database.rows.set(1, "x");
    const { exportArn } = await database.exporter().start(REQUEST);
    database.replayed = "499";
    expect(await database.exporter().check(exportArn, () => true)).toEqual({ state: "running" });
    expect(database.pages).toBe(0);
    database.now += 60 * 60 * 1000 + 1;
    expect(await database.exporter().check(exportArn, () => true)).toMatchObject({
      state: "failed",
      cause: expect.stringContaining("replica"),
    });
    database.replayed = "500";
    expect(await database.exporter().check(exportArn, () => true)).toMatchObject({ state: "done", items: 1 });
  });

  it("refuses a replica that does not tell what it has replayed", async () => {
    const database = new FakeDatabase();
    const { exportArn } = await database.exporter().start(REQUEST);
    database.replayed = null;
    await expect(database.exporter().check(exportArn, () => true)).rejects.toThrow(/^PREREQUISITE_MISSING/);
  });

  it("asks for small pages of wide rows", async () => {
    const database = new FakeDatabase();
    for (let id = 0; id < 1_000; id += 1) database.rows.set(id, "x".repeat(100_000));
    const { exportArn } = await database.exporter().start(REQUEST);
    expect(await database.exporter().check(exportArn, () => true)).toMatchObject({
      state: "done",
      items: 1_000,
    });
    expect(database.pages).toBeGreaterThan(20);
    expect((await database.exporter().files(exportArn)).length).toBe(2);
  });
});
