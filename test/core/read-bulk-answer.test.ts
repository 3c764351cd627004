import {
  BULK_FILTER_PATH,
  REMOVING_FILTER_PATH,
  readBulkAnswer,
  readRefusal,
  withoutValues,
} from "../../core/read-bulk-answer.ts";

describe("reading a bulk answer", () => {
  it("tells the fate of every item, in order", () => {
    const text = JSON.stringify({
      items: [
        { index: { _seq_no: 7, _primary_term: 2, status: 201 } },
        {
          index: {
            status: 409,
            error: { type: "version_conflict_engine_exception", reason: "current version [3]" },
          },
        },
        { index: { status: 429, error: { type: "rejected_execution_exception", reason: "queue full" } } },
        {
          index: {
            status: 400,
            error: { type: "mapper_parsing_exception", reason: "failed to parse field [n]" },
          },
        },
        { index: { status: 404, error: { type: "index_not_found_exception", reason: "[require_alias]" } } },
      ],
    });
    expect(readBulkAnswer(text, 5)).toEqual([
      { kind: "applied", seqNo: 7, primaryTerm: 2 },
      { kind: "superseded" },
      { kind: "unavailable", status: 429, reason: "rejected_execution_exception: queue full" },
      {
        kind: "rejected",
        cause: "MAPPING_REJECTED",
        reason: "mapper_parsing_exception: failed to parse field [n]",
      },
      { kind: "unavailable", status: 404, reason: "index_not_found_exception: [require_alias]" },
    ]);
  });

  it.each(["", "null", "{}", "<html>", '{"items":[{}]}'])(
    "believes nothing of an answer that does not fit: %j",
    (text) => {
      expect(readBulkAnswer(text, 2)).toBeUndefined();
    },
  );

  it("never calls something it cannot read applied", () => {
    expect(readBulkAnswer('{"items":[{"index":{"status":201}}]}', 1)).toMatchObject([
      { kind: "unavailable" },
    ]);
    expect(readBulkAnswer('{"items":[{},{"index":{"_seq_no":1,"status":200}}]}', 2)).toEqual([
      { kind: "unavailable", status: 0, reason: "status 0: " },
      { kind: "unavailable", status: 200, reason: "status 200: " },
    ]);
    expect(readBulkAnswer('{"items":[null]}', 1)).toMatchObject([{ kind: "unavailable" }]);
    expect(readRefusal(200, "")).toMatchObject({ kind: "unavailable" });
    expect(readRefusal(413, '{"error":null}')).toMatchObject({
      kind: "rejected",
      cause: "DOCUMENT_TOO_LARGE",
    });
    expect(readRefusal(400, "null")).toEqual({
      kind: "rejected",
      cause: "MAPPING_REJECTED",
      reason: "status 400: ",
    });
    expect(readRefusal(503, '{"error":"no such thing"}')).toEqual({
      kind: "unavailable",
      status: 503,
      reason: "status 503: ",
    });
  });

  it.each([
    "failed to parse field [n] of type [long] in document with id 'x'. Preview of field's value: 'secret'",
    'For input string: "secret"',
    "Value [secret] is out of range for a long",
    "immense term in field=\"f\". The prefix of the first immense term is: '[115, secret]'",
  ])("keeps no value of a document in a reason: %s", (reason) => {
    expect(withoutValues(reason)).not.toContain("secret");
  });
});

describe("reading the answer to a bulk that removes", () => {
  const read = (item: object) => readBulkAnswer(JSON.stringify({ items: [item] }), 1);
  const removal = { _seq_no: 7, _primary_term: 2 };

  it("takes a removal for applied, of what was there and of what was not", () => {
    for (const status of [200, 404]) {
      expect(read({ delete: { ...removal, status } })).toEqual([
        { kind: "applied", seqNo: 7, primaryTerm: 2 },
      ]);
    }
  });

  it("tells a removal that lost against a newer write", () => {
    const error = { type: "version_conflict_engine_exception", reason: "current version [3]" };
    expect(read({ delete: { status: 409, error } })).toEqual([{ kind: "superseded" }]);
  });

  it("does not take a missing index, or an answer without numbers, for a removal", () => {
    const error = { type: "index_not_found_exception", reason: "[require_alias]" };
    expect(read({ delete: { ...removal, status: 404, error } })).toMatchObject([{ kind: "unavailable" }]);
    expect(read({ delete: { status: 404 } })).toMatchObject([{ kind: "unavailable", status: 404 }]);
  });

  it("asks for the same of removals as of writes", () => {
    const ofWrites = BULK_FILTER_PATH.split(",").filter((path) => path.startsWith("items."));
    const asked = new Set(REMOVING_FILTER_PATH.split(","));
    for (const path of [...ofWrites, "error.type", "error.reason"]) {
      expect(asked).toContain(path);
      expect(asked).toContain(path.replace("items.index", "items.delete"));
    }
  });
});
