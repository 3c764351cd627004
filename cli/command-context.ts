import type { Command } from "commander";
import type { ExitCode } from "./exit-codes.ts";
import type { LocalCommands } from "./local-commands.ts";
import type { StackClient } from "./stack-client.ts";
import type { Terminal } from "./terminal.ts";

/** What the command line stands on; tests pass their own. */
export interface CommandContext {
  readonly terminal: Terminal;
  readonly openStack: (stack: string | undefined) => Promise<StackClient>;
  readonly local: LocalCommands;
  /** Keeps the exit code of the command that ran. */
  readonly finish: (code: ExitCode) => void;
}

/** Options every command has. */
export interface SharedOptions {
  readonly stack?: string;
  readonly json: boolean;
}

/** Adds a command with the options every command has. */
export function addCommand(parent: Command, usage: string, summary: string): Command {
  return parent
    .command(usage)
    .description(summary)
    .option("--stack <name>", "the stack; by default TRUEUP_STACK, or the one that runs here")
    .option("--json", "print JSON for machines", false);
}
