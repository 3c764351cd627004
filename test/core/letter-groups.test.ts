import fc from "fast-check";
import { groupLetters } from "../../core/letter-groups.ts";
import type { DeadLetter } from "../../core/reindex-request.ts";

const letter = (members: Partial<DeadLetter> = {}): DeadLetter => ({
  table: "orders",
  generation: "orders-custom-1",
  recordId: "1",
  key: {},
  cause: "MAPPING_REJECTED",
  reason: "mapper_parsing_exception: failed to parse field [total] of type [long] in document with id '…'",
  position: "0/1",
  at: "2026-11-25T10:00:00.000Z",
  ...members,
});

describe("grouping dead letters", () => {
  it.each([
    [
      "mapper_parsing_exception: failed to parse field [address.city] of type [long] in document",
      "address.city",
    ],
    [
      "strict_dynamic_mapping_exception: mapping set to strict, dynamic introduction of [note] within [_doc] is not allowed",
      "note",
    ],
    [
      "strict_dynamic_mapping_exception: mapping set to strict, dynamic introduction of [zip] within [address] is not allowed",
      "address.zip",
    ],
    [
      "mapper_parsing_exception: object mapping for [tags] tried to parse field [null] as object, but found a concrete value",
      "tags",
    ],
    ["illegal_argument_exception: can't merge a non object mapping [tags] with an object mapping", "tags"],
    ["illegal_argument_exception: mapper [total] cannot be changed from type [long] to [text]", "total"],
    ["enrichment weather has no value: no answer", "weather"],
    ["illegal_argument_exception: Limit of total fields has been exceeded", ""],
  ])("reads of %j which field is to blame", (reason, field) => {
    expect(groupLetters([letter({ reason })])[0]?.field).toBe(field);
  });

  it("counts letters of one cause and field together, the largest group first, and names some records", () => {
    const groups = groupLetters([
      letter({ cause: "TRANSFORM_FAILED", reason: "TypeError: no", recordId: "9" }),
      letter({ recordId: "1", at: "2026-11-25T12:00:00.000Z" }),
      letter({ recordId: "2", at: "2026-11-25T11:00:00.000Z" }),
      letter({ recordId: "3" }),
      letter({ recordId: "3" }),
      letter({ recordId: "4" }),
      letter({ recordId: "5", generation: "orders-custom-2" }),
    ]);
    expect(groups.map(({ generation, cause, field, count }) => [generation, cause, field, count])).toEqual([
      ["orders-custom-1", "MAPPING_REJECTED", "total", 5],
      ["orders-custom-1", "TRANSFORM_FAILED", "", 1],
      ["orders-custom-2", "MAPPING_REJECTED", "total", 1],
    ]);
    expect(groups[0]).toMatchObject({ examples: ["1", "2", "3"], since: "2026-11-25T10:00:00.000Z" });
  });

  it("says of a refused field that it takes a new revision", () => {
    expect(groupLetters([letter()])[0]?.fix).toMatch(/^map total otherwise.*under a new `revision`/);
  });

  it("loses no letter, whatever they say", () => {
    const any = fc.record({
      cause: fc.constantFrom(
        "MAPPING_REJECTED",
        "UNREPAIRABLE",
        "EVENT_UNDECODABLE",
        "DOCUMENT_TOO_LARGE",
        "other",
      ),
      reason: fc.string(),
      recordId: fc.string(),
    });
    fc.assert(
      fc.property(fc.array(any), (members) => {
        const groups = groupLetters(members.map(letter));
        expect(groups.reduce((sum, { count }) => sum + count, 0)).toBe(members.length);
        for (const { fix } of groups) expect(fix).not.toBe("");
      }),
    );
  });
});
