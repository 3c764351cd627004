import type { ConnectorState } from "../../core/log-horizon.ts";
import { makeLogLag } from "../../core/log-lag.ts";
import type { SourcePosition } from "../../core/manifest-entry.ts";
import { orders } from "../support/sql-table.ts";

const NOW = 10_000_000;
const TOPIC = "trueup-dev-shop.public.orders";
const HEARTBEAT = "trueup-dev-shop.trueup.heartbeat";

/** Topics whose partitions hold commit times, the first at offset `earliest`. */
type Held = Readonly<
  Record<string, readonly { readonly earliest: number; readonly times: readonly number[] }[]>
>;

async function measure(
  held: Held,
  positions: Readonly<Record<string, number>>,
  connector: ConnectorState = { kind: "reading", confirmedLsn: 1n },
) {
  const unknown: string[] = [];
  const lag = makeLogLag({
    positions: {
      positions: async () =>
        Object.entries(positions).map(
          ([shard, offset]): SourcePosition => ({ shard, sequence: String(offset), time: 0 }),
        ),
    },
    topicsOf: () => ({
      partitions: async (topic) =>
        (held[topic] ?? []).map(({ earliest, times }, place) => ({
          shard: `${topic}-${place}`,
          earliest: BigInt(earliest),
          end: BigInt(earliest + times.length),
        })),
      valuesFrom: async () => ({ values: [], next: 0n }),
      timeAt: async (topic, shard, offset) => {
        const partition = held[topic]?.[Number(shard.slice(topic.length + 1))];
        return partition?.times[Number(offset) - partition.earliest];
      },
    }),
    connectorOf: async () => connector,
    now: () => NOW,
    onUnknown: (cause) => unknown.push(String(cause)),
  });
  const [generation] = orders.generations;
  if (generation === undefined) throw new RangeError("the table has a generation");
  return { seconds: await lag.lagSeconds(orders, generation, 0), unknown };
}

const beating = { [HEARTBEAT]: [{ earliest: 3, times: [NOW - 90_000, NOW - 5_000] }] };

describe("the lag behind a database's log", () => {
  it("is the age of the oldest change that no position has passed, of all partitions", async () => {
    const held = {
      ...beating,
      [TOPIC]: [
        { earliest: 0, times: [NOW - 50_000, NOW - 20_000] },
        { earliest: 4, times: [NOW - 30_000] },
      ],
    };
    expect(await measure(held, { [`${TOPIC}-0`]: 0, [`${TOPIC}-1`]: 4 })).toMatchObject({ seconds: 20 });
    expect(await measure(held, { [`${TOPIC}-0`]: 0 })).toMatchObject({ seconds: 30 });
  });

  it("is 0 where everything was read and the connector keeps up, on an empty topic too", async () => {
    const held = { ...beating, [TOPIC]: [{ earliest: 0, times: [NOW - 50_000] }] };
    expect(await measure(held, { [`${TOPIC}-0`]: 0 })).toMatchObject({ seconds: 0 });
    expect(await measure({ ...beating, [TOPIC]: [{ earliest: 7, times: [] }] }, {})).toMatchObject({
      seconds: 0,
    });
  });

  it("counts what Kafka still holds where the position is older than that", async () => {
    const held = { ...beating, [TOPIC]: [{ earliest: 5, times: [NOW - 40_000] }] };
    expect(await measure(held, { [`${TOPIC}-0`]: 1 })).toMatchObject({ seconds: 40 });
  });

  it("is the age of the newest heartbeat where the connector is behind, though Kafka's changes are read", async () => {
    const held = {
      [HEARTBEAT]: [{ earliest: 0, times: [NOW - 90_000] }],
      [TOPIC]: [{ earliest: 0, times: [] }],
    };
    expect(await measure(held, {})).toMatchObject({ seconds: 90 });
  });

  it("is not known where nobody reads the slot, it is lost, or no heartbeat ever came", async () => {
    const held = { ...beating, [TOPIC]: [{ earliest: 0, times: [] }] };
    for (const state of [{ kind: "standing" }, { kind: "lost", cause: "gone" }] as const) {
      const { seconds, unknown } = await measure(held, {}, state);
      expect(seconds).toBeUndefined();
      expect(unknown).toEqual([expect.stringContaining("ENGINE_FAILED")]);
    }
    expect(await measure({ [TOPIC]: [{ earliest: 0, times: [] }] }, {})).toMatchObject({
      seconds: undefined,
    });
  });
});
