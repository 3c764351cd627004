import fc from "fast-check";
import { healthy, type InvocationFault } from "../support/model-world.ts";
import { type ModelRow, PARTITIONS } from "../support/postgres-model.ts";
import { PostgresWorld, type WorldOptions } from "../support/postgres-world.ts";
import { runs } from "../support/runs.ts";

jest.setTimeout(30 * 60_000);

/** One thing that happens, with a name that a counterexample can be read by. */
interface Step {
  readonly act: (world: PostgresWorld) => void | Promise<void>;
  readonly toString: () => string;
}

const id = fc.constantFrom("a", "b", "c", "d");
const session = fc.constantFrom("one", "two");
const pattern = fc.nat(0xffff);
const bulk = fc.oneof(
  { weight: 4, arbitrary: fc.constant({ kind: "none" } as const) },
  { weight: 1, arbitrary: fc.constant({ kind: "down" } as const) },
  { weight: 2, arbitrary: fc.constant({ kind: "late" } as const) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("throttled" as const), pattern }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("killed" as const), pattern }) },
);
const rarely = fc.nat(9).map((number) => number === 0);
const fault: fc.Arbitrary<InvocationFault> = fc.record({
  bulk,
  manifestFails: rarely,
  lettersFail: fc.constant(false),
});
const partitions = fc.integer({ min: 1, max: 2 ** PARTITIONS - 1 });
const delivery = fc.tuple(partitions, fc.integer({ min: 1, max: 6 }), fault);
const value = fc.nat(999).map(String);
const maybe = <Value>(arbitrary: fc.Arbitrary<Value>) => fc.option(arbitrary, { nil: undefined });

const toRow = (several: boolean): fc.Arbitrary<ModelRow> =>
  fc
    .record({ value, large: maybe(value), parts: several ? maybe(fc.nat(3)) : fc.constant(undefined) })
    .map(({ value: text, large, parts }) => ({
      value: text,
      ...(large === undefined ? {} : { large }),
      ...(parts === undefined ? {} : { parts }),
    }));

const toStep = (several: boolean): fc.Arbitrary<Step> =>
  fc.oneof(
    step(10, "put", fc.tuple(session, id, toRow(several)), ({ database }, of) => database.put(...of)),
    step(4, "remove", fc.tuple(session, id), ({ database }, of) => database.remove(...of)),
    step(2, "move", fc.tuple(session, id, id), ({ database }, of) => database.move(...of)),
    step(1, "truncate", session, ({ database }, name) => database.truncate(name)),
    step(8, "commit", session, ({ database }, name) => database.commit(name)),
    step(1, "roll back", session, ({ database }, name) => database.rollback(name)),
    step(1, "incremental snapshot", fc.constant(0), ({ database }) => database.snapshotIncrementally()),
    step(3, "advance", fc.constantFrom(5, 1_000, 7_000, 61_000), (world, millis) => world.advance(millis)),
    step(9, "consume", delivery, (world, of) => world.consume(...of)),
    step(
      2,
      "rewind",
      fc.tuple(fc.nat(PARTITIONS - 1), fc.double({ min: 0, max: 1, noNaN: true })),
      (world, of) => world.rewind(...of),
    ),
    step(1, "restart", fc.constant(0), (world) => world.restart()),
    step(1, "compact", fc.constant(0), (world) => world.compact()),
    step(3, "land late bulk", fc.constant(0), (world) => world.index.landOne()),
    step(1, "take export", fc.constant(0), (world) => world.takeExport()),
    step(2, "load", fc.tuple(fc.nat(3), fault), (world, of) => world.load(...of)),
    step(3, "request", id, (world, name) => world.request(name)),
    step(3, "commit during a re-read", session, (world, name) => {
      world.meanwhile.push(() => world.database.commit(name));
    }),
    step(4, "reindex", fault, (world, wrong) => world.reindex(wrong)),
  );

function step<Value>(
  weight: number,
  name: string,
  arbitrary: fc.Arbitrary<Value>,
  act: (world: PostgresWorld, value: Value) => void | Promise<void>,
) {
  const toOne = (of: Value): Step => ({
    act: (world) => act(world, of),
    toString: () => `${name} ${JSON.stringify(of)}`,
  });
  return { weight, arbitrary: arbitrary.map(toOne) };
}

