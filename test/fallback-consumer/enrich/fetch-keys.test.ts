import fc from "fast-check";
import { type Enrichment, planEnrichment } from "../../../core/enrichment.ts";
import { makeFetchKeys } from "../../../fallback-consumer/enrich/fetch-keys.ts";
import { quietServices } from "../../support/quiet-services.ts";

/** A world where time moves when told to, and an API that notes its calls. */
function makeWorld(
  answer: (keys: readonly string[]) => unknown[] | Promise<unknown[]>,
  more: Partial<Enrichment<unknown>> = {},
) {
  const calls: (readonly string[])[] = [];
  const clock = { now: 0 };
  const fetchMany = async (keys: readonly string[]) => {
    calls.push(keys);
    return answer(keys);
  };
  const enrichment = planEnrichment({ keyOf: () => undefined, fetchMany, retries: 0, ...more });
  const deps = { services: quietServices, now: () => clock.now, pause: async () => undefined };
  const fetchKeys = makeFetchKeys(enrichment, deps);
  return {
    calls,
    clock,
    ask: async (...keys: readonly string[]) => Object.fromEntries(await fetchKeys(keys, clock.now + 60_000)),
  };
}

const echo = (keys: readonly string[]) => keys.map((key) => key.toUpperCase());
const refuse =
  (...bad: readonly string[]) =>
  (keys: readonly string[]) => {
    if (keys.some((key) => bad.includes(key))) throw new Error("cannot");
    return echo(keys);
  };

describe("fetching the keys of an enrichment", () => {
  it("asks once for what it knows, until it has grown old", async () => {
    const world = makeWorld(echo, { timeToLiveSeconds: 60 });
    expect(await world.ask("a", "b")).toEqual({
      a: { kind: "found", value: "A" },
      b: { kind: "found", value: "B" },
    });
    await world.ask("a", "b");
    expect(world.calls).toEqual([["a", "b"]]);
    world.clock.now = 60_000;
    await world.ask("a");
    expect(world.calls).toEqual([["a", "b"], ["a"]]);
  });

  it("believes as long that there is no value", async () => {
    const world = makeWorld((keys) => keys.map(() => undefined));
    expect(await world.ask("a")).toEqual({ a: { kind: "found", value: undefined } });
    await world.ask("a");
    expect(world.calls).toHaveLength(1);
  });

  it("asks for no more keys at once than a call may have, with no more calls under way than may be", async () => {
    let [underWay, most] = [0, 0];
    const world = makeWorld(
      async (keys) => {
        underWay += 1;
        most = Math.max(most, underWay);
        await new Promise(setImmediate);
        underWay -= 1;
        return echo(keys);
      },
      { keysPerCall: 2, concurrency: 3 },
    );
    await world.ask(..."abcdefghijklm");
    expect(world.calls.map((keys) => keys.length)).toEqual([2, 2, 2, 2, 2, 2, 1]);
    expect(most).toBe(3);
  });

  it("tries a call that failed again, as often as it may", async () => {
    let failures = 2;
    const world = makeWorld(
      (keys) => {
        failures -= 1;
        if (failures >= 0) throw new Error("busy");
        return echo(keys);
      },
      { retries: 2 },
    );
    expect(await world.ask("a")).toEqual({ a: { kind: "found", value: "A" } });
    expect(world.calls).toHaveLength(3);
  });

  it("finds the keys that break their call, and has the value of every other, whatever keys are bad", async () => {
    const keys = [..."abcdefghijklmnop"];
    await fc.assert(
      fc.asyncProperty(fc.subarray(keys, { maxLength: 3 }), async (bad) => {
        const world = makeWorld(refuse(...bad));
        const outcomes = await world.ask(...keys);
        for (const key of keys) expect(outcomes[key]?.kind).toBe(bad.includes(key) ? "failed" : "found");
      }),
    );
  });

  it("asks for a key that failed by itself from then on, so that it breaks no other call", async () => {
    const world = makeWorld(refuse("b"));
    await world.ask("a", "b");
    world.calls.length = 0;
    await world.ask("b", "c", "d");
    expect(world.calls).toEqual([["c", "d"], ["b"]]);
  });

  it("stops calling what is down, and blames nobody it did not ask for", async () => {
    const world = makeWorld(() => Promise.reject(new Error("down")), { keysPerCall: 1, concurrency: 1 });
    const keys = Array.from({ length: 100 }, (_, place) => `k${place}`);
    const outcomes = await world.ask(...keys);
    expect(world.calls).toHaveLength(8);
    expect(new Set(Object.values(outcomes).map(({ kind }) => kind))).toEqual(new Set(["failed"]));
  });

  it("gives a call no longer than its time, and ends its requests", async () => {
    let aborted = false;
    const world = makeWorld(() => [], {
      timeoutMillis: 10,
      fetchMany: (_keys, { signal }) =>
        new Promise(() => {
          signal.addEventListener("abort", () => {
            aborted = true;
          });
        }),
    });
    expect(await world.ask("a")).toEqual({
      a: { kind: "failed", reason: expect.stringContaining("no answer within 10 ms") },
    });
    expect(aborted).toBe(true);
  });

  it("leaves keys unsettled for which there was no time", async () => {
    const world = makeWorld(
      (keys) => {
        world.clock.now += 40_000;
        return echo(keys);
      },
      { keysPerCall: 1, concurrency: 1 },
    );
    expect(await world.ask("a", "b", "c")).toEqual({
      a: { kind: "found", value: "A" },
      b: { kind: "found", value: "B" },
      c: { kind: "unsettled" },
    });
  });

  it("does not take an answer that has another number of values than keys", async () => {
    const world = makeWorld(() => ["only one"]);
    const { a, b } = await world.ask("a", "b");
    expect([a?.kind, b?.kind]).toEqual(["found", "found"]);
    const empty = await makeWorld(() => []).ask("a");
    expect(empty["a"]).toMatchObject({ kind: "failed", reason: expect.stringContaining("0 values") });
  });

  it("hands out values that nobody can change", async () => {
    const world = makeWorld(() => [{ deep: { list: [1] } }]);
    const { a } = await world.ask("a");
    const value: unknown = a?.kind === "found" ? a.value : undefined;
    expect(Object.isFrozen(Reflect.get(Object(value), "deep"))).toBe(true);
  });
});
