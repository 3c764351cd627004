import fc from "fast-check";
import {
  type BulkItem,
  bulkPauseMillis,
  judgeBulk,
} from "../../../../../local/stand-ins/ingestion/sinks/judge-bulk.ts";
import { operationOf } from "../fixtures.ts";

const external = { externalVersions: true, maximumTries: undefined };
const conflict: BulkItem = { status: 409, errorType: "version_conflict_engine_exception", message: "newer" };
const item = (status: number, errorType?: string): BulkItem => ({
  status,
  errorType,
  message: errorType ?? "",
});
const idsOf = (operations: readonly { readonly id: string | undefined }[]) => operations.map(({ id }) => id);

function fateOf(action: "index" | "delete", answered: BulkItem, tries = 1, rules = external) {
  const verdict = judgeBulk(
    [operationOf("a", action)],
    { kind: "answered", items: [answered] },
    tries,
    rules,
  );
  return Object.entries(verdict).find(([, operations]) => operations.length > 0)?.[0];
}

describe("a bulk's answer", () => {
  it.each([
    ["index", item(201), "taken"],
    ["index", conflict, "superseded"],
    ["index", item(409, "other"), "refused"],
    ["index", item(400, "mapper_parsing_exception"), "refused"],
    ["index", item(404, "index_not_found_exception"), "refused"],
    ["index", item(429, "rejected"), "again"],
    ["index", item(503, "unavailable"), "again"],
    ["index", item(413, "too large"), "again"],
    ["index", item(403, "forbidden"), "again"],
    ["delete", item(200), "taken"],
    ["delete", conflict, "superseded"],
  ] as const)("of an %s with %j is %s", (action, answered, fate) => {
    expect(fateOf(action, answered)).toBe(fate);
  });

  it("is no success where OpenSearch counts versions itself", () => {
    expect(fateOf("index", conflict, 1, { ...external, externalVersions: false })).toBe("refused");
  });

  it("of a delete of nothing is asked for three times", () => {
    expect([1, 2, 3].map((tries) => fateOf("delete", item(404), tries))).toEqual([
      "again",
      "again",
      "refused",
    ]);
  });

  it("is judged write by write, each once", () => {
    const status = fc.constantFrom(200, 201, 400, 404, 409, 429, 500, 503);
    fc.assert(
      fc.property(fc.array(status), (statuses) => {
        const operations = statuses.map((_, place) => operationOf(`${place}`));
        const items = statuses.map((given) =>
          given < 300 ? item(given) : given === 409 ? conflict : item(given, "error"),
        );
        const { again, taken, superseded, refused } = judgeBulk(
          operations,
          { kind: "answered", items },
          1,
          external,
        );
        const all = [...again, ...taken, ...superseded, ...refused.map(({ operation }) => operation)];
        expect(idsOf(all).sort()).toEqual(idsOf(operations).sort());
        expect(again).toHaveLength(statuses.filter((given) => given === 429 || given >= 500).length);
      }),
    );
  });

  it("that is none sends everything again, unless the request as a whole was wrong", () => {
    const operations = [operationOf("a"), operationOf("b", "delete")];
    const judge = (status: number | undefined) =>
      judgeBulk(operations, { kind: "failed", status, message: "no" }, 1, external);
    for (const status of [undefined, 429, 500, 401, 413]) expect(judge(status).again).toEqual(operations);
    for (const status of [400, 404, 409]) {
      expect(judge(status).refused.map(({ status: told, message }) => [told, message])).toEqual([
        [0, "no"],
        [0, "no"],
      ]);
    }
  });

  it("refuses the whole last request once the tries are used up, what was taken too", () => {
    const operations = [operationOf("a"), operationOf("b")];
    const answer = { kind: "answered", items: [item(200), item(429, "full")] } as const;
    const rules = { ...external, maximumTries: 2 };
    expect(idsOf(judgeBulk(operations, answer, 1, rules).again)).toEqual(["b"]);
    const { refused } = judgeBulk(operations, answer, 2, rules);
    expect(idsOf(refused.map(({ operation }) => operation))).toEqual(["a", "b"]);
    expect(refused[0]?.message).toContain("limit of max retries (configured value 2");
  });

  it("is waited for ever longer, up to ten minutes", () => {
    expect([1, 2, 3, 50].map(bulkPauseMillis)).toEqual([50, 100, 200, 600_000]);
  });
});