const kinds: readonly (readonly [string, WorldOptions])[] = [
  ["a document a row, rows before in the log", { several: false, tellsOldRows: true }],
  ["a document a row, keys only in the log", { several: false, tellsOldRows: false }],
  ["several documents a row, rows before in the log", { several: true, tellsOldRows: true }],
  ["several documents a row, keys only in the log", { several: true, tellsOldRows: false }],
];

describe.each(kinds)("any history of PostgreSQL and of faults, %s", (_name, options) => {
  it("ends with the index equal to the table, once ambiguous documents were read again", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(toStep(options.several), { maxLength: 60, size: "max" }), async (steps) => {
        const world = new PostgresWorld(options);
        for (const { act } of steps) await act(world);
        await world.heal();
        expect(world.searchable()).toEqual(world.expected());
        expect(world.ambiguous()).toEqual([]);
        expect(world.unaccounted()).toEqual([]);
        expect(world.letters).toEqual([]);
        expect(world.gap).toBeUndefined();
      }),
      runs(1_000),
    );
  });
});

describe("histories that broke earlier rules", () => {
  const late: InvocationFault = { ...healthy, bulk: { kind: "late" } };
  const plain: WorldOptions = { several: false, tellsOldRows: false };
  /** Of the partition of the row x. */
  const ALL = 2 ** PARTITIONS - 1;

  function commit({ database }: PostgresWorld, id: string, row: ModelRow): void {
    database.put("main", id, row);
    database.commit("main");
  }

  it("H1: a dead bulk that lands after a tie within one transaction is healed by reading the row again", async () => {
    const world = new PostgresWorld(plain);
    commit(world, "w", { value: "before" });
    await world.settle();
    world.database.put("main", "x", { value: "b" });
    world.database.put("main", "x", { value: "c" });
    world.database.commit("main");
    await world.consume(ALL, 1, late);
    await world.consume(ALL, 1, healthy);
    await world.consume(ALL, 1, healthy);
    world.index.landOne();
    expect(world.searchable()).toMatchObject({ x: "b/null" });
    expect(world.ambiguous().map((entry) => entry.id)).toEqual(["x"]);
    await world.heal();
    expect(world.searchable()).toMatchObject({ x: "c/null" });
  });

  it("verified.md: a READ of an open transaction's row loses to that transaction, whose own place is lower", async () => {
    const world = new PostgresWorld(plain);
    commit(world, "x", { value: "v5" });
    world.database.put("T1", "x", { value: "T1" });
    commit(world, "y", { value: "other" });
    world.database.snapshotIncrementally();
    world.database.commit("T1");
    await world.settle();
    expect(world.searchable()).toEqual({ x: "T1/null", y: "other/null" });
  });

  it.each([
    ["with a watermark in the log: the change wins", false, "new/null"],
    ["without one: the re-read wins for good", true, "old/null"],
  ])("H3: a transaction is open while its row is read again, %s", async (_name, withoutWatermark, value) => {
    const world = new PostgresWorld({ ...plain, withoutWatermark });
    commit(world, "x", { value: "old" });
    await world.settle();
    world.database.put("T1", "x", { value: "new" });
    world.request("x");
    await world.reindex(healthy);
    world.database.commit("T1");
    await world.settle();
    expect(world.searchable()).toEqual({ x: value });
  });

  it("H3: a re-read makes a tombstone of a row that is gone, and loses to one that comes back", async () => {
    const world = new PostgresWorld(plain);
    commit(world, "x", { value: "old" });
    await world.settle();
    world.database.remove("main", "x");
    world.database.commit("main");
    world.database.put("T1", "x", { value: "back" });
    world.request("x");
    await world.reindex(healthy);
    expect(world.searchable()).toEqual({});
    world.database.commit("T1");
    await world.settle();
    expect(world.searchable()).toEqual({ x: "back/null" });
  });

  it("H4: changes of the first transaction, before which no commit is known, do not lose to each other", async () => {
    const world = new PostgresWorld(plain);
    for (const value of ["first", "second", "third"]) world.database.put("main", "x", { value });
    world.database.commit("main");
    commit(world, "x", { value: "fourth" });
    await world.consume(ALL, 2, healthy);
    world.restart();
    await world.settle();
    expect(world.searchable()).toEqual({ x: "fourth/null" });
  });

  it("a changed key leaves no document of the old one, and brings the large value that the log does not have", async () => {
    const world = new PostgresWorld(plain);
    commit(world, "x", { value: "1", large: "large" });
    await world.settle();
    world.database.move("main", "x", "y");
    world.database.commit("main");
    await world.settle();
    expect(world.searchable()).toEqual({ y: "1/large" });
  });

  it("an update that does not tell a large value writes no placeholder", async () => {
    const world = new PostgresWorld(plain);
    commit(world, "x", { value: "1", large: "large" });
    commit(world, "x", { value: "2" });
    await world.consume(ALL, 10, healthy);
    expect(world.searchable()).toEqual({ x: "1/large" });
    await world.settle();
    expect(world.searchable()).toEqual({ x: "2/large" });
  });

  it("H7: an update without the row before leaves no document that the row no longer makes", async () => {
    const world = new PostgresWorld({ several: true, tellsOldRows: false });
    commit(world, "x", { value: "1", parts: 3 });
    commit(world, "x", { value: "2", parts: 1 });
    await world.settle();
    expect(world.searchable()).toEqual({ "x#0": "2/null" });
  });

  it("a truncate empties the index, also of rows that another partition brings afterwards", async () => {
    const world = new PostgresWorld(plain);
    for (const id of ["a", "b", "c"]) commit(world, id, { value: "1" });
    await world.consume(0b001, 10, healthy);
    world.database.truncate("main");
    world.database.commit("main");
    commit(world, "b", { value: "after" });
    const truncated = world.database.topic.findIndex((log) => log.some(({ key }) => key === null));
    for (let tries = 0; tries < 3; tries += 1) await world.consume(1 << truncated, 10, healthy);
    await world.settle();
    expect(world.searchable()).toEqual({ b: "after/null" });
    await world.heal();
    expect(world.unaccounted()).toEqual([]);
  });

  it("a truncate in the middle of a transaction keeps what comes after it, and nothing of what came before", async () => {
    const world = new PostgresWorld(plain);
    commit(world, "w", { value: "1" });
    world.database.put("main", "a", { value: "before" });
    world.database.put("main", "b", { value: "before" });
    world.database.truncate("main");
    world.database.put("main", "a", { value: "after" });
    world.database.commit("main");
    await world.heal();
    expect(world.searchable()).toEqual({ a: "after/null" });
  });
});

