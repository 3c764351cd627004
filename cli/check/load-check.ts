import type { Terminal } from "../terminal.ts";
import type { OpenCheck } from "./check-world.ts";

/** Loads the check when it is asked for: reading a configuration needs Pulumi's part of the program. */
export function loadCheck({ env }: Pick<Terminal, "env">): OpenCheck {
  return async (args) => (await import("./open-check.ts")).openCheck(args, env);
}
