import { spawn } from "node:child_process";
import { mkdirSync, openSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { SyncError } from "../../core/errors.ts";

const POLL_MILLIS = 50;
const GRACE_MILLIS = 10_000;

/** A process that outlives the command that started it. */
export interface BackgroundProcess {
  readonly pid: number;
  /** Clock ticks from boot to its start: with the pid it names one process for ever. */
  readonly startTicks: string;
}

/** What to start, and where its output goes. */
export interface BackgroundCommand {
  readonly command: string;
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly folder: string;
  readonly logFile: string;
  /** Where the process is written down, so that a later command can end it. */
  readonly pidFile: string;
  /** Run as another user; OpenSearch refuses to be root. */
  readonly user?: { readonly uid: number; readonly gid: number };
}

/**
 * Starts a process that goes on when this one ends.
 *
 * @throws SyncError `ENGINE_FAILED` when it cannot be started (not retryable)
 */
export function startInBackground(what: BackgroundCommand): BackgroundProcess {
  mkdirSync(dirname(what.logFile), { recursive: true });
  mkdirSync(dirname(what.pidFile), { recursive: true });
  const log = openSync(what.logFile, "a");
  const child = spawn(what.command, what.args, {
    cwd: what.folder,
    env: { ...what.environment },
    detached: true,
    stdio: ["ignore", log, log],
    ...what.user,
  });
  child.on("error", () => {});
  child.unref();
  const startTicks = child.pid === undefined ? undefined : readStartTicks(child.pid);
  if (child.pid === undefined || startTicks === undefined) throw notStarted(what);
  const started = { pid: child.pid, startTicks };
  writeFileSync(what.pidFile, JSON.stringify(started));
  return started;
}

/** The process a pid file tells of, if that very process still runs. */
export function findRunning(pidFile: string): BackgroundProcess | undefined {
  try {
    const known: BackgroundProcess = JSON.parse(readFileSync(pidFile, "utf8"));
    return isRunning(known) ? known : undefined;
  } catch {
    return undefined;
  }
}

/** Whether that very process runs; a pid that was given to another one does not count. */
export function isRunning({ pid, startTicks }: BackgroundProcess): boolean {
  const ticks = readStartTicks(pid);
  return ticks !== undefined && ticks === startTicks;
}

/** The process that asks, as a pid file tells of it. */
export function describeThisProcess(): BackgroundProcess {
  return { pid: process.pid, startTicks: readStartTicks(process.pid) ?? "" };
}

/**
 * Ends a process and what it started, asking first; one that is gone already is left alone.
 *
 * @param ask - the signal that asks it to end
 */
export async function stopProcess(pidFile: string, ask: NodeJS.Signals = "SIGTERM"): Promise<void> {
  const running = findRunning(pidFile);
  if (running !== undefined) {
    signalGroup(running.pid, ask);
    if (!(await isGone(running, GRACE_MILLIS))) signalGroup(running.pid, "SIGKILL");
    await isGone(running, GRACE_MILLIS);
  }
  rmSync(pidFile, { force: true });
}

/** Ends a process at once, as a crash would, with its children in whatever group. */
export async function killProcess(pidFile: string): Promise<void> {
  const running = findRunning(pidFile);
  if (running === undefined) return;
  const all = [running, ...findChildren(running.pid)];
  for (const { pid } of all) signalGroup(pid, "SIGKILL");
  for (const one of all) await isGone(one, GRACE_MILLIS);
}

/** @see https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html field 4, the parent */
function findChildren(parent: number): readonly BackgroundProcess[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && readStat(Number(name))?.[1] === String(parent))
    .map((name) => ({ pid: Number(name), startTicks: readStartTicks(Number(name)) ?? "" }));
}

async function isGone(known: BackgroundProcess, millis: number): Promise<boolean> {
  const deadline = Date.now() + millis;
  while (isRunning(known)) {
    if (Date.now() > deadline) return false;
    await wait(POLL_MILLIS);
  }
  return true;
}

function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch {
    // Gone in the meantime, which is what was asked for.
  }
}

/** @see https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html field 22 */
function readStartTicks(pid: number): string | undefined {
  const fields = readStat(pid);
  return fields?.[0] === "Z" ? undefined : fields?.[19];
}

/** The fields of a process from the third on: the name in the second may hold spaces. */
function readStat(pid: number): readonly string[] | undefined {
  try {
    return readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1)?.split(" ");
  } catch {
    return undefined;
  }
}

function notStarted({ command, logFile }: BackgroundCommand): SyncError {
  return new SyncError("ENGINE_FAILED", "a process did not start", {
    subject: command,
    fix: `read ${logFile}`,
    retryable: false,
  });
}
