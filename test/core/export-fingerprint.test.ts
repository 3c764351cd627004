import fc from "fast-check";
import { fingerprintExportLine } from "../../core/export-fingerprint.ts";
import { fingerprintRecord } from "../../core/fingerprint.ts";
import { rulesOf } from "../../core/mode-rules.ts";

const key = { partitionKey: { name: "id", type: "S" }, sortKey: { name: "at", type: "N" } } as const;
const read = (line: string) => fingerprintExportLine(line, key, rulesOf("custom"));
const keys = { id: { S: "x" }, at: { N: "7" } };
const image = { ...keys, name: { S: "chair" } };

describe("a line of an export", () => {
  it("of a full one is named by its record's key and digested like a change of it", () => {
    expect(read(JSON.stringify({ Item: image }))).toEqual({
      recordId: "x|7",
      fingerprint: fingerprintRecord(image),
    });
  });

  it("of an incremental one says what the record is now, not what it was", () => {
    const line = { Metadata: {}, Keys: keys, OldImage: { ...keys, name: { S: "table" } }, NewImage: image };
    expect(read(JSON.stringify(line))).toEqual({
      recordId: "x|7",
      fingerprint: fingerprintRecord(image),
    });
  });

  it("of an incremental one without a new image says that the record is gone", () => {
    const line = { Metadata: {}, Keys: keys, OldImage: image };
    expect(read(JSON.stringify(line))).toEqual({ recordId: "x|7", fingerprint: "" });
  });

  it("says the same of a record whichever kind of export it is in", () => {
    const values = fc.dictionary(
      fc.stringMatching(/^v[a-z]*$/),
      fc.string().map((S) => ({ S })),
    );
    fc.assert(
      fc.property(values, (attributes) => {
        const record = { ...attributes, ...keys };
        const full = read(JSON.stringify({ Item: record }));
        const incremental = read(JSON.stringify({ Keys: keys, NewImage: record }));
        expect(incremental).toEqual(full);
      }),
    );
  });

  it.each([
    "null",
    '{"Item":null}',
    '{"Keys":null}',
    "",
    "not JSON",
    '{"Item":{"id":{"S":"x"}',
    "{}",
    "[]",
    "5",
    '{"NewImage":{"id":{"S":"x"}}}',
  ])("is refused where it names no record: %j", (line) => {
    expect(() => read(line)).toThrow(/^EVENT_UNDECODABLE: a line of an export/);
  });

  it("is refused where its record has not the key the table is declared with", () => {
    const line = JSON.stringify({ Item: { id: { S: "x" }, at: { S: "7" } } });
    expect(() => read(line)).toThrow(/^EVENT_UNDECODABLE: a record lacks a key/);
  });
});
