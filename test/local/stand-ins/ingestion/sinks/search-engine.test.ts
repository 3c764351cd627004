import { readBulkAnswer } from "../../../../../local/stand-ins/ingestion/sinks/search-engine.ts";

describe("a bulk's answer over HTTP", () => {
  it("has one item a write, with all reasons", () => {
    const error = {
      type: "mapper_parsing_exception",
      reason: "failed to parse",
      caused_by: { type: "x", reason: null },
    };
    const items = [
      { index: { status: 201 } },
      { index: { status: 400, error } },
      { delete: { status: 404 } },
    ];
    expect(readBulkAnswer(200, JSON.stringify({ took: 1, errors: true, items }))).toEqual({
      kind: "answered",
      items: [
        { status: 201, errorType: undefined, message: "" },
        { status: 400, errorType: "mapper_parsing_exception", message: "failed to parse caused by unknown" },
        { status: 404, errorType: undefined, message: "" },
      ],
    });
  });

  it("is a failure where it is something else", () => {
    const error = { type: "illegal", reason: "Malformed action" };
    expect(readBulkAnswer(400, JSON.stringify({ error, status: 400 }))).toEqual({
      kind: "failed",
      status: 400,
      message: "Malformed action",
    });
    expect(readBulkAnswer(429, "slow down")).toEqual({ kind: "failed", status: 429, message: "slow down" });
    expect(readBulkAnswer(200, "<html>")).toMatchObject({ kind: "failed", status: 200 });
  });
});
