import fc from "fast-check";
import { parseReindexRequests } from "../../core/parse-reindex-request.ts";
import type { ReindexRequest } from "../../core/reindex-request.ts";

const request: ReindexRequest = {
  requestId: "request-1",
  reason: "drift",
  recordId: "x",
  attempt: 1,
  notBefore: 0,
};

describe("a message on the reindex queue", () => {
  it("is read as it was written, with whatever it may leave out", () => {
    const written: fc.Arbitrary<ReindexRequest> = fc.record(
      {
        requestId: fc.uuid(),
        reason: fc.constantFrom("drift", "ambiguous", "dead-letter", "rebuild"),
        recordId: fc.string(),
        attempt: fc.integer({ min: 1, max: 5 }),
        notBefore: fc.nat(),
        key: fc.dictionary(
          fc.string(),
          fc.string().map((S) => ({ S })),
          { minKeys: 1, noNullPrototype: true },
        ),
        documentId: fc.string(),
        auditRun: fc.string(),
      },
      {
        requiredKeys: ["requestId", "reason", "recordId", "attempt", "notBefore"],
        noNullPrototype: true,
      },
    );
    fc.assert(
      fc.property(written, (one) => {
        expect(parseReindexRequests(JSON.stringify(one))).toEqual([one]);
      }),
    );
  });

  it("is read as a list where it is one, and refused where anything of it is no request", () => {
    const other = { ...request, requestId: "request-2", recordId: "y" };
    expect(parseReindexRequests(JSON.stringify([request, other]))).toEqual([request, other]);
    expect(() => parseReindexRequests(JSON.stringify([request, {}]))).toThrow(/^EVENT_UNDECODABLE/);
  });

  it.each(["", "not JSON", "null", "5", "[]", "{}", '"text"'])("is refused where it is none: %j", (body) => {
    expect(() => parseReindexRequests(body)).toThrow(/^EVENT_UNDECODABLE/);
  });

  it.each([
    ["requestId", 7],
    ["recordId", null],
    ["reason", "because"],
    ["reason", undefined],
    ["attempt", "1"],
    ["notBefore", undefined],
  ])("is refused where its %s is %p", (name, value) => {
    const body = JSON.stringify({ ...request, [name]: value });
    expect(() => parseReindexRequests(body)).toThrow(/^EVENT_UNDECODABLE/);
  });

  it.each([{}, null, "x", undefined])(
    "names no record by a key of %p, so that the key is read from the record's id",
    (key) => {
      expect(parseReindexRequests(JSON.stringify({ ...request, key }))).toEqual([request]);
    },
  );

  it("keeps nothing that is not part of a request", () => {
    const body = JSON.stringify({ ...request, image: { S: "x" }, documentId: 7, auditRun: {} });
    expect(parseReindexRequests(body)).toEqual([request]);
  });
});
