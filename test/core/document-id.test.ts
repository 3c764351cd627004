import fc from "fast-check";
import type { TableKey } from "../../core/attribute-value.ts";
import {
  MAX_DOCUMENT_ID_BYTES,
  parseRecordId,
  toDocumentId,
  toKey,
  toRecordId,
} from "../../core/document-id.ts";

const twoStrings: TableKey = {
  partitionKey: { name: "pk", type: "S" },
  sortKey: { name: "sk", type: "S" },
};
const oneOf = (type: "S" | "N" | "B"): TableKey => ({ partitionKey: { name: "pk", type } });
const text = fc.oneof(
  fc.string({ minLength: 1, unit: "binary" }),
  fc.string({ minLength: 1, unit: fc.constantFrom("|", "\\", "a") }),
);

describe("toRecordId", () => {
  it("joins the parts of a key with a bar", () => {
    expect(toRecordId({ pk: { S: "a" }, sk: { S: "b" } }, twoStrings)).toBe("a|b");
  });

  it("tells a bar inside a part from the one between parts", () => {
    expect(toRecordId({ pk: { S: "a|b" }, sk: { S: "c\\d" } }, twoStrings)).toBe("a\\|b|c\\\\d");
    const left = toRecordId({ pk: { S: "a|b" }, sk: { S: "c" } }, twoStrings);
    const right = toRecordId({ pk: { S: "a" }, sk: { S: "b|c" } }, twoStrings);
    expect(left).not.toBe(right);
  });

  it("gives different ids to different keys, and reads each back", () => {
    fc.assert(
      fc.property(text, text, (pk, sk) => {
        const key = { pk: { S: pk }, sk: { S: sk } };
        expect(parseRecordId(toRecordId(key, twoStrings), twoStrings)).toEqual(key);
      }),
    );
  });

  it("reads binary keys back byte for byte", () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 64 }), (bytes) => {
        const key = { pk: { B: Buffer.from(bytes).toString("base64") } };
        expect(parseRecordId(toRecordId(key, oneOf("B")), oneOf("B"))).toEqual(key);
      }),
    );
  });

  it("keeps all 38 digits of a number", () => {
    const key = { pk: { N: "-99999999999999999999999999999999999999" } };
    expect(toRecordId(key, oneOf("N"))).toBe("-99999999999999999999999999999999999999");
    expect(parseRecordId(toRecordId(key, oneOf("N")), oneOf("N"))).toEqual(key);
  });

  it("refuses a record whose key has another type", () => {
    expect(() => toRecordId({ pk: { N: "1" } }, oneOf("S"))).toThrow("EVENT_UNDECODABLE");
  });

  it("refuses a record whose key attribute only looks present through a prototype", () => {
    expect(() => toRecordId({}, { partitionKey: { name: "constructor", type: "S" } })).toThrow(
      "EVENT_UNDECODABLE",
    );
  });
});

describe("parseRecordId", () => {
  it.each([
    ["letters where the key is a number", "abc", oneOf("N")],
    ["two parts where the key has one", "a|b", oneOf("S")],
    ["one part where the key has two", "a", twoStrings],
    ["an empty part, which DynamoDB refuses in keys", "a|", twoStrings],
    ["an escape with nothing after it", "a\\", oneOf("S")],
    ["an escape of what needs none, which is another document's name", "\\a", oneOf("S")],
    ["bits that no bytes have", "QR", oneOf("B")],
    ["less than a byte", "A", oneOf("B")],
    ["a number beyond DynamoDB's", "1e200", oneOf("N")],
    ["a number below DynamoDB's", "1e-131", oneOf("N")],
    ["a number of 39 digits", "1".repeat(39), oneOf("N")],
    ["no digit", "-.e5", oneOf("N")],
    ["a letter that base64url has not where the key is binary", "YQ==", oneOf("B")],
  ])("knows that no record can be called by %s", (_why, id, key) => {
    expect(parseRecordId(id, key)).toBeUndefined();
  });
});

describe("toDocumentId", () => {
  it("is the record id where OpenSearch accepts it", () => {
    const longest = "é".repeat(MAX_DOCUMENT_ID_BYTES / 2);
    expect(toDocumentId(longest)).toBe(longest);
  });

  it("is a digest where the record id is longer than 512 bytes", () => {
    expect(toDocumentId("é".repeat(257))).toMatch(/^sha256-[0-9a-f]{64}$/);
  });

  it("never gives more than 512 bytes", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 2000 }), (recordId) => {
        expect(Buffer.byteLength(toDocumentId(recordId))).toBeLessThanOrEqual(MAX_DOCUMENT_ID_BYTES);
      }),
    );
  });
});

describe("toKey", () => {
  it("is the key attributes of a record and nothing else", () => {
    const record = { id: { S: "a" }, at: { N: "1" }, name: { S: "n" } };
    const [id, at] = [{ name: "id", type: "S" } as const, { name: "at", type: "N" } as const];
    expect(toKey(record, { partitionKey: id })).toEqual({ id: { S: "a" } });
    expect(toKey(record, { partitionKey: id, sortKey: at })).toEqual({ id: { S: "a" }, at: { N: "1" } });
    expect(toKey({ id: { S: "a" } }, { partitionKey: id, sortKey: at })).toEqual({ id: { S: "a" } });
  });
});

describe("a key of more than two columns", () => {
  const tableKey = {
    partitionKey: { name: "shop", type: "S" },
    sortKey: { name: "order", type: "N" },
    furtherKeys: [{ name: "line", type: "N" }],
  } as const;

  it("names its record by all of them, and is read back", () => {
    const key = { shop: { S: "a|b" }, order: { N: "7" }, line: { N: "2" } };
    const recordId = toRecordId(key, tableKey);
    expect(recordId).toBe("a\\|b|7|2");
    expect(parseRecordId(recordId, tableKey)).toEqual(key);
    expect(toKey({ ...key, note: { S: "x" } }, tableKey)).toEqual(key);
  });

  it("is no record's with a column too few", () => {
    expect(parseRecordId("a|7", tableKey)).toBeUndefined();
  });
});

describe("ids of records whose key has more than two columns", () => {
  const tableKey = {
    partitionKey: { name: "region", type: "S" },
    sortKey: { name: "year", type: "N" },
    furtherKeys: [
      { name: "code", type: "B" },
      { name: "part", type: "S" },
    ],
  } as const;

  it("tell the key again, whatever is in its parts, so that an orphan of it can be read", () => {
    const key = fc.record({
      region: fc.record({ S: fc.string({ minLength: 1 }) }),
      year: fc.record({ N: fc.integer().map(String) }),
      code: fc.record({
        B: fc.uint8Array({ minLength: 1 }).map((bytes) => Buffer.from(bytes).toString("base64")),
      }),
      part: fc.record({ S: fc.string({ minLength: 1 }) }),
    });
    fc.assert(
      fc.property(key, (one) => {
        expect(parseRecordId(toRecordId(one, tableKey), tableKey)).toEqual(one);
      }),
    );
    expect(parseRecordId("eu|2026|AQ", tableKey)).toBeUndefined();
  });
});
