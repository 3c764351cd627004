import { readdirSync, readFileSync } from "node:fs";

/** The processes the emulator runs a function in, by the variable that Lambda gives each. */
function findFunctionProcesses(functionArn: string): readonly number[] {
  const wanted = `AWS_LAMBDA_FUNCTION_NAME=${functionArn.split(":").at(-1)}`;
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && readEnvironment(name).includes(wanted))
    .map(Number);
}

/** Ends a function's processes as a crash would. @returns how many there were */
export function killFunction(functionArn: string): number {
  return findFunctionProcesses(functionArn).filter((pid) => signal(pid, "SIGKILL")).length;
}

/** Stops a function's processes in the middle of what they do. @returns lets them go on */
export function pauseFunction(functionArn: string): () => void {
  const paused = findFunctionProcesses(functionArn).filter((pid) => signal(pid, "SIGSTOP"));
  return () => {
    for (const pid of paused) signal(pid, "SIGCONT");
  };
}

/** @returns whether the process was there still */
function signal(pid: number, name: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, name);
  } catch {
    return false;
  }
}

/** @see https://man7.org/linux/man-pages/man5/proc_pid_environ.5.html */
function readEnvironment(pid: string): readonly string[] {
  try {
    return readFileSync(`/proc/${pid}/environ`, "utf8").split("\0");
  } catch {
    return [];
  }
}
