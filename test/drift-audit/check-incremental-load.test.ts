import type { IncrementalSnapshots, SnapshotState } from "../../core/ports/incremental-snapshots.ts";
import { checkIncrementalLoad } from "../../drift-audit/check-incremental-load.ts";
import { MemoryObjects } from "../support/memory-objects.ts";
import { orders } from "../support/sql-table.ts";

const ASKED_AT = Date.parse("2026-11-25T10:00:00Z");

function makeBuild() {
  const asked: string[] = [];
  const knobs: { state: SnapshotState; now: number; snapshots: IncrementalSnapshots | undefined } = {
    state: { kind: "running" },
    now: ASKED_AT,
    snapshots: {
      ask: async (id) => {
        asked.push(id);
      },
      look: async () => knobs.state,
    },
  };
  const store = new MemoryObjects();
  const check = (table = orders) =>
    checkIncrementalLoad(
      {
        store,
        accessTo: () => (knobs.snapshots === undefined ? {} : { snapshots: knobs.snapshots }),
        now: () => knobs.now,
      },
      { step: "check-incremental-load", table, generation: "orders-custom-1" },
    );
  return { asked, knobs, check };
}

describe("a load by the connector", () => {
  it("is asked for under one name however often it is looked at, and ends with the time it was asked for", async () => {
    const { asked, knobs, check } = makeBuild();
    expect(await check()).toEqual({ state: "running" });
    knobs.now += 3_600_000;
    knobs.state = { kind: "done" };
    expect(await check()).toEqual({
      state: "done",
      exportArn: `incremental-snapshot/${asked[0]}`,
      exportTime: "2026-11-25T10:00:00.000Z",
    });
    expect(new Set(asked).size).toBe(1);
    expect(asked[0]?.length).toBeLessThanOrEqual(42);
  });

  it("is another one for an index that was made anew", async () => {
    const { asked, check } = makeBuild();
    await check();
    await check({ ...orders, generations: orders.generations.map((one) => ({ ...one, indexUuid: "anew" })) });
    expect(new Set(asked).size).toBe(2);
  });

  it("fails the build with the connector's reason", async () => {
    const { knobs, check } = makeBuild();
    knobs.state = { kind: "failed", cause: "no primary key" };
    expect(await check()).toEqual({ state: "failed", cause: "no primary key" });
  });

  it("is refused where no connector of ours reads the table", async () => {
    const { knobs, check } = makeBuild();
    knobs.snapshots = undefined;
    await expect(check()).rejects.toThrow(/PREREQUISITE_MISSING/);
  });
});
