/** Packing jars. That Maven brings Debezium's is for a machine with Maven to show. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { unzipSync } from "fflate";
import { pack } from "../../../components/database-source/connect-plugin.ts";

const folder = mkdtempSync(join(tmpdir(), "trueup-jars-"));
afterAll(() => rmSync(folder, { recursive: true }));

function jar(name: string, content: string): string {
  const file = join(folder, name);
  writeFileSync(file, content);
  return file;
}

it("packs jars into one folder of a zip that is the same whatever their order", () => {
  const [a, b] = [jar("a.jar", "one"), jar("b.jar", "two")];
  const [first, second] = [pack([a, b]), pack([b, a])];
  expect(second).toEqual(first);
  expect(Object.keys(unzipSync(readFileSync(first.file)))).toEqual([
    "trueup-debezium/a.jar",
    "trueup-debezium/b.jar",
  ]);
});

it("is another plugin with another content", () => {
  const before = pack([jar("a.jar", "one")]).sha256;
  expect(pack([jar("a.jar", "two")]).sha256).not.toBe(before);
});

it("refuses a jar that is not there, with its path", () => {
  expect(() => pack([join(folder, "none.jar")])).toThrow(/^PREREQUISITE_MISSING: .*none\.jar/);
});
