import type { LocalCommands } from "./local-commands.ts";
import type { Terminal } from "./terminal.ts";

/**
 * The commands of the local stack, each loaded when it is asked for: the rest of the command line then starts
 * without Pulumi and the emulator's parts.
 */
export function loadLocalCommands(terminal: Terminal): LocalCommands {
  return {
    up: async (args) => (await import("../local/up.ts")).up(args),
    down: async () => (await import("../local/down.ts")).down(),
    status: async () => (await import("../local/status.ts")).status(),
    page: async (port) => (await import("../local/page.ts")).page(terminal, port),
    synth: async (args) => (await import("../local/synth.ts")).synth(args),
  };
}
