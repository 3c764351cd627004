import { fingerprintRecord } from "../../core/fingerprint.ts";
import { rulesOf } from "../../core/mode-rules.ts";
import { fingerprintPlainRecord } from "../../core/plain-fingerprint.ts";

const tableKey = {
  partitionKey: { name: "p", type: "S" },
  sortKey: { name: "s", type: "S" },
} as const;
const key = { p: { S: "a" }, s: { S: "b|c" } };

describe("the rules of a mode", () => {
  it("have our consumer's records named so that no two share a name", () => {
    const rules = rulesOf("custom");
    const id = rules.toRecordId(key, tableKey);
    expect(rules.parseRecordId(id, tableKey)).toEqual([key]);
    expect(rules.parseRecordId("no|such|record", tableKey)).toEqual([]);
    expect(rules.toDocumentId(id)).toBe(id);
    expect(rules.fingerprint(key)).toBe(fingerprintRecord(key));
  });

  it("have a pipeline's records named as Data Prepper does, which two keys may share", () => {
    const rules = rulesOf("managed");
    const id = rules.toRecordId(key, tableKey);
    expect(id).toBe("a|b|c");
    expect(rules.parseRecordId(id, tableKey)).toEqual([key, { p: { S: "a|b" }, s: { S: "c" } }]);
    const long = "x".repeat(600);
    expect(rules.toDocumentId(long)).toBe(long);
    expect(rules.fingerprint(key)).toBe(fingerprintPlainRecord(key));
  });
});