describe("offsets that are missing", () => {
  const options: WorldOptions = { several: false, tellsOldRows: true };
  const fill = (world: PostgresWorld, count: number): void => {
    for (let place = 0; place < count; place += 1) {
      world.database.put("main", "x", { value: String(place) });
      world.database.commit("main");
    }
  };
  const X = 1 << ("x".charCodeAt(0) % PARTITIONS);
  const partition = "x".charCodeAt(0) % PARTITIONS;

  it.each([
    ["by the instance that read the last ones", false, false],
    ["by another instance", true, false],
    ["by another instance after the manifest was folded", true, true],
  ])("are a gap of the generation, noticed %s", async (_name, restarts, compacts) => {
    const world = new PostgresWorld(options);
    fill(world, 6);
    await world.consume(X, 3, healthy);
    if (restarts) world.restart();
    if (compacts) await world.compact();
    world.advance(3 * 3_600_000);
    world.lose(partition, 1);
    await world.consume(X, 3, healthy);
    expect(world.gap).toBe(`offset 4 came where 3 was due, in partition shop.public.things-${partition}`);
    // What is left is indexed all the same.
    expect(world.searchable()).toEqual({ x: "5/null" });
  });

  it("are none where records come again, or another instance goes on", async () => {
    const world = new PostgresWorld(options);
    fill(world, 9);
    await world.consume(X, 3, healthy);
    world.restart();
    await world.consume(X, 3, healthy);
    world.rewind(partition, 1);
    await world.settle();
    expect(world.gap).toBeUndefined();
  });

  it("are none where a batch could not be acknowledged", async () => {
    const world = new PostgresWorld(options);
    fill(world, 4);
    await world.consume(X, 2, { ...healthy, manifestFails: true });
    await world.settle();
    expect(world.gap).toBeUndefined();
  });

  it("are a gap where the topic was made anew: old offsets, new changes", async () => {
    const world = new PostgresWorld(options);
    fill(world, 3);
    await world.settle();
    world.advance(3_600_000);
    world.database.topic[partition]?.splice(0);
    fill(world, 1);
    world.rewind(partition, 1);
    world.restart();
    await world.consume(X, 3, healthy);
    expect(world.gap).toBe(`offset 0 came where 3 was due, in partition shop.public.things-${partition}`);
  });
});
