import { Command, CommanderError } from "commander";
import { SyncError } from "../core/errors.ts";
import { arrangeWords } from "./arrange-words.ts";
import type { OpenCheck } from "./check/check-world.ts";
import { loadCheck } from "./check/load-check.ts";
import type { CommandContext } from "./command-context.ts";
import { defineAuditCommands } from "./define-audit-commands.ts";
import { defineCheckCommand } from "./define-check-command.ts";
import { defineLocalCommands } from "./define-local-commands.ts";
import {
  defineDeadLetterCommands,
  defineMoveCommands,
  defineStatusCommands,
} from "./define-stack-commands.ts";
import { type ExitCode, exitCodes } from "./exit-codes.ts";

/**
 * Runs one command line.
 *
 * Errors are printed as `CODE: what is wrong (subject). Fix: next action.`, never as a stack trace.
 *
 * @param words - what stands after `trueup`
 * @param openCheck - how `trueup check` reads a configuration and its account
 * @returns what the process exits with
 */
export async function runProgram(
  words: readonly string[],
  context: Omit<CommandContext, "finish">,
  openCheck: OpenCheck = loadCheck(context.terminal),
): Promise<ExitCode> {
  let code: ExitCode = exitCodes.done;
  const finish = (ended: ExitCode) => {
    code = ended;
  };
  const program = makeProgram({ ...context, finish }, openCheck);
  try {
    await program.parseAsync(arrangeWords(words), { from: "user" });
    return code;
  } catch (cause) {
    return toExitCode(cause, context);
  }
}

function makeProgram(context: CommandContext, openCheck: OpenCheck): Command {
  const { terminal } = context;
  const program = new Command("trueup")
    .description("Keeps an OpenSearch index equal to its DynamoDB table, and proves it.")
    .exitOverride()
    .configureOutput({
      writeOut: (text) => terminal.print(text.trimEnd()),
      writeErr: (text) => terminal.note(text.trimEnd()),
    });
  program.addHelpText(
    "after",
    "\nExit codes: 0 done or equal, 1 error, 2 usage, 3 drift remains or breaker open, 4 timeout, 5 applied but GENERATION_SERVING",
  );
  defineCheckCommand(program, context, openCheck);
  defineStatusCommands(program, context);
  defineMoveCommands(program, context);
  defineAuditCommands(program, context);
  defineDeadLetterCommands(program, context);
  defineLocalCommands(program, context);
  return program;
}

/** Commander has printed its own message; help asked for is no mistake. */
function toExitCode(cause: unknown, { terminal }: Omit<CommandContext, "finish">): ExitCode {
  if (cause instanceof CommanderError) return cause.exitCode === 0 ? exitCodes.done : exitCodes.usage;
  if (cause instanceof SyncError) terminal.note(cause.message);
  else terminal.note(cause instanceof Error ? (cause.stack ?? cause.message) : String(cause));
  return exitCodes.error;
}
