import fc from "fast-check";
import { readBulkAnswer } from "../../core/read-bulk-answer.ts";
import { readTakenBulk } from "../../core/read-taken-bulk.ts";

const number = fc.oneof(fc.nat(), fc.maxSafeNat());
const items = fc.array(
  fc.record({ _seq_no: number, _primary_term: number, status: fc.constantFrom(200, 201) }),
  { minLength: 1, maxLength: 4 },
);
const write = (taken: readonly object[]) => JSON.stringify({ items: taken.map((index) => ({ index })) });

describe("reading a bulk that was taken whole", () => {
  it("says of every item what a parser would read, or nothing", () => {
    fc.assert(
      fc.property(items, (taken) => {
        const outcomes = taken.map(({ _seq_no: seqNo, _primary_term: primaryTerm }) => ({
          kind: "applied",
          seqNo,
          primaryTerm,
        }));
        expect(readTakenBulk(write(taken), taken.length) ?? outcomes).toEqual(outcomes);
        expect(readBulkAnswer(write(taken), taken.length)).toEqual(outcomes);
      }),
    );
  });

  it("reads the ordinary answer", () => {
    const text = '{"items":[{"index":{"_seq_no":0,"_primary_term":1,"status":201}}]}';
    expect(readTakenBulk(text, 1)).toEqual([{ kind: "applied", seqNo: 0, primaryTerm: 1 }]);
  });

  it.each([
    "",
    '{"items":[]}',
    '{"items":[{"index":{"_seq_no":1,"_primary_term":1,"status":409}}]}',
    '{"items":[{"index":{"_seq_no":1,"_primary_term":1,"status":2011}}]}',
    '{"items":[{"index":{"_seq_no":01,"_primary_term":1,"status":201}}]}',
    '{"items":[{"index":{"_seq_no":,"_primary_term":1,"status":201}}]}',
    '{"items":[{"index":{"_seq_no":1,"_primary_term":-1,"status":201}}]}',
    '{"items":[{"index":{"_seq_no":9007199254740993,"_primary_term":1,"status":201}}]}',
    '{"items":[{"index":{"_seq_no":1,"status":201}}]}',
    '{"items":[{"delete":{"_seq_no":1,"_primary_term":1,"status":200}}]}',
    '{"items":[{"index":{"_seq_no":1,"_primary_term":1,"status":201}}],"errors":false}',
    '{"items":[{"index":{"_seq_no":1,"_primary_term":1,"status":201}},{"index":{"_seq_no":2,"_primary_term":1,"status":201}}]}',
    '{"items":[{"index":{"_seq_no":1,"_primary_term":1,"status":201}}',
  ])("leaves every other answer to a parser: %s", (text) => {
    expect(readTakenBulk(text, 1)).toBeUndefined();
  });

  it("reads no further than where an item should begin", () => {
    const one = '{"index":{"_seq_no":1,"_primary_term":1,"status":201}}';
    expect(readTakenBulk(`{"items":[${one};${one}]}`, 2)).toBeUndefined();
  });
});
