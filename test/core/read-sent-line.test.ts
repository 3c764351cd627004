import { fingerprintPlainRecord } from "../../core/plain-fingerprint.ts";
import { isStreamed, managedPlace, readSentLine, toSentEntry } from "../../core/read-sent-line.ts";

const TIME = 1_764_000_000_000;
const ours = {
  _trueup_id: "a|1",
  _trueup_version: 1_764_000_000_000_123,
  _trueup_action: "index",
  _trueup_time: TIME,
};
const read = (change: object, record: object = {}) =>
  readSentLine(JSON.stringify({ ...record, ...ours, ...change }));

describe("a line of what a pipeline sent", () => {
  it("tells id, version, time, and the record's digest", () => {
    expect(read({}, { id: "a", tags: ["y", "x"] })).toEqual({
      id: "a|1",
      version: 1_764_000_000_000_123n,
      fingerprint: fingerprintPlainRecord({ id: { S: "a" }, tags: { SS: ["x", "y"] } }),
      deletes: false,
      time: TIME,
    });
  });

  it("tells a delete, which has no content", () => {
    expect(read({ _trueup_action: "delete" })).toMatchObject({ deletes: true, fingerprint: "" });
  });

  it("reads its own numbers beside one with many digits, which makes all of them exact", () => {
    const line = `{"n":12345678901234567890123456789012345678,${JSON.stringify(ours).slice(1)}`;
    expect(readSentLine(line)).toMatchObject({
      version: 1_764_000_000_000_123n,
      time: TIME,
      fingerprint: fingerprintPlainRecord({ n: { N: "12345678901234567890123456789012345678" } }),
    });
  });

  it.each(["", "{", "null", "[]", "1", '"text"', "{}"])("is refused when it is none: %j", (line) => {
    expect(() => readSentLine(line)).toThrow(/EVENT_UNDECODABLE/);
  });

  it.each([
    ["no id", { _trueup_id: undefined }],
    ["an id that is no text", { _trueup_id: 7 }],
    ["no action", { _trueup_action: undefined }],
    ["an action that we do not know", { _trueup_action: "create" }],
  ])("is refused with %s", (_what, change) => {
    expect(() => read(change)).toThrow(/EVENT_UNDECODABLE/);
  });

  it.each([
    ["no version", { _trueup_version: undefined }],
    ["a version that is no number", { _trueup_version: "x" }],
    ["a version that is not whole", { _trueup_version: 1.5 }],
    ["no time", { _trueup_time: undefined }],
    ["a time that is no number", { _trueup_time: "x" }],
  ])("is refused with %s, as any line that is none", (_what, change) => {
    expect(() => read(change)).toThrow(/EVENT_UNDECODABLE/);
  });

  it("becomes an entry whose place in the index's order is its version", () => {
    expect(toSentEntry(read({}), "hash")).toEqual({
      id: "a|1",
      recordId: "a|1",
      version: 1_764_000_000_000_123n,
      fingerprint: fingerprintPlainRecord({}),
      state: "present",
      ...managedPlace(read({}).version),
      tied: false,
      sourceTime: TIME,
      transformHash: "hash",
    });
    expect(managedPlace(read({}).version)).toEqual({ seqNo: 1_764_000_000_000_123, primaryTerm: 1 });
    expect(toSentEntry(read({ _trueup_action: "delete" }), "hash")).toMatchObject({
      state: "deleted",
      fingerprint: "",
    });
  });

  it("is of the stream unless its version lies the export's five minutes before its time", () => {
    expect(isStreamed(read({}))).toBe(true);
    expect(isStreamed(read({ _trueup_version: (TIME - 300_000) * 1000 }))).toBe(false);
  });
});
