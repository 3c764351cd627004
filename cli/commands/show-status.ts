import { type ExitCode, exitCodes } from "../exit-codes.ts";
import { findTable } from "../find-table.ts";
import { renderStatus } from "../render-status.ts";
import type { StackClient } from "../stack-client.ts";
import type { Terminal } from "../terminal.ts";

export interface StatusOptions {
  /** Absent shows every table, and prints an array as JSON. */
  readonly table?: string;
  readonly json: boolean;
}

/** `trueup status [TABLE]`: where every generation is. */
export async function showStatus(
  client: StackClient,
  terminal: Terminal,
  { table, json }: StatusOptions,
): Promise<ExitCode> {
  const { descriptor } = client;
  const tables = table === undefined ? Object.values(descriptor.tables) : [findTable(descriptor, table)];
  const statuses = await Promise.all(tables.map((one) => client.status(one)));
  if (json) terminal.print(JSON.stringify(table === undefined ? statuses : statuses[0], null, 2));
  else terminal.print(renderStatus(statuses));
  return exitCodes.done;
}
