import { setTimeout } from "node:timers/promises";
import { makeAwsStackClient } from "./aws-stack-client.ts";
import { loadLocalCommands } from "./load-local-commands.ts";
import { runProgram } from "./program.ts";
import { findStack } from "./stack-environment.ts";
import type { Terminal } from "./terminal.ts";

const terminal: Terminal = {
  cwd: process.cwd(),
  env: process.env,
  now: Date.now,
  pause: (millis) => setTimeout(millis),
  print: (text) => process.stdout.write(`${text}\n`),
  note: (text) => process.stderr.write(`${text}\n`),
  progressStream: process.stderr.isTTY ? process.stderr : undefined,
};

process.exitCode = await runProgram(process.argv.slice(2), {
  terminal,
  openStack: async (stack) => makeAwsStackClient(await findStack(terminal, stack)),
  local: loadLocalCommands(terminal),
});
