import { mkdirSync, rmSync, writeFileSync } from "node:fs";
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
  const other = findRunning(localFiles.lock);
  if (other === undefined) rmSync(localFiles.lock, { force: true });
  if (other !== undefined || !take()) throw busy(other?.pid);
  try {
    return await work();
  } finally {
    rmSync(localFiles.lock, { force: true });
  }
}

/** @returns whether nobody else took it in the same instant */
function take(): boolean {
  try {
    writeFileSync(localFiles.lock, JSON.stringify(describeThisProcess()), { flag: "wx" });
    return true;
  } catch {
    return false;
  }
}

function busy(pid: number | undefined): SyncError {
  return new SyncError("CONTROL_CONFLICT", "another command is working on the local stack", {
    subject: pid === undefined ? "started in the same instant" : `process ${pid}`,
    fix: "wait until it ends, then do it again",
    retryable: true,
  });
}
