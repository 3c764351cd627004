import { resolve } from "node:path";
import type { Command } from "commander";
import type { OpenCheck } from "./check/check-world.ts";
import { addCommand, type CommandContext, type SharedOptions } from "./command-context.ts";
import { checkStack } from "./commands/check-stack.ts";

const LOCAL_STACK = "local";

/** `check`: it looks, and changes nothing. */
export function defineCheckCommand(
  program: Command,
  { terminal, openStack, finish }: CommandContext,
  openCheck: OpenCheck,
): void {
  addCommand(program, "check", "show what is missing before a deployment, and what that does and costs")
    .option("--config <file>", "a stack file to use instead of the stack's own")
    .action(async ({ stack, config, json }: SharedOptions & { readonly config?: string }) => {
      const named = stack ?? terminal.env["TRUEUP_STACK"] ?? LOCAL_STACK;
      const file = config === undefined ? {} : { configFile: resolve(terminal.cwd, config) };
      const world = await openCheck({ stack: named, ...file });
      finish(await checkStack(world, () => openStack(named), terminal, { json }));
    });
}
