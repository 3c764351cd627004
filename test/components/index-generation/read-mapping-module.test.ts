import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readMappingModule } from "../../../components/index-generation/read-mapping-module.ts";

let scratch = "";
beforeAll(() => {
  scratch = mkdtempSync(join(tmpdir(), "trueup-mapping-"));
});
afterAll(() => rmSync(scratch, { recursive: true }));

function read(source: string) {
  const file = join(scratch, "mapping.ts");
  writeFileSync(file, source);
  return readMappingModule(file);
}

const declared = 'defineMapping({ properties: { total: { type: "double" } } })';
const imports = 'import { defineMapping } from "trueup/transform";\n';
const mapping = { properties: { total: { type: "double" } } };

describe("a mapping that a module declares", () => {
  it("is its default export, or the one named mapping beside a transform", () => {
    expect(read(`${imports}export default ${declared};`)).toEqual(mapping);
    expect(read(`${imports}export const mapping = ${declared};\nexport default {};`)).toEqual(mapping);
  });

  it("is none where the module does not build, throws, or exports no object", () => {
    expect(read("export default {")).toBeUndefined();
    expect(read('throw new Error("no");')).toBeUndefined();
    expect(read("export default 7;")).toBeUndefined();
    expect(readMappingModule(join(scratch, "nowhere.ts"))).toBeUndefined();
  });
});
