import { createHash } from "node:crypto";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { cacheFolder, projectRoot } from "./folders.ts";
import { runCommand } from "./run-command.ts";

const PYTHON = { command: "python3", install: "apt-get install -y python3 python3-venv" };
const REQUIREMENTS = join(projectRoot, "local/setup/requirements.txt");
const ENVIRONMENT = join(cacheFolder, "venv");

/** A command that the pinned Python packages bring: `ministack`, `cfn-lint`, `python3`. */
export function pythonCommand(name: string): string {
  return join(ENVIRONMENT, "bin", name);
}

/**
 * Makes the virtual environment with the pinned packages, unless just these are in it. One that was moved is made
 * again: its commands name the place it was made in.
 *
 * @throws SyncError `PREREQUISITE_MISSING` without Python, or when a package cannot be had
 */
export function ensurePython(say: (step: string) => void): void {
  const wanted = createHash("sha256").update(readFileSync(REQUIREMENTS)).update(ENVIRONMENT).digest("hex");
  const mark = join(ENVIRONMENT, "installed");
  if (existsSync(mark) && readFileSync(mark, "utf8") === wanted) return;
  say("Installing Python packages (once, about half a minute)");
  rmSync(ENVIRONMENT, { recursive: true, force: true });
  runCommand(PYTHON, ["-m", "venv", ENVIRONMENT]);
  const pip = { command: pythonCommand("pip"), install: PYTHON.install };
  runCommand(pip, ["install", "--quiet", "--disable-pip-version-check", "--requirement", REQUIREMENTS]);
  writeFileSync(mark, wanted);
}
