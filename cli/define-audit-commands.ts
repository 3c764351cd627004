import type { Command } from "commander";
import { addCommand, type CommandContext, type SharedOptions } from "./command-context.ts";
import { runAudit } from "./commands/run-audit.ts";
import { timeoutOption } from "./define-stack-commands.ts";

interface AuditFlags extends SharedOptions {
  readonly generation?: string;
  readonly full?: boolean;
  readonly wait: boolean;
  readonly timeout: number;
}

/** `audit TABLE` and `audit approve TABLE RUN`. */
export function defineAuditCommands(program: Command, { terminal, openStack, finish }: CommandContext): void {
  const audit = program
    .command("audit")
    .description("compare database, manifest and index, and repair what differs");
  const run = addCommand(audit, "run <table>", "audit a table (the word `run` can be left out)");
  addFlags(run)
    .option("--full", "compare everything, not only what changed since the last audit", false)
    .action(async (table: string, flags: AuditFlags) => {
      finish(await runAudit(await openStack(flags.stack), terminal, toOptions(table, flags)));
    });
  addFlags(addCommand(audit, "approve <table> <run>", "repair what the circuit breaker held back")).action(
    async (table: string, approved: string, flags: AuditFlags) => {
      const options = { ...toOptions(table, flags), approved };
      finish(await runAudit(await openStack(flags.stack), terminal, options));
    },
  );
}

function addFlags(command: Command): Command {
  return command
    .option("--generation <name>", "audit this one instead of the one that serves")
    .option("--wait", "wait for the report and print it", false)
    .addOption(timeoutOption("6h"));
}

function toOptions(table: string, { generation, full = false, wait, timeout, json }: AuditFlags) {
  const named = generation === undefined ? {} : { generation };
  return { table, full, wait, json, timeoutMillis: timeout, ...named };
}
