import { writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import Table from "cli-table3";
import { type Command, InvalidArgumentError } from "commander";
import { addCommand, type CommandContext, type SharedOptions } from "./command-context.ts";
import { exitCodes } from "./exit-codes.ts";
import type { LocalProcess } from "./local-commands.ts";

interface LocalOptions extends SharedOptions {
  readonly config?: string;
}

const LOCAL_STACK = "local";

/** `synth`, and `local up`, `local down`, `local status`, `local page`. */
export function defineLocalCommands(program: Command, context: CommandContext): void {
  defineSynth(program, context);
  const local = program.command("local").description("the whole program on this machine");
  defineUp(local, context);
  const { terminal, finish } = context;
  addCommand(local, "down", "end everything `up` started").action(async ({ json }: SharedOptions) => {
    await context.local.down();
    terminal.print(json ? JSON.stringify({ running: false }) : "Everything that `up` started has ended.");
    finish(exitCodes.done);
  });
  addCommand(local, "status", "show what runs").action(async ({ json }: SharedOptions) => {
    const processes = await context.local.status();
    terminal.print(json ? JSON.stringify(processes, null, 2) : renderProcesses(processes));
    finish(exitCodes.done);
  });
  definePage(local, context);
}

interface PageOptions extends SharedOptions {
  readonly port?: number;
}

function definePage(parent: Command, { terminal, local, finish }: CommandContext): void {
  addCommand(parent, "page", "serve a page to search, and to watch delay, drift and generations")
    .option("--port <number>", "where on 127.0.0.1; 0 takes a free one", parsePort)
    .action(async ({ port, json }: PageOptions) => {
      const { url, ended } = await local.page(port);
      terminal.print(json ? JSON.stringify({ url }) : `The page is at ${url}; Ctrl-C ends it.`);
      await ended;
      finish(exitCodes.done);
    });
}

function parsePort(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port >= 0 && port < 65_536) return port;
  throw new InvalidArgumentError("A port is a whole number from 0 to 65535.");
}

function defineSynth(program: Command, { terminal, local, finish }: CommandContext): void {
  addCommand(program, "synth", "write the CloudFormation template of the whole program, without AWS")
    .requiredOption("--out <file>", "where to")
    .option("--config <file>", "a stack file to use instead of the stack's own")
    .action(async ({ stack, out, config, json }: LocalOptions & { readonly out: string }) => {
      const template = await local.synth(toArguments(terminal.cwd, stack, config));
      const file = resolve(terminal.cwd, out);
      await writeFile(file, template);
      terminal.print(json ? JSON.stringify({ file }) : `The template is in ${file}.`);
      finish(exitCodes.done);
    });
}

function defineUp(parent: Command, { terminal, local, finish }: CommandContext): void {
  addCommand(parent, "up", "start or change the local stack")
    .option("--config <file>", "a stack file to use instead of the stack's own")
    .action(async ({ stack, config, json }: LocalOptions) => {
      const outcome = await local.up(toArguments(terminal.cwd, stack, config));
      terminal.print(JSON.stringify(outcome.endpoints, null, 2));
      if (outcome.kind === "serving") terminal.note(outcome.reason);
      else if (!json)
        terminal.note("The stack runs. `trueup status` shows its tables, `trueup local down` ends it.");
      finish(outcome.kind === "serving" ? exitCodes.serving : exitCodes.done);
    });
}

function toArguments(cwd: string, stack: string | undefined, config: string | undefined) {
  return {
    stack: stack ?? LOCAL_STACK,
    ...(config === undefined ? {} : { configFile: resolve(cwd, config) }),
  };
}

function renderProcesses(processes: readonly LocalProcess[]): string {
  if (processes.length === 0) return "Nothing runs.";
  const table = new Table({ head: ["process", "runs", ""], style: { head: [], border: [] } });
  for (const { name, running, detail } of processes) table.push([name, running ? "yes" : "no", detail]);
  return table.toString();
}
