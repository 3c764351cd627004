import { spawnSync } from "node:child_process";
import { SyncError } from "../../core/errors.ts";

/** What to tell somebody whose machine lacks a command. */
export interface Prerequisite {
  readonly command: string;
  /** The one command that installs it on Debian and Ubuntu. */
  readonly install: string;
}

/**
 * Runs a command to its end, its output on standard error so that ours stays parsable.
 *
 * @throws SyncError `PREREQUISITE_MISSING` when it is not installed or fails (not retryable)
 */
export function runCommand({ command, install }: Prerequisite, args: readonly string[]): void {
  const { status, error } = spawnSync(command, args, { stdio: ["ignore", 2, 2] });
  if (error !== undefined) {
    throw new SyncError("PREREQUISITE_MISSING", `${command} is not installed`, {
      subject: command,
      fix: `run \`${install}\``,
      retryable: false,
      cause: error,
    });
  }
  if (status !== 0) {
    throw new SyncError("PREREQUISITE_MISSING", `${command} ended with status ${status}`, {
      subject: [command, ...args].join(" "),
      fix: "read its message above, then run the same command again",
      retryable: true,
    });
  }
}
