import fc from "fast-check";
import type { AttributeMap, TableKey } from "../../core/attribute-value.ts";
import { toDocumentText } from "../../core/document.ts";
import { toKey, toRecordId } from "../../core/document-id.ts";
import { fingerprintRecord } from "../../core/fingerprint.ts";
import { LineBlock } from "../../core/line-block.ts";
import { makeExportLineScanner } from "../../core/scan-export-line.ts";
import { anyRecord, anyText } from "../support/any-record.ts";

const tableKey: TableKey = {
  partitionKey: { name: "id", type: "S" },
  sortKey: { name: "at", type: "N" },
};
const scanBytes = makeExportLineScanner(tableKey);

/** Scans a line between others, one of which would go on with it. */
function scan(line: string) {
  const block = LineBlock.of(["before", line, '"}}}},"more":{"S":"x"}}}']);
  return scanBytes(block.bytes, block.beginOf(1), block.endOf(1));
}

/** What becomes of a line on the whole way; throws where it cannot be read. */
function readWhole(line: string) {
  const { Item: image }: { readonly Item: AttributeMap } = JSON.parse(line);
  return {
    recordId: toRecordId(image, tableKey),
    key: toKey(image, tableKey),
    source: toDocumentText(image),
    fingerprint: fingerprintRecord(image),
  };
}

/** A scanner may give up on any line, but must not be wrong about one. */
function expectAgreement(line: string): void {
  const row = scan(line);
  // A line that was damaged may hold half a character, of which a file has none.
  if (row !== undefined) expect(row).toEqual(readWhole(Buffer.from(line).toString()));
}

const keyed = fc
  .tuple(anyRecord, anyText)
  .map(([record, id]): AttributeMap => ({ at: { N: "17" }, ...record, id: { S: id } }));
const lineOf = (record: AttributeMap): string => JSON.stringify({ Item: record });

describe("scanning an export's line", () => {
  it("gives what parsing it gives, whatever is in the record", () => {
    fc.assert(
      fc.property(keyed, (record) => expectAgreement(lineOf(record))),
      { numRuns: 1_000 },
    );
  });

  it("reads a key of more than two columns too", () => {
    const furtherKeys = [{ name: "part", type: "N" }] as const;
    const record = { id: { S: "a|b" }, note: { S: "x" }, at: { N: "17" }, part: { N: "3" } };
    const { bytes } = LineBlock.of([lineOf(record)]);
    const row = makeExportLineScanner({ ...tableKey, furtherKeys })(bytes, 0, bytes.length);
    expect(row).toMatchObject({
      recordId: "a\\|b|17|3",
      key: { id: record.id, at: record.at, part: record.part },
    });
  });

  it("gives it, or gives up, when the line is damaged anywhere", () => {
    const piece = fc.constantFrom(
      "",
      " ",
      '"',
      "\\",
      "{",
      "}",
      "[",
      "]",
      ",",
      ":",
      "\\u0041",
      "\u0007",
      "0",
      '"a":{"S":"b"},',
    );
    fc.assert(
      fc.property(keyed, fc.nat(), fc.nat(3), piece, (record, at, removed, added) => {
        const line = lineOf(record);
        const place = at % line.length;
        expectAgreement(line.slice(0, place) + added + line.slice(place + removed));
      }),
      { numRuns: 3_000 },
    );
  });

  it("reads texts with escapes written in other ways than JSON.stringify writes them", () => {
    const odd =
      '{"Item":{"id":{"S":"\\u0061\\/\\u00e9"},"at":{"N":"1"},"\\u0062":{"SS":["\\"","]}","\\n"]}}}';
    expect(scan(odd)).toEqual(readWhole(odd));
  });

  it("does not give up on what tables hold", () => {
    const record: AttributeMap = {
      id: { S: "a|b" },
      at: { N: "1764000000" },
      name: { S: 'Zoë 🐦 said "no"\nand left' },
      empty: { S: "" },
      nothing: { NULL: true },
      yes: { BOOL: true },
      bytes: { B: "aGk=" },
      numbers: { NS: ["10", "9", "-0.5"] },
      tags: { SS: ["b", "a", "é"] },
      none: { M: {} },
      list: { L: [{ M: { z: { N: "0" }, a: { N: "100" } } }, { L: [] }, { S: "x" }] },
      __proto: { S: "y" },
    };
    const line = lineOf(record);
    expect(scan(line)).toEqual(readWhole(line));
    expect(scan(line)?.recordId).toBe("a\\|b|1764000000");
  });

  it.each([
    ["no JSON", "{"],
    ["no record", '{"Keys":{"id":{"S":"a"},"at":{"N":"1"}}}'],
    ["a record and more", '{"Item":{"id":{"S":"a"},"at":{"N":"1"}},"x":1}'],
    ["a name twice", '{"Item":{"id":{"S":"a"},"at":{"N":"1"},"b":{"S":"1"},"b":{"S":"2"}}}'],
    [
      "a name twice in a map",
      '{"Item":{"id":{"S":"a"},"at":{"N":"1"},"m":{"M":{"b":{"S":"1"},"b":{"S":"2"}}}}}',
    ],
    ["a name that JavaScript puts first", '{"Item":{"id":{"S":"a"},"at":{"N":"1"},"7":{"S":"1"}}}'],
    ["no key", '{"Item":{"id":{"S":"a"}}}'],
    ["a key of another type", '{"Item":{"id":{"S":"a"},"at":{"S":"1"}}}'],
    ["a number that is none", '{"Item":{"id":{"S":"a"},"at":{"N":"1"},"n":{"N":"NaN"}}}'],
    ["the reserved field", '{"Item":{"id":{"S":"a"},"at":{"N":"1"},"_trueup_deleted_at":{"N":"1"}}}'],
    ["spaces", '{"Item": {"id":{"S":"a"},"at":{"N":"1"}}}'],
    ["a raw control character", '{"Item":{"id":{"S":"a"},"at":{"N":"1"},"b":{"SS":["\u0001"]}}}'],
  ])("leaves a line with %s to others", (_what, line) => {
    expect(scan(line)).toBeUndefined();
  });

  it("reads an ordinary line after one it gave up on", () => {
    const line = lineOf({ id: { S: "a" }, at: { N: "1" }, m: { M: { b: { S: "c" } } } });
    expect(scan('{"Item":{"id":{"S":"a"},"m":{"M":{"b":{"S":"c"},')).toBeUndefined();
    expect(scan(line)).toEqual(readWhole(line));
  });
});
