import { isObjectDue, toObjectKey } from "../../../../../local/stand-ins/ingestion/sinks/object-key.ts";

const NOW = Date.UTC(2026, 10, 25, 12, 30, 1, 234);

describe("an object's key", () => {
  it.each([
    ["sent/a/", "sent/a/"],
    ["sent", "sent/"],
    ["", ""],
  ])("lies under the prefix %j", (pathPrefix, folder) => {
    const parts = { pathPrefix, namePrefix: "events", extension: "ndjson.gz" };
    expect(toObjectKey(parts, NOW, "uuid")).toBe(
      `${folder}events-2026-11-25T12-30-01Z-1795609801234000000-uuid.ndjson.gz`,
    );
  });
});

describe("an object", () => {
  const threshold = { eventCount: 3, maximumBytes: 100, collectMillis: 1_000 };
  const gathered = { events: 1, bytes: 100, ageMillis: 1_000 };

  it("is due when it is full, large or old", () => {
    expect(isObjectDue(threshold, gathered)).toBe(false);
    expect(isObjectDue(threshold, { ...gathered, events: 3 })).toBe(true);
    expect(isObjectDue(threshold, { ...gathered, bytes: 101 })).toBe(true);
    expect(isObjectDue(threshold, { ...gathered, ageMillis: 1_001 })).toBe(true);
  });

  it("holds any number of events without a limit", () => {
    expect(isObjectDue({ ...threshold, eventCount: 0 }, { ...gathered, events: 1_000_000 })).toBe(false);
  });
});
