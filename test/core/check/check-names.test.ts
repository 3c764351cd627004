import { readFileSync } from "node:fs";
import { join } from "node:path";
import { checkNames } from "../../../core/check/check-finding.ts";

const page = readFileSync(join(__dirname, "../../../docs/check.md"), "utf8");
const sections = page.split(/^## /m).slice(1);

describe("docs/check.md", () => {
  it("explains every check there is, and none that is not, in order", () => {
    expect(sections.map((section) => section.split("\n")[0])).toEqual([...checkNames]);
    expect([...checkNames]).toEqual([...new Set(checkNames)].toSorted());
  });

  it.each(sections.map((section) => [section.split("\n")[0] ?? "", section]))(
    "says of %s why, where it is read, and what to do",
    (_name, section) => {
      expect(section).toMatch(/^Source: .+\.$/m);
      expect(section).toMatch(/^Fix: .+\.$/m);
      expect(section.split("\n").filter((line) => line !== "").length).toBe(4);
    },
  );
});
