import type { SlotLook } from "../../core/slot-look.ts";
import { makeHandleCommand } from "../../index-lifecycle/handle-command.ts";
import { orders } from "../support/sql-table.ts";
import { makeFakeDeps } from "./fake-deps.ts";

const THERE = {
  kind: "there",
  active: true,
  walStatus: "reserved",
  retainedBytes: 5_000,
  unconfirmedBytes: 7,
} as const;
const LOST = { ...THERE, active: false, walStatus: "lost", retainedBytes: 0, unconfirmedBytes: 0 } as const;

/** An environment whose slot looks so, with the table's one generation made. */
async function makeWatch(slot: SlotLook) {
  const deps = makeFakeDeps();
  deps.knobs.slot = slot;
  const generation = {
    generation: "orders-custom-1",
    index: "orders-custom-1",
    indexUuid: "uuid",
    mode: "custom",
    revision: 1,
    transformHash: "identity",
    createdAt: "2026-11-25T10:00:00.000Z",
  } as const;
  await deps.control.update("orders", (known) => ({
    ...known,
    generations: { "orders-custom-1": generation },
  }));
  const handle = makeHandleCommand(deps);
  return {
    deps,
    watchTable: () => handle({ command: "watch-table", table: orders }),
    watchSource: () => {
      if (orders.source.kind !== "sql") throw new RangeError("the table is of a database");
      const { connection } = orders.source;
      const source = { source: "shop", roleArn: "role", connection, slotName: "trueup_dev_shop" };
      return handle({ command: "watch-source", source });
    },
    gap: async () => (await deps.control.read("orders")).generations["orders-custom-1"]?.gap,
  };
}

describe("a look at a source", () => {
  it("tells how much of its log a database keeps, and how much of that is not in Kafka", async () => {
    const { deps, watchSource } = await makeWatch(THERE);
    expect(await watchSource()).toEqual({});
    expect(deps.measured).toEqual([
      {
        source: "shop",
        SourceUnseen: 0,
        SlotLost: 0,
        SlotAtRisk: 0,
        SlotInactive: 0,
        SlotRetained: 5_000,
        SlotUnconfirmed: 7,
      },
    ]);
  });

  it.each<[string, SlotLook, object]>([
    ["nobody reads it", { ...THERE, active: false }, { SlotInactive: 1, SlotLost: 0 }],
    ["it may lose its log soon", { ...THERE, walStatus: "unreserved" }, { SlotAtRisk: 1, SlotLost: 0 }],
    ["it lost its log", LOST, { SlotLost: 1, SlotInactive: 1, SlotAtRisk: 0 }],
    ["it is gone", { kind: "gone" }, { SlotLost: 1, SlotInactive: 1 }],
  ])("says when %s", async (_when, slot, measures) => {
    const { deps, watchSource } = await makeWatch(slot);
    await watchSource();
    expect(deps.measured).toEqual([expect.objectContaining(measures)]);
  });

  it("counts what it could not see, and fails", async () => {
    const { deps, watchSource } = await makeWatch(THERE);
    const refused = new Error("no answer");
    Object.assign(deps, { sourceAs: () => ({ slot: async () => Promise.reject(refused) }) });
    await expect(watchSource()).rejects.toThrow(refused);
    expect(deps.measured).toEqual([{ source: "shop", SourceUnseen: 1 }]);
  });
});

describe("a look at a table of a database", () => {
  it("tells how far each generation is behind", async () => {
    const { deps, watchTable, gap } = await makeWatch(THERE);
    deps.knobs.lagSeconds = 12;
    expect(await watchTable()).toEqual({});
    expect(deps.measured).toEqual([
      { table: "orders", generation: "orders-custom-1", LagUnknown: 0, LagMillis: 12_000 },
    ]);
    expect(await gap()).toBeUndefined();
  });

  it("counts a lag that is not known, instead of calling it none", async () => {
    const { deps, watchTable } = await makeWatch({ ...THERE, active: false });
    deps.knobs.lagSeconds = undefined;
    await watchTable();
    expect(deps.measured).toEqual([{ table: "orders", generation: "orders-custom-1", LagUnknown: 1 }]);
  });

  it.each<[string, SlotLook, string]>([
    ["lost its log", LOST, "replication slot trueup_dev_shop lost its WAL"],
    ["is gone", { kind: "gone" }, "replication slot trueup_dev_shop is gone"],
  ])("notes a gap when the slot %s, and tells people once", async (_what, slot, cause) => {
    const { deps, watchTable, gap } = await makeWatch(slot);
    expect(await watchTable()).toEqual({ lost: cause });
    deps.knobs.now += 300_000;
    expect(await watchTable()).toEqual({ lost: cause });
    expect(await gap()).toEqual({ cause, detectedAt: "2026-11-23T10:00:00.000Z" });
    expect(deps.announced).toEqual([
      {
        subject: "STREAM_GAP: orders needs an approved full audit",
        detail: { table: "orders", generation: "orders-custom-1", cause },
      },
    ]);
    expect(deps.measured.filter(({ StreamGaps }) => StreamGaps === 1)).toHaveLength(1);
  });
});
