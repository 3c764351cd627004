import fc from "fast-check";
import {
  EXPLODES,
  healthy,
  type InvocationFault,
  type ModelRecord,
  ModelWorld,
  REFUSED,
} from "../support/model-world.ts";
import { runs } from "../support/runs.ts";

jest.setTimeout(30 * 60_000);

/** One thing that happens, with a name that a counterexample can be read by. */
interface Step {
  readonly act: (world: ModelWorld) => void | Promise<void>;
  readonly toString: () => string;
}

const id = fc.constantFrom("a", "b", "c");
const pattern = fc.nat(0xffff);
const bulk = fc.oneof(
  { weight: 4, arbitrary: fc.constant({ kind: "none" } as const) },
  { weight: 1, arbitrary: fc.constant({ kind: "down" } as const) },
  { weight: 2, arbitrary: fc.constant({ kind: "late" } as const) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("throttled" as const), pattern }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("killed" as const), pattern }) },
);
const count = fc.integer({ min: 1, max: 6 });
const rarely = fc.nat(9).map((number) => number === 0);
const fault: fc.Arbitrary<InvocationFault> = fc.record({ bulk, manifestFails: rarely, lettersFail: rarely });
const value = fc.oneof(
  { weight: 12, arbitrary: fc.nat(999).map(String) },
  { weight: 1, arbitrary: fc.constantFrom(REFUSED, EXPLODES) },
);

const toRecord = (several: boolean): fc.Arbitrary<ModelRecord> =>
  several
    ? fc
        .record({ value, parts: fc.option(fc.nat(3), { nil: undefined }) })
        .map(({ value: text, parts }) => (parts === undefined ? { value: text } : { value: text, parts }))
    : fc.record({ value });

const toStep = (several: boolean): fc.Arbitrary<Step> =>
  fc.oneof(
    step(8, "put", fc.tuple(id, toRecord(several)), (world, [name, record]) => world.putRecord(name, record)),
    step(4, "remove", id, (world, name) => world.remove(name)),
    step(5, "advance", fc.constantFrom(5, 300, 1_000, 7_000), (world, millis) => world.advance(millis)),
    step(1, "wait", fc.constantFrom(61_000, 1_000_000), (world, millis) => world.advance(millis)),
    step(8, "consume", fc.tuple(count, fault), (world, [records, wrong]) => world.consume(records, wrong)),
    step(2, "rewind", fc.double({ min: 0, max: 1, noNaN: true }), (world, share) => world.rewind(share)),
    step(3, "land late bulk", fc.constant(0), (world) => world.index.landOne()),
    step(2, "take export", fc.constant(0), (world) => world.takeExport()),
    step(3, "load", fc.tuple(fc.nat(3), fault), (world, [which, wrong]) => world.load(which, wrong)),
    step(2, "replay letter", fc.nat(9), (world, which) => world.replayLetter(which)),
    step(2, "request", id, (world, name) => world.request(name)),
    step(3, "reindex", fault, (world, wrong) => world.reindex(wrong)),
    step(1, "garbage", fc.constant(0), (world) => world.emitGarbage()),
    step(1, "purge", fc.constant(0), (world) => world.purge()),
  );

function step<Value>(
  weight: number,
  name: string,
  arbitrary: fc.Arbitrary<Value>,
  act: (world: ModelWorld, value: Value) => void | Promise<void>,
) {
  const toOne = (value: Value): Step => ({
    act: (world) => act(world, value),
    toString: () => `${name} ${JSON.stringify(value)}`,
  });
  return { weight, arbitrary: arbitrary.map(toOne) };
}

/** What an operator does at the end of any history: mend what is broken, replay letters, audit. */
async function heal(world: ModelWorld): Promise<void> {
  world.mend();
  await world.settle();
  for (let audit = 0; audit < 3 && world.ambiguous().length > 0; audit += 1) {
    for (const { recordId, id: documentId } of world.ambiguous()) world.request(recordId, documentId);
    await world.settle();
  }
}

describe.each([
  ["every record its own document", false],
  ["records of several documents, or none", true],
])("any history of faults, %s", (_name, several) => {
  it("ends with the index equal to the database, once ambiguous documents were read again", async () => {
    const skewMillis = fc.integer({ min: -4_000, max: 4_000 });
    await fc.assert(
      fc.asyncProperty(
        skewMillis,
        fc.array(toStep(several), { maxLength: 60, size: "max" }),
        async (skew, steps) => {
          const world = new ModelWorld({ several, skewMillis: skew });
          for (const { act } of steps) await act(world);
          await heal(world);
          expect(world.searchable()).toEqual(world.expected());
          expect(world.ambiguous()).toEqual([]);
          expect(world.unaccounted()).toEqual([]);
          expect(world.unrepairable).toEqual([]);
        },
      ),
      runs(5_000),
    );
  });
});

