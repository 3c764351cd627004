import { makeIncrementalSnapshots } from "../../../core/debezium/incremental-snapshots.ts";

const TOPIC = "trueup-dev-shop-notifications";

/** Snapshots of `public.orders`, whose connector has written these notifications, some a page. */
function makeSnapshots(notifications: readonly object[], pageSize = 2) {
  const texts = notifications.map((notification) => JSON.stringify(notification));
  const asked: { readonly statement: string; readonly values: readonly (string | null)[] | undefined }[] = [];
  const snapshots = makeIncrementalSnapshots({
    session: {
      query: async (statement, values) => {
        asked.push({ statement, values });
        return [];
      },
    },
    topics: {
      partitions: async () => [{ shard: `${TOPIC}-0`, earliest: 0n, end: BigInt(texts.length) }],
      valuesFrom: async (_topic, _shard, offset) => {
        const values = texts.slice(Number(offset), Number(offset) + pageSize);
        return { values, next: offset + BigInt(values.length) };
      },
    },
    topicPrefix: "trueup-dev-shop",
    tableName: "public.orders",
  });
  return { snapshots, asked };
}

const told = (type: string, more: object = {}, id = "ours") => ({
  id,
  aggregate_type: "Incremental Snapshot",
  type,
  additional_data: { connector_name: "trueup-dev-shop", ...more },
});
const scanned = (status: string) =>
  told("TABLE_SCAN_COMPLETED", { scanned_collection: "public.orders", status });

describe("a snapshot that a connector is asked for", () => {
  it("is asked for by a signal that names the table as a pattern of itself, once an id", async () => {
    const { snapshots, asked } = makeSnapshots([]);
    await snapshots.ask("ours");
    expect(asked[0]?.statement).toContain("on conflict (id) do nothing");
    expect(asked[0]?.values?.[0]).toBe("ours");
    expect(JSON.parse(asked[0]?.values?.[1] ?? "")).toEqual({
      "data-collections": ["public\\.orders"],
      type: "incremental",
    });
  });

  it.each<[string, readonly object[], object]>([
    ["runs while nothing is told", [], { kind: "running" }],
    [
      "runs between its chunks",
      [told("STARTED"), told("IN_PROGRESS"), told("IN_PROGRESS")],
      { kind: "running" },
    ],
    [
      "is done when it says so",
      [told("STARTED"), told("IN_PROGRESS"), scanned("SUCCEEDED"), told("COMPLETED")],
      { kind: "done" },
    ],
    [
      "is done where there was no row",
      [told("STARTED"), scanned("EMPTY"), told("COMPLETED")],
      { kind: "done" },
    ],
    [
      "is not done by another's end",
      [told("STARTED"), told("COMPLETED", {}, "another")],
      { kind: "running" },
    ],
    [
      "has failed where the table could not be read",
      [told("STARTED"), scanned("NO_PRIMARY_KEY"), told("COMPLETED")],
      { kind: "failed", cause: "the connector could not read the table: NO_PRIMARY_KEY" },
    ],
    [
      "has failed where it was given up",
      [told("STARTED"), told("ABORTED")],
      { kind: "failed", cause: "the connector gave the snapshot up" },
    ],
    ["takes no notice of what is no notification", [{ id: "ours" }, told("COMPLETED")], { kind: "done" }],
  ])("%s", async (_what, notifications, state) => {
    expect(await makeSnapshots(notifications).snapshots.look("ours")).toEqual(state);
    expect(await makeSnapshots(notifications, 100).snapshots.look("ours")).toEqual(state);
  });
});
