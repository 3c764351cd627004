import { spawn } from "node:child_process";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { findBrowser } from "./browser.ts";
import { projectRoot } from "./folders.ts";
import { prepareEngines } from "./prepare.ts";

/** One thing that must hold: an npm script, and what it says in words. */
interface Check {
  readonly script: string;
  readonly says: string;
  /** Left out of `check`, which is what runs before every commit. */
  readonly onlyInTest?: boolean;
  /** Runs beside the check after it: both mostly wait. What it prints comes when it has ended. */
  readonly besideNext?: boolean;
}

const CHECKS: readonly Check[] = [
  { script: "lint", says: "format and lint" },
  { script: "types", says: "types" },
  { script: "test:unit", says: "unit tests" },
  { script: "test:types", says: "types of the components' arguments", onlyInTest: true },
  { script: "test:components", says: "components and stacks", onlyInTest: true },
  { script: "layers", says: "layers" },
  { script: "unused", says: "unused code" },
  { script: "docs", says: "generated pages are as committed" },
  { script: "test:whole-stack", says: "the whole local stack", onlyInTest: true, besideNext: true },
  { script: "test:integration", says: "real engines", onlyInTest: true },
];
const GENERATED = ["docs/architecture.md", "docs/reference"];

const everything = process.argv[2] === "test";
if (everything) {
  findBrowser();
  prepareEngines();
}
const failed: string[] = [];
const beside: Promise<void>[] = [];
for (const check of CHECKS.filter(({ onlyInTest }) => everything || onlyInTest !== true)) {
  const checked = runCheck(check);
  if (check.besideNext === true) beside.push(checked);
  else await checked;
}
await Promise.all(beside);
if (failed.length > 0) console.error(`\nDoes not hold: ${failed.join(", ")}`);
process.exitCode = failed.length === 0 ? 0 : 1;

/** All checks run even when one fails: one run tells everything. */
async function runCheck({ script, says, besideNext }: Check): Promise<void> {
  const title = `\n── ${says} (npm run ${script})`;
  if (besideNext !== true) console.error(title);
  const before = readGenerated();
  const started = performance.now();
  const { status, output } = await runScript(script, besideNext === true);
  const unchanged = readGenerated() === before;
  const holds = status === 0 && unchanged;
  if (besideNext === true) console.error(`${title}\n${output}`);
  if (!unchanged) console.error(`${GENERATED.join(", ")} were out of date and are now generated anew.`);
  console.error(
    `   ${holds ? "holds" : "DOES NOT HOLD"}, ${((performance.now() - started) / 1000).toFixed(1)} s`,
  );
  if (!holds) failed.push(says);
}

/** @param isKept - its output is given back instead of shown */
function runScript(script: string, isKept: boolean): Promise<{ status: number | null; output: string }> {
  const stdio = isKept ? "pipe" : "inherit";
  const child = spawn("npm", ["run", "--silent", script], { cwd: projectRoot, stdio });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
  }
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (status) => resolve({ status, output }));
  });
}

function readGenerated(): string {
  return GENERATED.flatMap((path) => filesUnder(join(projectRoot, path)))
    .map((file) => readFileSync(file, "utf8"))
    .join("\n");
}

function filesUnder(path: string): string[] {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) return [];
  return found.isDirectory()
    ? readdirSync(path)
        .toSorted()
        .map((name) => join(path, name))
    : [path];
}
