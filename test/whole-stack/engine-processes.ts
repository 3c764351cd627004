import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";
import type { BackgroundProcess } from "../../local/engines/process.ts";
import { localFiles } from "../../local/machine/local-folder.ts";

const processSchema = z.strictObject({ pid: z.int(), startTicks: z.string() });
const LISTENING = "0A";
/** 127.0.0.1, the same inside IPv6, and ::1, as the kernel writes them. */
const LOOPBACK = ["0100007F", "0000000000000000FFFF00000100007F", "00000000000000000000000001000000"];

/** The engines that `up` wrote down. */
export function readEngines(): readonly BackgroundProcess[] {
  return [localFiles.search, localFiles.aws, localFiles.gateway].map((folder) =>
    processSchema.parse(JSON.parse(readFileSync(join(folder, "process.json"), "utf8"))),
  );
}

/** Engines and what they started, functions among them: each engine leads a process group. */
export function findGroups(engines: readonly BackgroundProcess[]): readonly number[] {
  const leaders = engines.map(({ pid }) => String(pid));
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && leaders.includes(readGroup(name)))
    .map(Number);
}

/** The ports these processes listen on, each with whether only this machine reaches it. */
export function readListeners(pids: readonly number[]): readonly { port: number; loopback: boolean }[] {
  const sockets = new Set(pids.flatMap(readSockets));
  return ["/proc/net/tcp", "/proc/net/tcp6"].flatMap((file) =>
    readFileSync(file, "utf8")
      .split("\n")
      .map((line) => line.trim().split(/\s+/))
      .filter((fields) => fields[3] === LISTENING && sockets.has(`socket:[${fields[9]}]`))
      .map((fields) => {
        const [address = "", port = ""] = (fields[1] ?? "").split(":");
        return { port: Number.parseInt(port, 16), loopback: LOOPBACK.includes(address) };
      }),
  );
}

/** @see https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html field 5; a zombie belongs to no group here */
function readGroup(pid: string): string {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1)?.split(" ") ?? [];
    return fields[0] === "Z" ? "" : (fields[2] ?? "");
  } catch {
    return "";
  }
}

/** A process that ended in the meantime, or closed a file, has none. */
function readSockets(pid: number): readonly string[] {
  try {
    return readdirSync(`/proc/${pid}/fd`).map((file) => readlinkSync(`/proc/${pid}/fd/${file}`));
  } catch {
    return [];
  }
}
