import type { MoveAnswer } from "../../core/lifecycle-command.ts";
import { type ExitCode, exitCodes } from "../exit-codes.ts";
import { findTable } from "../find-table.ts";
import { renderStatus } from "../render-status.ts";
import type { StackClient } from "../stack-client.ts";
import type { Terminal } from "../terminal.ts";

export interface MoveOptions {
  readonly table: string;
  /** Cut over to this one instead of the newest. */
  readonly generation?: string;
  readonly json: boolean;
}

/** `trueup cutover TABLE`: moves the alias to the newest generation, if the gate is open; lifts a pin. */
export async function cutOver(
  client: StackClient,
  terminal: Terminal,
  { table, generation, json }: MoveOptions,
): Promise<ExitCode> {
  const descriptor = findTable(client.descriptor, table);
  const named = generation === undefined ? {} : { generation };
  return report(
    terminal,
    table,
    json,
    await client.move({ command: "cutover", table: descriptor, ...named }),
  );
}

/** `trueup rollback TABLE`: moves the alias back through the same gate, and pins it there. */
export async function rollBack(
  client: StackClient,
  terminal: Terminal,
  { table, json }: MoveOptions,
): Promise<ExitCode> {
  const descriptor = findTable(client.descriptor, table);
  return report(terminal, table, json, await client.move({ command: "rollback", table: descriptor }));
}

/** `trueup retire TABLE`: drops the alias for good, so that the table can be removed. */
export async function retire(
  client: StackClient,
  terminal: Terminal,
  { table, json }: MoveOptions,
): Promise<ExitCode> {
  const status = await client.retire(findTable(client.descriptor, table));
  terminal.print(json ? JSON.stringify(status, null, 2) : renderStatus([status]));
  return exitCodes.done;
}

function report(terminal: Terminal, table: string, json: boolean, answer: MoveAnswer): ExitCode {
  terminal.print(json ? JSON.stringify(answer, null, 2) : toSentence(table, answer));
  return exitCodes.done;
}

function toSentence(table: string, answer: MoveAnswer): string {
  if (answer.moved) {
    const before = answer.previous === undefined ? "" : `, before ${answer.previous}`;
    return `Searches of ${table} now use ${answer.serving}${before}.`;
  }
  if (answer.kind === "serves") return `${answer.serving} serves ${table} already.`;
  return `Nothing moved: ${answer.waiting}.`;
}
