import { spawn } from "node:child_process";
import { join } from "node:path";
import { demoCredentials } from "../../local/demo/run-command.ts";
import { binariesFolder, projectRoot } from "../../local/setup/folders.ts";

/** How a command ended, and what it wrote. */
export interface CommandEnd {
  readonly status: number | null;
  readonly output: string;
  /** Standard error: progress, reasons and faults. */
  readonly notes: string;
}

/** No command of these tests takes longer; one that hangs is ended. */
const LONGEST_MILLIS = 330_000;

/** Runs `trueup` as a person in the checkout would, and keeps both of its outputs. */
export function runCli(...words: readonly string[]): Promise<CommandEnd> {
  return runCliIn(projectRoot, ...words);
}

/** The same in another checkout. */
export function runCliIn(checkout: string, ...words: readonly string[]): Promise<CommandEnd> {
  return run(join(binariesFolder, "node"), [join(checkout, "cli/trueup.mjs"), ...words], checkout);
}

/** Runs any command. */
export function run(command: string, words: readonly string[], cwd = projectRoot): Promise<CommandEnd> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, words, {
      cwd,
      env: { ...process.env, ...demoCredentials },
      stdio: ["ignore", "pipe", "pipe"],
      timeout: LONGEST_MILLIS,
    });
    let [output, notes] = ["", ""];
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      notes += text;
    });
    child.on("error", reject);
    child.on("close", (status) => resolve({ status, output, notes }));
  });
}
