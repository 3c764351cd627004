import { type Command, Option } from "commander";
import { addCommand, type CommandContext, type SharedOptions } from "./command-context.ts";
import { listDeadLetters, replayDeadLetters } from "./commands/dead-letters.ts";
import { cutOver, retire, rollBack } from "./commands/move-alias.ts";
import { showStatus } from "./commands/show-status.ts";
import { waitUntilServing } from "./commands/wait-until-serving.ts";
import { parseDuration } from "./parse-duration.ts";

/** `--timeout`, with the time a command waits when nothing is said. */
export function timeoutOption(fallback: string): Option {
  return new Option("--timeout <duration>", "how long to wait: 90s, 15m, 6h")
    .argParser(parseDuration)
    .default(parseDuration(fallback), fallback);
}

/** `status` and `wait`: they look, and change nothing. */
export function defineStatusCommands(
  program: Command,
  { terminal, openStack, finish }: CommandContext,
): void {
  addCommand(program, "status [table]", "show where every generation is").action(
    async (table: string | undefined, { stack, json }: SharedOptions) => {
      const named = table === undefined ? {} : { table };
      finish(await showStatus(await openStack(stack), terminal, { ...named, json }));
    },
  );
  addCommand(program, "wait <table>", "wait until the newest generation serves")
    .addOption(timeoutOption("6h"))
    .action(async (table: string, { stack, json, timeout }: SharedOptions & { readonly timeout: number }) => {
      const client = await openStack(stack);
      finish(await waitUntilServing(client, terminal, { table, json, timeoutMillis: timeout }));
    });
}

/** `cutover`, `rollback`, `retire`: they move the alias. */
export function defineMoveCommands(program: Command, { terminal, openStack, finish }: CommandContext): void {
  addCommand(program, "cutover <table>", "move the alias to the newest generation, and lift a pin")
    .option("--generation <name>", "this one instead of the newest")
    .action(async (table: string, options: SharedOptions & { readonly generation?: string }) => {
      finish(await cutOver(await openStack(options.stack), terminal, { ...options, table }));
    });
  addCommand(program, "rollback <table>", "move the alias back, and pin it there").action(
    async (table: string, { stack, json }: SharedOptions) => {
      finish(await rollBack(await openStack(stack), terminal, { table, json }));
    },
  );
  addCommand(program, "retire <table>", "drop the alias for good, so that the table can be removed").action(
    async (table: string, { stack, json }: SharedOptions) => {
      finish(await retire(await openStack(stack), terminal, { table, json }));
    },
  );
}

/** `dead-letters list` and `replay`. */
export function defineDeadLetterCommands(
  program: Command,
  { terminal, openStack, finish }: CommandContext,
): void {
  const letters = program.command("dead-letters").description("records that cannot be indexed as they are");
  addCommand(letters, "list <table>", "show them, and leave them where they are").action(
    async (table: string, { stack, json }: SharedOptions) => {
      finish(await listDeadLetters(await openStack(stack), terminal, { table, json }));
    },
  );
  addCommand(letters, "replay <table>", "read their records again and index them as they are now").action(
    async (table: string, { stack, json }: SharedOptions) => {
      finish(await replayDeadLetters(await openStack(stack), terminal, { table, json }));
    },
  );
}
