import fc from "fast-check";
import type { AttributeMap } from "../../core/attribute-value.ts";
import { toDocumentText } from "../../core/document.ts";
import { fingerprintRecord } from "../../core/fingerprint.ts";
import { writeRecord } from "../../core/write-record.ts";
import { anyNumber, anyRecord } from "../support/any-record.ts";

/** The two ways by themselves, or that one of them refuses. */
function writeApart(record: AttributeMap) {
  return { source: toDocumentText(record), fingerprint: fingerprintRecord(record) };
}

function attempt(write: () => object): object {
  try {
    return write();
  } catch {
    return { refused: true };
  }
}

describe("writing a record", () => {
  it("gives the document and the digest that are made apart, of any record, or refuses as they do", () => {
    fc.assert(
      fc.property(anyRecord, (record) => {
        expect(attempt(() => writeRecord(record))).toEqual(attempt(() => writeApart(record)));
      }),
      { numRuns: 1_000 },
    );
  });

  it("writes every number as they do", () => {
    fc.assert(
      fc.property(anyNumber, (N) => {
        expect(attempt(() => writeRecord({ N: { N } }))).toEqual(attempt(() => writeApart({ N: { N } })));
      }),
      { numRuns: 1_000 },
    );
  });

  it("has room for the largest record, a long list of sets and maps that come in the wrong order", () => {
    const one = (number: number) => ({
      M: { z: { S: "é".repeat(100) }, a: { N: `${number}` }, m: { S: "x" } },
    });
    const record = { list: { L: Array.from({ length: 2_000 }, (_, number) => one(number)) }, a: { S: "b" } };
    expect(writeRecord(record)).toEqual(writeApart(record));
    const text = { text: { S: "\u0001".repeat(400_000) }, after: { BOOL: true } };
    expect(writeRecord(text)).toEqual(writeApart(text));
  });

  it("sorts members as before when the names are too many to remember", () => {
    const record = (number: number): AttributeMap => ({ [`z${number}`]: { BOOL: true }, a: { NULL: true } });
    const records = Array.from({ length: 10_100 }, (_, number) => record(number));
    for (let time = 0; time < 2; time += 1) {
      const wrong = records.filter((one) => writeRecord(one).fingerprint !== fingerprintRecord(one));
      expect(wrong).toEqual([]);
    }
  });
});
