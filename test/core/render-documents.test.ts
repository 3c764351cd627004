import fc from "fast-check";
import { MAX_DOCUMENT_ID_BYTES } from "../../core/document-id.ts";
import { ExactNumber } from "../../core/exact-number.ts";
import { renderDocuments, reservedField, usesReservedField } from "../../core/render-documents.ts";
import { DELETED_AT_FIELD } from "../../core/table-descriptor.ts";

describe("the documents of a record", () => {
  it("are the one a transform returns, under the record's own id", () => {
    expect(renderDocuments("r", { name: "chair" })).toEqual([{ id: "r", source: '{"name":"chair"}' }]);
    expect(renderDocuments("é".repeat(300), {})[0]?.id).toMatch(/^sha256-/);
  });

  it("are an omitted one where it returns none, so that the audit knows the record was seen", () => {
    expect(renderDocuments("r", null)).toEqual([{ id: "r", source: undefined }]);
    expect(renderDocuments("r", [])).toEqual([{ id: "r", source: undefined }]);
  });

  it("are as many as it names, in order and under their own ids", () => {
    const ids = fc.uniqueArray(fc.string({ minLength: 1 }), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(ids, (all) => {
        const named = all.map((id, number) => ({ id, document: { number } }));
        expect(renderDocuments("r", named)).toEqual(
          all.map((id, number) => ({ id, source: `{"number":${number}}` })),
        );
      }),
    );
  });

  it("hold every digit of a bigint and of an exact number", () => {
    const document = { big: 12345678901234567890n, exact: new ExactNumber("0.1234567890123456789") };
    expect(renderDocuments("r", document)[0]?.source).toBe(
      '{"big":12345678901234567890,"exact":0.1234567890123456789}',
    );
  });

  it.each([
    ["an exact number", new ExactNumber("1.5")],
    ["a date", new Date(0)],
    ["a function", () => ({})],
    ["a document that would hide itself as a tombstone", { toJSON: () => ({ [DELETED_AT_FIELD]: 1 }) }],
    ["a document that would be nothing once written", { toJSON: () => undefined }],
    ["a cycle", circular()],
    ["a number that is none", { price: Number.NaN }],
    ["an endless number", { prices: [Number.POSITIVE_INFINITY] }],
    ["the field of tombstones", { [DELETED_AT_FIELD]: 1 }],
    ["a list of texts", JSON.parse('["a"]')],
    ["a list of nothing", JSON.parse("[null]")],
    ["a document without an id", JSON.parse('[{"document":{}}]')],
    ["an id that is a number", JSON.parse('[{"id":7,"document":{}}]')],
    ["an empty id", [{ id: "", document: {} }]],
    ["a name without a document", JSON.parse('[{"id":"a"}]')],
    ["a name of nothing", JSON.parse('[{"id":"a","document":null}]')],
    ["a name of a list", [{ id: "a", document: [] }]],
    [
      "one id twice",
      [
        { id: "a", document: {} },
        { id: "b", document: {} },
        { id: "a", document: {} },
      ],
    ],
    ["the field of tombstones in one of several", [{ id: "a", document: { [DELETED_AT_FIELD]: null } }]],
  ])("are refused where a transform returns %s", (_what, result) => {
    expect(() => renderDocuments("r-7", result)).toThrow(/^TRANSFORM_INVALID: .* \(record r-7\)/);
  });

  it("are refused for an id longer than OpenSearch takes, in bytes", () => {
    const longest = "é".repeat(MAX_DOCUMENT_ID_BYTES / 2);
    expect(renderDocuments("r", [{ id: longest, document: {} }])[0]?.id).toBe(longest);
    expect(() => renderDocuments("r", [{ id: `${longest}a`, document: {} }])).toThrow(
      /^TRANSFORM_INVALID: a document id is not a text of 1 to 512 bytes/,
    );
  });

  it("say in a refusal why they could not be written, and nothing of what they hold", () => {
    const secret = { secret: "hunter2", price: Number.NaN };
    const error = caught(() => renderDocuments("r", secret));
    expect(error).toMatchObject({
      code: "TRANSFORM_INVALID",
      retryable: false,
      cause: expect.any(RangeError),
    });
    expect(String(error)).not.toContain("hunter2");
  });
});

describe("the field of tombstones", () => {
  it("is told from one that only looks like it", () => {
    expect(usesReservedField({ [DELETED_AT_FIELD]: undefined })).toBe(true);
    expect(usesReservedField({ deep: { [DELETED_AT_FIELD]: 1 } })).toBe(false);
    expect(usesReservedField(Object.create({ [DELETED_AT_FIELD]: 1 }))).toBe(false);
    expect(reservedField("r").message).toContain(`the reserved field ${DELETED_AT_FIELD} (record r)`);
  });
});

function circular(): object {
  const document: { self?: object } = {};
  document.self = document;
  return document;
}

function caught(work: () => unknown): unknown {
  try {
    return work();
  } catch (cause) {
    return cause;
  }
}
