// Runs a TypeScript entry with the project's own Node, after making sure that everything is installed.
// Plain JavaScript for any Node from 18 on, because it runs before anything is installed.
//   node local/setup/run.mjs FILE.ts [ARGUMENT …]
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { delimiter, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "../..");
const binaries = join(root, "node_modules/.bin");
const node = join(binaries, "node");

/** Whether every package of the lockfile is installed in just that version; npm keeps a list of what it installed. */
function areInstalled() {
  const installed = readPackages(join(root, "node_modules/.package-lock.json"));
  const wanted = Object.entries(readPackages(join(root, "package-lock.json")));
  return wanted.every(
    ([path, { version, optional }]) => path === "" || optional || installed[path]?.version === version,
  );
}

function readPackages(lockfile) {
  return existsSync(lockfile) ? JSON.parse(readFileSync(lockfile, "utf8")).packages : {};
}

function install() {
  console.error("Installing npm packages (once, about a minute) …");
  const { status, error } = spawnSync("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"], {
    cwd: root,
    stdio: ["ignore", 2, 2],
  });
  if (error) fail("npm is not installed", "npm", "run `apt-get install -y npm`");
  if (status !== 0)
    fail("npm could not install the packages", "npm ci", "read npm's message above, then try again");
}

function fail(what, subject, fix) {
  console.error(`PREREQUISITE_MISSING: ${what} (${subject}). Fix: ${fix}.`);
  process.exit(1);
}

if (!areInstalled()) install();
if (!existsSync(node))
  fail("the project's own Node is not there", node, "run `npm ci` with install scripts allowed");
const { status, signal } = spawnSync(node, process.argv.slice(2), {
  cwd: root,
  stdio: "inherit",
  env: { ...process.env, PATH: `${binaries}${delimiter}${process.env.PATH ?? ""}` },
});
if (signal) process.kill(process.pid, signal);
process.exit(status ?? 1);
