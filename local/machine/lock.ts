import { mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { SyncError } from "../../core/errors.ts";
import { describeThisProcess, findRunning } from "../engines/process.ts";
import { localFiles, localFolder } from "./local-folder.ts";

/**
 * Works on the local stack alone: of two commands at once the second is refused. A lock left by a process that died
 * is nobody's.
 *
 * @throws SyncError `CONTROL_CONFLICT` (retryable)
 */
export async function alone<Result>(work: () => Promise<Result>): Promise<Result> {
  mkdirSync(localFolder, { recursive: true });
  take();
  try {
    return await work();
  } finally {
    rmSync(localFiles.lock, { force: true });
  }
}

/** Of two that find a dead process's lock at once, one moves it away and the other finds nothing to move. */
function take(): void {
  if (tryTake()) return;
  const other = findRunning(localFiles.lock);
  if (other !== undefined) throw busy(`process ${other.pid}`);
  if (!removeStale() || !tryTake()) throw busy("a command that began or ended in the same instant");
}

/** @returns whether it was there to be removed, and nobody's */
function removeStale(): boolean {
  const stale = `${localFiles.lock}.${process.pid}`;
  try {
    renameSync(localFiles.lock, stale);
  } catch (cause) {
    if (hasCode(cause, "ENOENT")) return false;
    throw cause;
  }
  const isOwned = findRunning(stale) !== undefined;
  if (isOwned)
    renameSync(stale, localFiles.lock); // taken since it was looked at
  else rmSync(stale);
  return !isOwned;
}

/** @returns whether nobody has it */
function tryTake(): boolean {
  try {
    writeFileSync(localFiles.lock, JSON.stringify(describeThisProcess()), { flag: "wx" });
    return true;
  } catch (cause) {
    if (hasCode(cause, "EEXIST")) return false;
    throw cause;
  }
}

function hasCode(cause: unknown, code: string): boolean {
  return Reflect.get(Object(cause), "code") === code;
}

function busy(who: string): SyncError {
  return new SyncError("CONTROL_CONFLICT", "another command is working on the local stack", {
    subject: who,
    fix: "wait until it ends, then do it again",
    retryable: true,
  });
}
