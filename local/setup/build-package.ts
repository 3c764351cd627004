import { cpSync, rmSync } from "node:fs";
import { join } from "node:path";
import { binariesFolder, projectRoot } from "./folders.ts";
import { runCommand } from "./run-command.ts";

/**
 * Makes `dist`, what an installed package runs: JavaScript with its types, because Node runs no TypeScript of packages, and
 * the files that are read beside it.
 */
const built = join(projectRoot, "dist");
const READ_BESIDE = [
  "components/database-source/connect-plugin.pom.xml",
  "local/setup/kafka.pom.xml",
  "local/setup/requirements.txt",
];

rmSync(built, { recursive: true, force: true });
const tsc = { command: join(binariesFolder, "tsc"), install: "npm ci" };
runCommand(tsc, ["--project", join(projectRoot, "tsconfig.package.json")]);
for (const path of READ_BESIDE) cpSync(join(projectRoot, path), join(built, path), { recursive: true });
