import { FLOOR_VERSION } from "../../core/external-version.ts";
import { fingerprintRecord } from "../../core/fingerprint.ts";
import { fingerprintPlainRecord } from "../../core/plain-fingerprint.ts";
import { planWrites } from "../../core/plan-writes.ts";

const image = { id: { S: "a" }, tags: { SS: ["y", "x"] } };
const change = {
  recordId: "a",
  key: { id: { S: "a" } },
  version: FLOOR_VERSION,
  sourceTime: 5,
  position: "p",
};
const read = { ...change, op: "read", image } as const;
const gone = { ...change, op: "delete" } as const;
const documents = [{ id: "a", source: '{"id":"a"}' }];

describe("planning the writes of a managed generation", () => {
  it("digests the record as a pipeline sends it", () => {
    const [write] = planWrites(read, documents, [], undefined, "managed");
    expect(write).toMatchObject({ id: "a", source: '{"id":"a"}', state: "present" });
    expect(write?.fingerprint).toBe(fingerprintPlainRecord(image));
    expect(write?.fingerprint).not.toBe(fingerprintRecord(image));
  });

  it("removes the document of a record that is gone, instead of a tombstone", () => {
    const managed = planWrites(gone, [], ["a"], undefined, "managed");
    expect(managed).toEqual([
      { id: "a", version: 1n, source: undefined, event: gone, fingerprint: "", state: "deleted" },
    ]);
    expect(planWrites(gone, [], ["a"])).toMatchObject([
      { source: '{"_trueup_deleted_at":5}', state: "deleted" },
    ]);
  });

  it("removes what the record no longer makes, and leaves what it still makes", () => {
    const writes = planWrites(read, documents, ["a", "b"], undefined, "managed");
    expect(writes.map(({ id, source, state }) => ({ id, source, state }))).toEqual([
      { id: "a", source: '{"id":"a"}', state: "present" },
      { id: "b", source: undefined, state: "deleted" },
    ]);
  });
});
