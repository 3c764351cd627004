import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describeThisProcess, killProcess, startInBackground } from "../../../local/engines/process.ts";
import { localFiles, localFolder } from "../../../local/machine/local-folder.ts";
import { alone } from "../../../local/machine/lock.ts";

jest.mock("../../../local/machine/local-folder.ts", () => {
  const { mkdtempSync } = jest.requireActual<typeof import("node:fs")>("node:fs");
  const { tmpdir } = jest.requireActual<typeof import("node:os")>("node:os");
  const localFolder = mkdtempSync(`${tmpdir()}/trueup-lock-`);
  return { localFolder, localFiles: { lock: `${localFolder}/up.lock` } };
});

const { lock } = localFiles;

/** Another command that works on the local stack: a process of its own that holds the lock. */
function startOther() {
  return startInBackground({
    command: process.execPath,
    args: ["-e", "setInterval(() => {}, 1000)"],
    environment: {},
    folder: "/",
    logFile: join(localFolder, "other.log"),
    pidFile: lock,
  });
}

describe("alone", () => {
  beforeEach(() => mkdirSync(localFolder, { recursive: true }));
  afterEach(async () => {
    await killProcess(lock).finally(() => rmSync(localFolder, { recursive: true, force: true }));
  });

  it("holds the lock while it works, in its own name, and lets go of it", async () => {
    rmSync(localFolder, { recursive: true });
    const held = await alone(async () => JSON.parse(readFileSync(lock, "utf8")));
    expect(held).toEqual(describeThisProcess());
    expect(existsSync(lock)).toBe(false);
  });

  it("lets go of the lock when the work fails, and passes the failure on", async () => {
    await expect(alone(() => Promise.reject(new Error("no engine")))).rejects.toThrow("no engine");
    expect(existsSync(lock)).toBe(false);
  });

  it("works where the work removes the folder, as taking the stack down does", async () => {
    await alone(async () => rmSync(localFolder, { recursive: true }));
    expect(existsSync(localFolder)).toBe(false);
  });

  it("refuses a second command while the first one's process lives, and leaves the lock to it", async () => {
    const { pid } = startOther();
    const work = jest.fn(async () => undefined);
    await expect(alone(work)).rejects.toMatchObject({
      code: "CONTROL_CONFLICT",
      retryable: true,
      subject: `process ${pid}`,
    });
    expect(work).not.toHaveBeenCalled();
    expect(JSON.parse(readFileSync(lock, "utf8"))).toMatchObject({ pid });
  });

  it("takes the lock of a process that died", async () => {
    startOther();
    await killProcess(lock);
    expect(existsSync(lock)).toBe(true);
    expect(await alone(async () => "done")).toBe("done");
  });

  it("takes the lock of a process whose number another one has got since", async () => {
    writeFileSync(lock, JSON.stringify({ pid: process.pid, startTicks: "1" }));
    expect(await alone(async () => "done")).toBe("done");
  });

  it.each(["", "no JSON", "null"])("takes a lock that tells of no process: %j", async (text) => {
    writeFileSync(lock, text);
    expect(await alone(async () => "done")).toBe("done");
  });

  it("refuses a command of the same process in the midst of another, and takes it afterwards", async () => {
    await alone(async () => {
      await expect(alone(async () => "too early")).rejects.toThrow("CONTROL_CONFLICT");
      expect(existsSync(lock)).toBe(true);
    });
    expect(await alone(async () => "done")).toBe("done");
  });

  it("leaves nothing beside the lock after taking over a dead process's", async () => {
    writeFileSync(lock, JSON.stringify({ pid: 2 ** 22, startTicks: "1" }));
    await alone(async () => undefined);
    expect(existsSync(lock)).toBe(false);
    expect(existsSync(`${lock}.${process.pid}`)).toBe(false);
  });
});
