// Runs a TypeScript entry with the project's own Node, after making sure that everything is installed.
// Plain JavaScript for any Node from 18 on, because it runs before anything is installed.
//   node local/setup/run.mjs FILE.ts [ARGUMENT …]
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "../..");
const binaries = join(root, "node_modules/.bin");
const mark = join(root, "node_modules/.trueup-lock");

/** Installs the packages of the lockfile, unless just that lockfile is installed already. */
function ensurePackages() {
  const wanted = createHash("sha256")
    .update(readFileSync(join(root, "package-lock.json")))
    .digest("hex");
  if (existsSync(mark) && readFileSync(mark, "utf8") === wanted) return;
  console.error("Installing npm packages (once, about a minute) …");
  const { status } = spawnSync("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"], {
    cwd: root,
    stdio: ["ignore", 2, 2],
  });
  if (status !== 0)
    fail(
      "npm could not install the packages",
      "npm ci",
      "read npm's message above, then run the command again",
    );
  mkdirSync(dirname(mark), { recursive: true });
  writeFileSync(mark, wanted);
}

function fail(what, subject, fix) {
  console.error(`PREREQUISITE_MISSING: ${what} (${subject}). Fix: ${fix}.`);
  process.exit(1);
}

ensurePackages();
const node = join(binaries, "node");
if (!existsSync(node))
  fail("the project's own Node is not there", node, "run `npm ci` with install scripts allowed");
const { status, signal } = spawnSync(node, process.argv.slice(2), {
  cwd: root,
  stdio: "inherit",
  env: { ...process.env, PATH: `${binaries}:${process.env.PATH ?? ""}` },
});
if (signal) process.kill(process.pid, signal);
process.exit(status ?? 1);
