import { readAnswer } from "../../../../local/stand-ins/stream-mapping/read-answer.ts";
import { mappingOf, recordsOf } from "./shard-fixtures.ts";

const reports = mappingOf({ FunctionResponseTypes: ["ReportBatchItemFailures"] });
const windowed = mappingOf({
  FunctionResponseTypes: ["ReportBatchItemFailures"],
  TumblingWindowInSeconds: 60,
});
const failures = (...identifiers: unknown[]) => ({
  batchItemFailures: identifiers.map((itemIdentifier) => ({ itemIdentifier })),
});
const read = (answer: unknown, mapping = reports) =>
  readAnswer(typeof answer === "string" ? answer : JSON.stringify(answer), recordsOf(3), mapping);

describe("the answer for a batch", () => {
  it.each([
    ["an empty list", { batchItemFailures: [] }],
    ["a null list", { batchItemFailures: null }],
    ["an empty answer", {}],
    ["a null answer", null],
    ["no answer", ""],
  ])("with %s says that everything is done", (_, answer) => {
    expect(read(answer)).toEqual({ kind: "succeeded", state: undefined });
  });

  it.each([
    ["an empty identifier", failures("")],
    ["a null identifier", failures(null)],
    ["a misnamed identifier", { batchItemFailures: [{ id: "2" }] }],
    ["an identifier that is not of the batch", failures("9")],
    ["one of several that is not of the batch", failures("3", "9")],
    ["a list that is none", { batchItemFailures: "2" }],
    ["a text", '"done"'],
    ["a list in the answer's place", []],
    ["what is no JSON", "done"],
  ])("with %s fails the whole batch", (_, answer) => {
    expect(read(answer)).toMatchObject({ kind: "failed", functionError: false });
  });

  it("says how many records are done before the lowest failure", () => {
    expect(read(failures("3"))).toMatchObject({ kind: "partly", settled: 2 });
    expect(read(failures("3", "2"))).toMatchObject({ kind: "partly", settled: 1 });
    expect(read(failures("2", "1"))).toMatchObject({ kind: "failed" });
  });

  it("is not looked at where failures are not declared", () => {
    expect(read(failures("2"), mappingOf())).toMatchObject({ kind: "succeeded" });
    expect(read("done", mappingOf())).toMatchObject({ kind: "succeeded" });
  });

  it("must carry a state where a window is declared, whatever the state is", () => {
    expect(read({ batchItemFailures: [] }, windowed)).toMatchObject({ kind: "failed" });
    expect(read(null, windowed)).toMatchObject({ kind: "failed" });
    expect(read({ state: null }, windowed)).toEqual({ kind: "succeeded", state: null });
    expect(read({ ...failures("2"), state: { sum: 1 } }, windowed)).toMatchObject({
      kind: "partly",
      settled: 1,
      state: { sum: 1 },
    });
  });
});
