import { readFileSync } from "node:fs";
import { join } from "node:path";

/** The capabilities that `docs/targets.md` denies a target, in the order of its table. @param column - the table's heading */
export function documentedLacks(column: string): readonly string[] {
  const lines = readFileSync(join(__dirname, "../../docs/targets.md"), "utf8").split("\n");
  const rows = lines.map((line) => line.split("|").map((cell) => cell.trim()));
  const place = rows.find(([, first]) => first === "capability")?.indexOf(column) ?? -1;
  if (place === -1) throw new RangeError(`docs/targets.md has no column ${column}`);
  return rows.filter((cells) => cells[place] === "no").map(([, capability = ""]) => capability);
}
