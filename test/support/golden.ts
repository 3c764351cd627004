import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { PROJECT_ROOT } from "./stack-files.ts";

/** Set to write committed lists anew instead of comparing with them. */
const UPDATE = "TRUEUP_UPDATE_GOLDEN";

/**
 * Compares lines with a committed list, line by line.
 *
 * A difference is a change for everybody who upgrades: a name that goes is a resource that is deleted, one that comes may
 * be a replacement. So it takes a line in `CHANGELOG.md`, and then `TRUEUP_UPDATE_GOLDEN=1` to write the list anew.
 *
 * @param file - below `test/fixtures/`
 */
export function expectGolden(file: string, lines: readonly string[]): void {
  const path = join(PROJECT_ROOT, "test/fixtures", file);
  if (process.env[UPDATE] !== undefined) writeFileSync(path, `${lines.join("\n")}\n`);
  const committed = readFileSync(path, "utf8").trimEnd().split("\n");
  const difference = {
    gone: committed.filter((line) => !lines.includes(line)),
    new: lines.filter((line) => !committed.includes(line)),
    next: `add a line to CHANGELOG.md, then run again with ${UPDATE}=1`,
  };
  expect(difference).toEqual({ ...difference, gone: [], new: [] });
}
