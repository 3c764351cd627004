import { driftKinds } from "../../../core/audit-report.ts";
import { percentile } from "../../../local/demo/delay-meter.ts";
import { expectedDrift, planDrift } from "../../../local/demo/inject-drift.ts";
import { readPlaceRecords } from "../../../local/demo/place-records.ts";

const still = readPlaceRecords(5_000).filter((place) => place.still);

describe("what the demo breaks", () => {
  it("is one kind of drift for each document, so that what is found can be counted", () => {
    const drift = expectedDrift(planDrift(still, 1));
    const ids = driftKinds.flatMap((kind) => drift[kind]);
    expect(ids).toHaveLength(240);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it("has every kind, however few records there are", () => {
    const drift = expectedDrift(planDrift(still, 0.001));
    for (const kind of driftKinds) expect(drift[kind].length).toBeGreaterThanOrEqual(3);
  });

  it("leaves the records at the end alone, which searches look for", () => {
    const searched = new Set(still.slice(-200).map(({ id }) => id));
    const drift = expectedDrift(planDrift(still, 1));
    expect(driftKinds.flatMap((kind) => drift[kind]).filter((id) => searched.has(id))).toEqual([]);
  });
});

describe("the demo's places", () => {
  it("carry numbers of 38 digits, which a double would round", () => {
    for (const { item } of still) expect(item["digits"]).toEqual({ N: expect.stringMatching(/^7\d{36}3$/) });
  });

  it("have ids of their own", () => {
    expect(new Set(still.map(({ id }) => id)).size).toBe(still.length);
  });
});

describe("a percentile of delays", () => {
  it("is the value that this share of them stays below", () => {
    const delays = Array.from({ length: 100 }, (_, place) => place + 1);
    expect([percentile(delays, 0.5), percentile(delays, 0.99), percentile(delays, 1)]).toEqual([
      51, 100, 100,
    ]);
    expect(percentile([], 0.5)).toBeNaN();
  });
});
