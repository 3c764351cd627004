import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { binariesFolder } from "../setup/folders.ts";
import { pythonCommand } from "../setup/python.ts";
import { findRunning, startInBackground, stopProcess } from "./process.ts";
import { waitUntil } from "./wait-until.ts";

/** Where the emulator runs. */
export interface MinistackPlace {
  readonly port: number;
  readonly folder: string;
  readonly region: string;
  readonly accountId: string;
  /** Variables of its process besides; the functions it runs inherit them. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** A running AWS emulator on 127.0.0.1. It keeps everything in memory: ended is forgotten. */
export interface MinistackEngine {
  readonly url: string;
  readonly pid: number;
  stop(): Promise<void>;
}

const START_MILLIS = 60_000;

/**
 * Starts ministack, or finds the one that runs in `folder` already. Its functions run as Node processes of
 * the project's own Node.
 *
 * @throws SyncError `ENGINE_FAILED` when it does not answer within a minute
 */
export async function startMinistack(place: MinistackPlace): Promise<MinistackEngine> {
  const pidFile = join(place.folder, "process.json");
  const logFile = join(place.folder, "output.log");
  const url = `http://127.0.0.1:${place.port}`;
  const running = findRunning(pidFile) ?? launch(place, pidFile, logFile);
  const healthy = async () => (await fetch(`${url}/_ministack/health`)).ok;
  await waitUntil("the AWS emulator answers", healthy, {
    withinMillis: START_MILLIS,
    fix: `read ${logFile}`,
  });
  return { url, pid: running.pid, stop: () => stopProcess(pidFile) };
}

/** Ends the emulator that runs in a folder, if one does. */
export async function stopMinistack(folder: string): Promise<void> {
  await stopProcess(join(folder, "process.json"));
}

function launch(place: MinistackPlace, pidFile: string, logFile: string) {
  const { port, folder, region, accountId, environment } = place;
  // It unpacks every function there, and never tidies up.
  const scratch = join(folder, "functions");
  mkdirSync(scratch, { recursive: true });
  // What it starts them with is CommonJS, whatever package the folder is inside of.
  writeFileSync(join(scratch, "package.json"), '{ "type": "commonjs" }');
  return startInBackground({
    command: pythonCommand("ministack"),
    args: [],
    folder: "/",
    environment: {
      ...environment,
      PATH: `${binariesFolder}:${process.env["PATH"] ?? ""}`,
      HOME: folder,
      TMPDIR: scratch,
      BIND_HOST: "127.0.0.1",
      MINISTACK_HOST: "127.0.0.1",
      GATEWAY_PORT: String(port),
      LAMBDA_EXECUTOR: "local",
      MINISTACK_REGION: region,
      MINISTACK_ACCOUNT_ID: accountId,
    },
    logFile,
    pidFile,
  });
}
