import { checkBuildTime, describeMinutes, toSize } from "../../../core/check/check-build-time.ts";
import { checkKeys, checkShards, checkStreamReaders } from "../../../core/check/check-stream-load.ts";
import type { SourceReading, StreamReader } from "../../../core/ports/source-facts.ts";
import { custom, managed, sourceOf, tableOf } from "./facts.ts";

const FUNCTIONS = "arn:aws:lambda:eu-central-1:123456789012:function:";
const reader = (name: string): StreamReader => ({ id: `id-of-${name}`, functionArn: `${FUNCTIONS}${name}` });
const created = { kind: "created", key: [{ name: "id", type: "S" }] } as const;

function readers(
  found: readonly StreamReader[],
  declared = tableOf(),
  reading = sourceOf(),
  ours: readonly string[] = [],
) {
  return checkStreamReaders(declared, reading, { kind: "known", value: found }, new Set(ours));
}

describe("readers of a stream", () => {
  it("are two at the most, generations among them", () => {
    expect(readers([])[0]).toMatchObject({ state: "passed", detail: "1 reader(s): orders-custom-1" });
    expect(readers([reader("send-receipts")])[0]?.state).toBe("passed");
    const crowded = readers([reader("send-receipts")], tableOf({ generations: [custom(1), custom(2)] }));
    expect(crowded[0]).toMatchObject({
      state: "failed",
      detail: "3 reader(s): orders-custom-1, orders-custom-2, send-receipts; a shard bears 2",
      subject: "tables.orders.generations",
      fix: expect.stringContaining("delete-event-source-mapping --uuid id-of-send-receipts"),
    });
  });

  it("are not counted twice when they are our own, with or without an alias", () => {
    const two = tableOf({ generations: [custom(1), custom(2)] });
    expect(
      readers([reader("ours"), reader("ours:live")], two, sourceOf(), [`${FUNCTIONS}ours`])[0]?.state,
    ).toBe("passed");
  });

  it("are one beside the replication of a global table, by advice", () => {
    const global = sourceOf({ replicaRegions: ["us-east-1"] });
    expect(readers([], tableOf(), global)[0]?.state).toBe("passed");
    expect(readers([reader("x")], tableOf(), global)[0]).toMatchObject({
      state: "warned",
      detail: expect.stringContaining("us-east-1"),
    });
  });

  it("are declared too many where nobody else reads", () => {
    const three = tableOf({ generations: [custom(1), custom(2), custom(3)] });
    expect(readers([], three)[0]).toMatchObject({
      state: "failed",
      fix: "declare one generation, deploy, then add the next",
    });
  });

  it("are nobody where there is no stream, no answer, or no table yet", () => {
    expect(readers([], tableOf(), sourceOf({ stream: undefined }))).toEqual([]);
    expect(readers([], tableOf({ source: created }))).toEqual([]);
    const [absent] = checkStreamReaders(tableOf(), sourceOf(), { kind: "absent" }, new Set());
    expect(absent?.state).toBe("passed");
  });
});

describe("shards for a pipeline", () => {
  const shards = (value: number, minimum = 1, maximum = 4) =>
    checkShards(
      tableOf({ generations: [managed(minimum, maximum)] }),
      sourceOf({}, { openShards: { kind: "known", value } }),
    )[0];

  it.each([
    [0, 1, 4, "passed"],
    [150, 1, 4, "passed"],
    [151, 1, 4, "warned"],
    [151, 2, 4, "passed"],
    [600, 4, 4, "passed"],
    [601, 1, 4, "failed"],
  ] as const)("%i with %i to %i units: %s", (open, minimum, maximum, state) => {
    expect(shards(open, minimum, maximum)?.state).toBe(state);
  });

  it("say how many units they need", () => {
    expect(shards(601)).toMatchObject({
      subject: "tables.orders.pipeline",
      fix: "set maximumUnits: 5, or mode: custom",
    });
  });

  it("are not known without a stream, and nobody's matter in custom mode", () => {
    const none: SourceReading = sourceOf({}, { openShards: { kind: "absent" } });
    expect(checkShards(tableOf({ generations: [managed()] }), none)[0]?.state).toBe("unknown");
    expect(checkShards(tableOf(), sourceOf())).toEqual([]);
    expect(checkShards(tableOf({ generations: [managed()], source: created }), sourceOf())).toEqual([]);
  });
});

describe("keys for a pipeline", () => {
  it("must be text or numbers", () => {
    const declared = tableOf({ generations: [managed()] });
    expect(checkKeys(declared, sourceOf())[0]).toMatchObject({ state: "passed", detail: "key id (S)" });
    const binary = sourceOf({ key: [{ name: "id", type: "B" }] });
    expect(checkKeys(declared, binary)[0]).toMatchObject({ state: "failed", detail: "key id is binary" });
    expect(checkKeys(tableOf(), binary)).toEqual([]);
  });

  it("are the declared ones of a table to be made, and unknown of one that is not there", () => {
    const declared = tableOf({ generations: [managed()], source: created });
    expect(checkKeys(declared, sourceOf({}, { table: { kind: "absent" } }))[0]?.state).toBe("passed");
    const gone = sourceOf({}, { table: { kind: "absent" } });
    expect(checkKeys(tableOf({ generations: [managed()] }), gone)).toEqual([]);
  });
});

describe("the time of a managed build", () => {
  const GIGABYTE = 1024 ** 3;
  const build = (sizeBytes: number, units = 4) =>
    checkBuildTime(tableOf({ generations: [managed(1, units)] }), sourceOf({ sizeBytes }))[0];

  it.each([
    [10 * GIGABYTE, 4, "passed"],
    [200 * GIGABYTE, 4, "warned"],
    [400 * GIGABYTE, 4, "failed"],
    [400 * GIGABYTE, 16, "passed"],
  ] as const)("of %i bytes by %i units is %s", (bytes, units, state) => {
    expect(build(bytes, units)?.state).toBe(state);
  });

  it("is told with what it is held against", () => {
    expect(build(400 * GIGABYTE)).toMatchObject({
      detail: expect.stringMatching(
        /^export and load of 400\.0 GiB take about 29\.7 h; the stream keeps 24 h$/,
      ),
      fix: expect.stringContaining("maximumUnits"),
    });
  });

  it("does not matter in custom mode, of a new table, or of one whose size is not known", () => {
    expect(checkBuildTime(tableOf(), sourceOf())).toEqual([]);
    expect(checkBuildTime(tableOf({ generations: [managed()], source: created }), sourceOf())).toEqual([]);
    expect(toSize(undefined)).toBeUndefined();
    const unread = sourceOf({}, { table: { kind: "absent" } });
    expect(checkBuildTime(tableOf({ generations: [managed()] }), unread)).toEqual([]);
  });

  it("is told in minutes, hours and days", () => {
    expect([0.2, 119, 120, 2879, 2880].map(describeMinutes)).toEqual([
      "1 min",
      "119 min",
      "2.0 h",
      "48.0 h",
      "2.0 d",
    ]);
  });
});
