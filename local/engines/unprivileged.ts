import { lchownSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { SyncError } from "../../core/errors.ts";

/** A program that refuses to be root. */
export interface RootlessProgram {
  /** As people know it. */
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  /** Everything it writes is in here. */
  readonly folder: string;
}

/** What to start instead, by whom. */
export interface RootlessCommand {
  readonly command: string;
  readonly args: readonly string[];
  readonly user?: UnixUser;
}

interface UnixUser {
  readonly uid: number;
  readonly gid: number;
}

const OTHERS_MAY_ENTER = 0o001;

/**
 * How to run a program as somebody who is not root: as the user nobody, who then owns the folder; or, where others may
 * not enter the folder (a checkout in root's home), as root under another name in a user namespace.
 *
 * @throws SyncError `PREREQUISITE_MISSING` for root on a machine without a user nobody
 * @see https://man7.org/linux/man-pages/man1/unshare.1.html `--map-user`
 */
export function asUnprivileged({ name, command, args, folder }: RootlessProgram): RootlessCommand {
  if (process.getuid?.() !== 0) return { command, args };
  const user = unprivilegedUser(name);
  if ([folder, dirname(command)].every(isOpenToAll)) {
    handOver(folder, user);
    return { command, args, user };
  }
  const namespace = ["--user", `--map-user=${user.uid}`, `--map-group=${user.gid}`, "--"];
  return { command: "unshare", args: [...namespace, command, ...args] };
}

/** Whether every user may enter a folder: each one above it must let them through. */
function isOpenToAll(folder: string): boolean {
  const open = (statSync(folder).mode & OTHERS_MAY_ENTER) !== 0;
  return open && (dirname(folder) === folder || isOpenToAll(dirname(folder)));
}

/** The user the program runs as instead of root: one that every Debian has. */
function unprivilegedUser(program: string): UnixUser {
  const line = readFileSync("/etc/passwd", "utf8")
    .split("\n")
    .find((entry) => entry.startsWith("nobody:"));
  const [, , uid, gid] = line?.split(":") ?? [];
  if (uid !== undefined && gid !== undefined) return { uid: Number(uid), gid: Number(gid) };
  throw new SyncError(
    "PREREQUISITE_MISSING",
    `${program} refuses to run as root and there is no user nobody`,
    {
      subject: "/etc/passwd",
      fix: "run as another user than root",
      retryable: false,
    },
  );
}

/** What root laid into the folder may be for its owner only, so all of it changes hands. */
function handOver(folder: string, { uid, gid }: UnixUser): void {
  const entries = readdirSync(folder, { recursive: true, encoding: "utf8" });
  for (const path of [folder, ...entries.map((entry) => join(folder, entry))]) lchownSync(path, uid, gid);
}