describe("histories that broke earlier rules", () => {
  const late: InvocationFault = { ...healthy, bulk: { kind: "late" } };

  it("H1: a dead invocation's bulk that lands after a tie is healed by reading the document again", async () => {
    const world = new ModelWorld({ several: false, skewMillis: 0 });
    world.putRecord("x", { value: "b" });
    world.putRecord("x", { value: "c" });
    await world.consume(1, late);
    await world.consume(1, healthy);
    await world.consume(1, healthy);
    world.index.landOne();
    expect(world.searchable()).toEqual({ x: "b" });
    expect(world.ambiguous().map((entry) => entry.id)).toEqual(["x"]);
    await heal(world);
    expect(world.searchable()).toEqual({ x: "c" });
  });

  it("H6: a row of an export that is loaded after its record was deleted does not bring it back", async () => {
    const world = new ModelWorld({ several: false, skewMillis: 0 });
    world.putRecord("x", { value: "old" });
    world.takeExport();
    world.advance(5_000);
    world.remove("x");
    await world.settle();
    world.advance(120_000);
    await world.load(0, healthy);
    expect(world.searchable()).toEqual({});
  });

  it("H7: a record that stops making documents leaves none behind", async () => {
    const world = new ModelWorld({ several: true, skewMillis: 0 });
    world.putRecord("x", { value: "seen" });
    await world.settle();
    world.putRecord("x", { value: "unseen", parts: 0 });
    await world.settle();
    expect(world.searchable()).toEqual({});
    expect(world.manifest.at(-1)).toMatchObject({ id: "x", state: "omitted" });
  });

  it("H8: a re-read right after a change is asked again until it is accepted", async () => {
    const world = new ModelWorld({ several: false, skewMillis: 0 });
    world.putRecord("x", { value: "new" });
    await world.settle();
    world.putRecord("x", { value: "newer" });
    await world.consume(9, healthy);
    world.request("x");
    await world.reindex(healthy);
    expect(world.requests).toMatchObject([{ recordId: "x", attempt: 2 }]);
    await world.settle();
    expect(world.manifest.at(-1)).toMatchObject({ id: "x", state: "present" });
    expect(world.unrepairable).toEqual([]);
  });

  it("H9: a change after a re-read wins although its clock is four seconds behind", async () => {
    const world = new ModelWorld({ several: false, skewMillis: -4_000 });
    world.putRecord("x", { value: "before" });
    world.advance(60_000);
    world.request("x");
    await world.reindex(healthy);
    world.putRecord("x", { value: "after" });
    await world.settle();
    expect(world.searchable()).toEqual({ x: "after" });
  });

  it("H12: a purged tombstone's record stays away, since what could bring it back can no longer arrive", async () => {
    const world = new ModelWorld({ several: false, skewMillis: 0 });
    world.putRecord("x", { value: "old" });
    world.takeExport();
    world.remove("x");
    await world.purge();
    world.rewind(1);
    await world.load(0, healthy);
    await world.settle();
    expect(world.searchable()).toEqual({});
    expect(world.index.documents.size).toBe(0);
  });

  it("a re-read that dies is not the only one to know of the document it made", async () => {
    const world = new ModelWorld({ several: true, skewMillis: 0 });
    world.request("x");
    world.putRecord("x", { value: "one" });
    world.advance(61_000);
    await world.reindex(late);
    world.putRecord("x", { value: EXPLODES, parts: 1 });
    world.index.landOne();
    world.advance(1_000_000);
    await world.consume(2, healthy);
    expect(world.searchable()).toEqual({ x: "one" });
    await heal(world);
    expect(world.unaccounted()).toEqual([]);
    expect(world.searchable()).toEqual({ "x#0": EXPLODES });
  });

  it("a document that was refused after a bulk nobody heard of had written it is not left behind", async () => {
    const world = new ModelWorld({ several: true, skewMillis: 0 });
    world.putRecord("x", { value: "one", parts: 1 });
    world.putRecord("x", { value: REFUSED, parts: 1 });
    await world.consume(1, { ...healthy, bulk: { kind: "killed", pattern: 0xffff } });
    world.putRecord("x", { value: EXPLODES });
    world.advance(1_000_000);
    await world.settle();
    expect(world.searchable()).toEqual({ "x#0": "one" });
    await heal(world);
    expect(world.unaccounted()).toEqual([]);
    expect(world.searchable()).toEqual({ x: EXPLODES });
  });

  it("a dead letter replayed after its record was deleted resurrects nothing", async () => {
    const world = new ModelWorld({ several: false, skewMillis: 0 });
    world.putRecord("x", { value: REFUSED });
    await world.settle();
    world.remove("x");
    await world.settle();
    world.replayLetter(0);
    await world.settle();
    expect(world.letters).toHaveLength(1);
    expect(world.searchable()).toEqual({});
  });
});
