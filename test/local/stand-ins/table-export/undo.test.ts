import fc from "fast-check";
import { toKeyText } from "../../../../local/stand-ins/table-export/export-row.ts";
import { makeUndo } from "../../../../local/stand-ins/table-export/undo.ts";
import { runs } from "../../../support/runs.ts";
import { TableModel, type Write } from "./table-model.ts";

const write: fc.Arbitrary<Write> = fc.record({
  key: fc.constantFrom("a", "b", "c", "d"),
  content: fc.option(fc.nat(3), { nil: undefined }),
  seconds: fc.constant(1_000),
});
const writes = fc.array(write, { maxLength: 15 });

/** What a read of the table gives once it is put back. */
function restore(model: TableModel, read: Readonly<Record<string, unknown>>, mark: number, since: number) {
  const undo = makeUndo(["id"], since);
  undo.note(model.stream.slice(mark));
  const kept = Object.entries(read).flatMap(([key, item]) => {
    const json = undo.restore(toKeyText({ id: { S: key } }, ["id"]), JSON.stringify(item));
    return json === undefined ? [] : [JSON.parse(json)];
  });
  const items = [...kept, ...undo.gone().map(({ json }) => JSON.parse(json))];
  return Object.fromEntries(items.map((item) => [item.id.S, item]));
}

describe("undoing changes", () => {
  it("gives the table of the moment, whatever was written before and after it was read", () => {
    fc.assert(
      fc.property(writes, writes, writes, (before, during, after) => {
        const model = new TableModel();
        for (const one of before) model.apply(one);
        const moment = model.snapshot();
        const mark = model.stream.length;
        for (const one of during) model.apply(one);
        const read = model.snapshot();
        for (const one of after) model.apply(one);
        expect(restore(model, read, mark, 0)).toEqual(moment);
      }),
      runs(500),
    );
  });

  it("leaves alone what changed before the second that is asked for", () => {
    const model = new TableModel();
    model.apply({ key: "a", content: 1, seconds: 100 });
    const moment = model.snapshot();
    model.apply({ key: "a", content: 2, seconds: 101 });
    model.apply({ key: "b", content: 3, seconds: 102 });
    expect(restore(model, model.snapshot(), 0, 101)).toEqual(moment);
  });

  it("tells items apart by their whole key", () => {
    const key = (sort: string) => toKeyText({ id: { S: "a" }, sort: { N: sort } }, ["id", "sort"]);
    expect(key("1")).not.toBe(key("2"));
  });
});
