import { SyncError } from "../../core/errors.ts";
import type { GenerationStatus, TableStatus } from "../../core/table-status.ts";
import { type ExitCode, exitCodes } from "../exit-codes.ts";
import { findTable } from "../find-table.ts";
import { startProgress } from "../progress.ts";
import { renderStatus } from "../render-status.ts";
import type { StackClient } from "../stack-client.ts";
import type { Terminal } from "../terminal.ts";

export interface WaitOptions {
  readonly table: string;
  readonly timeoutMillis: number;
  readonly json: boolean;
}

const FIRST_PAUSE_MILLIS = 500;
const LONGEST_PAUSE_MILLIS = 15_000;
const PHASES: readonly GenerationStatus["phase"][] = [
  "loading",
  "catching-up",
  "auditing",
  "ready",
  "serving",
];

/**
 * `trueup wait TABLE`: blocks until the newest generation serves, or is ready where only a person moves the alias.
 *
 * @throws SyncError `BUILD_FAILED` when its build failed (not retryable)
 */
export async function waitUntilServing(
  client: StackClient,
  terminal: Terminal,
  { table: name, timeoutMillis, json }: WaitOptions,
): Promise<ExitCode> {
  const table = findTable(client.descriptor, name);
  const newest = table.generations.at(-1)?.generation ?? "";
  const until = terminal.now() + timeoutMillis;
  const progress = startProgress(terminal, newest, json);
  try {
    for (let pause = FIRST_PAUSE_MILLIS; ; pause = Math.min(pause * 1.5, LONGEST_PAUSE_MILLIS)) {
      const status = await client.status(table);
      const generation = status.generations.find((known) => known.generation === newest);
      progress.show(toShare(generation), toText(generation));
      if (isThere(status, newest, generation, table.cutover)) return finish(terminal, status, json);
      requireHope(generation, newest);
      if (terminal.now() + pause > until) return giveUp(terminal, status, json);
      await terminal.pause(pause);
    }
  } finally {
    progress.end();
  }
}

function isThere(
  status: TableStatus,
  newest: string,
  generation: GenerationStatus | undefined,
  cutover: "automatic" | "manual",
): boolean {
  if (status.serving === newest) return true;
  const held = cutover === "manual" || status.pinned !== undefined || status.retired;
  return generation?.phase === "ready" && held;
}

function requireHope(generation: GenerationStatus | undefined, newest: string): void {
  if (generation !== undefined && generation.phase !== "failed") return;
  const reason =
    generation === undefined ? "its index was never made" : (generation.blockedBy ?? "no reason known");
  throw new SyncError("BUILD_FAILED", `the newest generation will not serve: ${reason}`, {
    subject: newest,
    fix: "correct the cause, then deploy again to restart its build, or `trueup cutover` where nothing is wrong any more",
    retryable: false,
  });
}

function finish(terminal: Terminal, status: TableStatus, json: boolean): ExitCode {
  terminal.print(json ? JSON.stringify(status, null, 2) : renderStatus([status]));
  return exitCodes.done;
}

function giveUp(terminal: Terminal, status: TableStatus, json: boolean): ExitCode {
  terminal.print(json ? JSON.stringify(status, null, 2) : renderStatus([status]));
  terminal.note("The time is up; the build goes on. Run `trueup wait` again to go on waiting.");
  return exitCodes.timeout;
}

function toShare(generation: GenerationStatus | undefined): number {
  if (generation === undefined) return 0;
  return (PHASES.indexOf(generation.phase) + 1) / PHASES.length;
}

function toText(generation: GenerationStatus | undefined): string {
  if (generation === undefined) return "";
  const { phase, documents, blockedBy } = generation;
  const why = blockedBy === undefined ? "" : `, ${blockedBy}`;
  return `${phase}: ${documents.toLocaleString("en")} documents${why}`;
}
