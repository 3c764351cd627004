import { makeConvertPage } from "../../../../../local/stand-ins/ingestion/source/convert-page.ts";
import { makeControls } from "../../../../../local/stand-ins/ingestion/source/weakness.ts";
import { recordOf } from "../fixtures.ts";

const table = { name: "orders", keyNames: ["id"] };

function convert(controls = makeControls()) {
  const page = makeConvertPage(table, "NEW_IMAGE", controls);
  return (...records: readonly (readonly [string, number])[]) =>
    page(records.map(([id, seconds]) => recordOf(id, seconds))).map(
      ({ metadata }) => `${metadata["primary_key"]} ${metadata["document_version"]}`,
    );
}

describe("a page of records", () => {
  it("counts over all keys, and over pages", () => {
    const page = convert();
    expect(page(["a", 7], ["b", 7])).toEqual(["a 7000000", "b 7000001"]);
    expect(page(["a", 7], ["a", 8])).toEqual(["a 7000002", "a 8000000"]);
  });

  it("leaves out what cannot be converted, without a version for it", () => {
    const page = makeConvertPage(table, "NEW_IMAGE", makeControls());
    const converted = page([recordOf("a", 7, "MODIFY", { n: { N: "x" } }), recordOf("b", 7)]);
    expect(converted.map(({ metadata }) => metadata["document_version"])).toEqual([7_000_000n]);
  });

  it("loses as many records as it is told", () => {
    const page = convert({ ...makeControls(), dropRecords: 2 });
    expect(page(["a", 7], ["b", 7], ["c", 7])).toEqual(["c 7000000"]);
  });

  it("counts anew between two changes of one key inside a second, once", () => {
    const controls = { ...makeControls(), sameSecond: true };
    const page = convert(controls);
    expect(page(["b", 6], ["a", 7], ["b", 7], ["b", 7], ["b", 7])).toEqual([
      "b 6000000",
      "a 7000000",
      "b 7000001",
      "b 7000000",
      "b 7000001",
    ]);
    expect(controls.sameSecond).toBe(false);
  });
});
