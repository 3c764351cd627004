import { stopLocalMachine } from "./machine/local-machine.ts";
import { alone } from "./machine/lock.ts";

/** `trueup local down`: ends everything that `up` started, and forgets it. Nothing running is fine. */
export async function down(): Promise<void> {
  await alone(stopLocalMachine);
}
