#!/usr/bin/env node
// Starts the command line with a Node that runs TypeScript: this one, or the one the project installs.
// Plain JavaScript for any Node from 18 on, because `npx` uses the machine's own.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath, pathToFileURL } from "node:url";

const OLDEST_NODE = 24;
const [source, built] = ["main.ts", "../dist/cli/main.js"].map((path) =>
  fileURLToPath(new URL(path, import.meta.url)),
);
// A checkout has the source; where the package is installed, Node would not run it.
const main = existsSync(source) ? source : built;

if (Number.parseInt(process.versions.node, 10) >= OLDEST_NODE) {
  await import(pathToFileURL(main).href);
} else {
  const node = fileURLToPath(new URL("../node_modules/.bin/node", import.meta.url));
  if (!existsSync(node)) {
    console.error(
      `PREREQUISITE_MISSING: the project's own Node is not installed (${node}). Fix: run \`npm ci\` with install scripts allowed.`,
    );
    process.exit(1);
  }
  const child = spawn(node, [main, ...process.argv.slice(2)], { stdio: "inherit" });
  // The terminal sends an interrupt to the whole group; a signal meant for this process alone is handed on.
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
    process.on(signal, () => {
      if (signal !== "SIGINT") child.kill(signal);
    });
  }
  child.on("exit", (code, signal) => {
    process.exitCode = signal === null ? (code ?? 1) : 1;
  });
}
