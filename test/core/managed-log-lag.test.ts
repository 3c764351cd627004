import type { ConnectorState } from "../../core/log-horizon.ts";
import { makeManagedLogLag } from "../../core/managed-log-lag.ts";
import type { ManagedGeneration } from "../../core/table-descriptor.ts";
import { orders } from "../support/sql-table.ts";

const NOW = 1_764_000_000_000;
const MINUTE = 60_000;
const generation: ManagedGeneration = {
  generation: "orders-managed-1",
  mode: "managed",
  revision: 1,
  index: "orders-managed-1",
  writeAlias: "orders-managed-1-write",
  indexUuid: "uuid",
  transformHash: "identity",
  reindexQueueUrl: "q",
  deadLetterQueueUrl: "d",
  buildStateMachine: "b",
  pipeline: { name: "dev-orders-managed-1a2b3c4d", collectSeconds: 30 },
};

/** @param states - what the slot says, one look after the other; the last one for ever */
async function lagOf(
  sentUntil: number | undefined,
  states: readonly ConnectorState[],
  loadedUntil = NOW - 60 * MINUTE,
) {
  let [now, looks] = [NOW, 0];
  const causes: unknown[] = [];
  const lag = makeManagedLogLag({
    withDatabase: (_source, work) =>
      work({
        holdsMoreThan: async () => true,
        readLogEnd: async () => 100n,
        readerState: async () => {
          looks += 1;
          return states[Math.min(looks, states.length) - 1] ?? { kind: "standing" };
        },
      }),
    sentUntilOf: async () => sentUntil,
    now: () => now,
    pause: async (millis) => {
      now += millis;
    },
    onUnknown: (cause) => causes.push(cause),
  });
  return { seconds: await lag.lagSeconds(orders, generation, loadedUntil), causes, looks };
}

const reading = (confirmedLsn: bigint): ConnectorState => ({ kind: "reading", confirmedLsn });

describe("the lag of a database's managed pipeline", () => {
  it("is none while it tells of changes, without waiting", async () => {
    expect(await lagOf(NOW - MINUTE, [reading(1n)])).toMatchObject({ seconds: 0, looks: 1 });
  });

  it("is none where it is silent and has read all of the log", async () => {
    expect(await lagOf(NOW - 30 * MINUTE, [reading(99n), reading(100n)])).toMatchObject({
      seconds: 0,
      looks: 2,
    });
    expect((await lagOf(undefined, [reading(100n)])).seconds).toBe(0);
  });

  it("is the time since its newest change where it does not come to the log's end", async () => {
    expect((await lagOf(NOW - 30 * MINUTE, [reading(99n)])).seconds).toBe(1_800);
    expect((await lagOf(undefined, [reading(99n)])).seconds).toBe(3_600);
  });

  it.each([
    ["that nobody reads", { kind: "standing" }, NOW],
    ["that is lost", { kind: "lost", cause: "the slot lost its WAL" }, NOW - 30 * MINUTE],
  ] as const)("is not known of a slot %s, which is never none", async (_, state, sentUntil) => {
    const { seconds, causes } = await lagOf(sentUntil, [state]);
    expect(seconds).toBeUndefined();
    expect(String(causes[0])).toMatch(/ENGINE_FAILED: the managed pipeline does not read/);
  });

  it("is not known of a generation that our consumer writes", async () => {
    const lag = makeManagedLogLag({
      withDatabase: () => Promise.reject(new Error("no database is asked")),
      sentUntilOf: async () => NOW,
      now: () => NOW,
      pause: async () => {},
      onUnknown: () => {},
    });
    const [custom] = orders.generations;
    if (custom === undefined) throw new Error("the table has a generation");
    expect(await lag.lagSeconds(orders, custom, 0)).toBeUndefined();
  });
});
