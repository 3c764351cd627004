import type { RawSearchAnswer, SearchRequest } from "../../adapters/opensearch-connection.ts";
import { makeOpenSearchIndex } from "../../adapters/opensearch-index.ts";
import type { ExternalVersion } from "../../core/external-version.ts";

const write = (id: string, source = "{}") => ({ id, version: 5n as ExternalVersion, source });
const idsOf = ({ body = "" }: SearchRequest) =>
  [...String(body).matchAll(/"_id":"([^"]+)"/g)].map(([, id]) => id ?? "");
const accept = (request: SearchRequest): RawSearchAnswer => {
  const items = idsOf(request).map((_, place) => ({
    index: { status: 201, _seq_no: place, _primary_term: 1 },
  }));
  return { status: 200, text: JSON.stringify({ items }) };
};

/** A target that answers as told, request by request, and accepts everything once it was told all. */
function makeTarget(...answers: ((request: SearchRequest) => RawSearchAnswer | Error)[]) {
  const requests: SearchRequest[] = [];
  const index = makeOpenSearchIndex(
    async (request) => {
      requests.push(request);
      const answer = (answers.shift() ?? accept)(request);
      if (answer instanceof Error) throw answer;
      return answer;
    },
    { writeAlias: "orders-write", now: Date.now, maxBulkDocuments: 4 },
  );
  return { index, requests };
}
const soon = () => Date.now() + 5_000;

describe("writing to OpenSearch", () => {
  it("sends versioned bulks to the write alias, and only to an alias", async () => {
    const { index, requests } = makeTarget();
    expect(await index.write([write("a", '{"n":1}')], soon())).toEqual([
      { kind: "applied", seqNo: 0, primaryTerm: 1 },
    ]);
    expect(requests[0]).toMatchObject({ path: "/orders-write/_bulk", contentType: "application/x-ndjson" });
    expect(requests[0]?.query).toContain("require_alias=true");
    expect(String(requests[0]?.body)).toBe(
      '{"index":{"_id":"a","version":5,"version_type":"external_gte"}}\n{"n":1}\n',
    );
  });

  it("sends again only what was answered 429 inside a 200", async () => {
    const busy = { index: { status: 429, error: { type: "rejected_execution_exception" } } };
    const { index, requests } = makeTarget(() => ({
      status: 200,
      text: JSON.stringify({ items: [{ index: { status: 201, _seq_no: 1, _primary_term: 1 } }, busy] }),
    }));
    const outcomes = await index.write([write("a"), write("b")], soon());
    expect(outcomes.map(({ kind }) => kind)).toEqual(["applied", "applied"]);
    expect(requests.map(idsOf)).toEqual([["a", "b"], ["b"]]);
  });

  it.each([429, 503])("backs off from a %d of the whole bulk and sends it again", async (status) => {
    const { index, requests } = makeTarget(() => ({ status, text: "" }));
    expect(await index.write([write("a")], soon())).toMatchObject([{ kind: "applied" }]);
    expect(requests).toHaveLength(2);
  });

  it("halves a bulk that is too large until the document to blame is alone", async () => {
    const tooLarge = (request: SearchRequest) =>
      idsOf(request).includes("huge") ? { status: 413, text: "" } : accept(request);
    const { index } = makeTarget(...Array.from({ length: 9 }, () => tooLarge));
    const outcomes = await index.write(
      ["a", "b", "huge", "c"].map((id) => write(id)),
      soon(),
    );
    expect(outcomes.map(({ kind }) => kind)).toEqual(["applied", "applied", "rejected", "applied"]);
    expect(outcomes[2]).toMatchObject({ cause: "DOCUMENT_TOO_LARGE" });
  });

  it.each([401, 403, 404])("reports %d at once: it does not pass by waiting", async (status) => {
    const { index, requests } = makeTarget(() => ({ status, text: "" }));
    expect(await index.write([write("a")], soon())).toMatchObject([{ kind: "unavailable", status }]);
    expect(requests).toHaveLength(1);
  });

  it("gives every write an outcome, in the order given, when the target is gone until the deadline", async () => {
    const { index } = makeTarget(
      ...Array.from({ length: 99 }, () => () => new Error("connect ECONNREFUSED")),
    );
    const writes = Array.from({ length: 10 }, (_, place) => write(String(place)));
    const outcomes = await index.write(writes, Date.now() + 300);
    expect(outcomes).toHaveLength(10);
    expect(outcomes.every(({ kind }) => kind === "unavailable")).toBe(true);
  });

  it("sends nothing when there is no time left", async () => {
    const { index, requests } = makeTarget();
    expect(await index.write([write("a")], Date.now())).toMatchObject([{ kind: "unavailable" }]);
    expect(requests).toEqual([]);
  });
});
