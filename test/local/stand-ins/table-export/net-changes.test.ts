import fc from "fast-check";
import { makeNetChanges } from "../../../../local/stand-ins/table-export/net-changes.ts";
import { runs } from "../../../support/runs.ts";
import { TableModel, toItem, type Write } from "./table-model.ts";

const FROM = 1_000;
const TO = 2_000;

function linesOf(model: TableModel, ExportViewType: "NEW_IMAGE" | "NEW_AND_OLD_IMAGES") {
  const changes = makeNetChanges(["id"], { ExportFromTime: FROM, ExportToTime: TO, ExportViewType });
  changes.add(model.stream.slice(0, 2));
  changes.add(model.stream.slice(2));
  return [...changes.rows()].map(({ line }) => JSON.parse(line));
}

function apply(...writes: readonly Write[]): TableModel {
  const model = new TableModel();
  for (const write of writes) model.apply(write);
  return model;
}

describe("an incremental export", () => {
  const was: Write = { key: "a", content: 1, seconds: FROM - 1 };
  const insert: Write = { key: "a", content: 2, seconds: FROM };
  const update: Write = { key: "a", content: 3, seconds: 1_500 };
  const remove: Write = { key: "a", content: undefined, seconds: TO - 1 };
  const Keys = { id: { S: "a" } };
  const at = (seconds: number) => ({ WriteTimestampMicros: { N: `${seconds}000000` } });

  it.each([
    ["inserts", apply(insert), { NewImage: toItem("a", 2) }, FROM],
    ["updates", apply(was, update), { OldImage: toItem("a", 1), NewImage: toItem("a", 3) }, 1_500],
    ["inserts that were updated", apply(insert, update), { NewImage: toItem("a", 3) }, 1_500],
    ["deletes", apply(was, remove), { OldImage: toItem("a", 1) }, TO - 1],
    ["updates before deletes", apply(was, update, remove), { OldImage: toItem("a", 1) }, TO - 1],
  ])("has a line for %s", (_, model, images, seconds) => {
    const line = { Metadata: at(seconds), Keys, ...images };
    expect(linesOf(model, "NEW_AND_OLD_IMAGES")).toEqual([line]);
    const { OldImage: _old, ...withoutOld } = { OldImage: undefined, ...line };
    expect(linesOf(model, "NEW_IMAGE")).toEqual([withoutOld]);
  });

  it("has no line for what came and went inside the window", () => {
    expect(linesOf(apply(insert, remove), "NEW_AND_OLD_IMAGES")).toEqual([]);
  });

  it("begins at its first second and ends before its last", () => {
    expect(linesOf(apply(was, { ...update, seconds: TO }), "NEW_IMAGE")).toEqual([]);
  });

  it("turns the table of its beginning into the table of its end", () => {
    const write = fc.record({
      key: fc.constantFrom("a", "b", "c"),
      content: fc.option(fc.nat(3), { nil: undefined }),
      seconds: fc.integer({ min: FROM - 100, max: TO + 100 }),
    });
    fc.assert(
      fc.property(fc.array(write, { maxLength: 30 }), (unsorted) => {
        const writes = unsorted.toSorted((one, other) => one.seconds - other.seconds);
        const until = (end: number) => apply(...writes.filter(({ seconds }) => seconds < end)).snapshot();
        const table: Record<string, unknown> = { ...until(FROM) };
        for (const { Keys: keys, NewImage } of linesOf(apply(...writes), "NEW_IMAGE")) {
          delete table[keys.id.S];
          if (NewImage !== undefined) table[keys.id.S] = NewImage;
        }
        expect(table).toEqual(until(TO));
      }),
      runs(300),
    );
  });
});
