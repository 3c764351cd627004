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
  if (other !== undefined) throw busy(other.pid);
  writeFileSync(localFiles.lock, JSON.stringify(describeThisProcess()));
  try {
    return await work();
  } finally {
    rmSync(localFiles.lock, { force: true });
  }
}

function busy(pid: number): SyncError {
  return new SyncError("CONTROL_CONFLICT", "another command is working on the local stack", {
    subject: `process ${pid}`,
    fix: "wait until it ends, then do it again",
    retryable: true,
  });
}
