import { join } from "node:path";
import { binariesFolder, projectRoot } from "../setup/folders.ts";
import { findRunning, startInBackground, stopProcess } from "./process.ts";
import { waitUntil } from "./wait-until.ts";

/** Where the gateway to the AWS emulator runs. */
export interface GatewayPlace {
  readonly port: number;
  readonly folder: string;
  /** URL of the emulator behind it, which need not run yet. */
  readonly emulator: string;
  readonly region: string;
}

/** A running gateway on 127.0.0.1. It keeps mappings and exports in memory: ended is forgotten. */
export interface GatewayProcess {
  readonly url: string;
  readonly pid: number;
  stop(): Promise<void>;
}

const START_MILLIS = 60_000;

/**
 * Starts the gateway with the stand-ins, or finds the one that runs in `folder` already.
 *
 * @throws SyncError `ENGINE_FAILED` when it does not answer within a minute
 */
export async function startGateway(place: GatewayPlace): Promise<GatewayProcess> {
  const pidFile = join(place.folder, "process.json");
  const logFile = join(place.folder, "output.log");
  const url = `http://127.0.0.1:${place.port}`;
  const running = findRunning(pidFile) ?? launch(place, pidFile, logFile);
  const healthy = async () => (await fetch(`${url}/_trueup/health`)).ok;
  await waitUntil("the gateway answers", healthy, { withinMillis: START_MILLIS, fix: `read ${logFile}` });
  return { url, pid: running.pid, stop: () => stopProcess(pidFile) };
}

/** Ends the gateway that runs in a folder, if one does. */
export async function stopGateway(folder: string): Promise<void> {
  await stopProcess(join(folder, "process.json"));
}

function launch({ port, emulator, region }: GatewayPlace, pidFile: string, logFile: string) {
  return startInBackground({
    command: join(binariesFolder, "node"),
    args: [
      join(projectRoot, "local/stand-ins/main.ts"),
      `--port=${port}`,
      `--emulator=${emulator}`,
      `--region=${region}`,
    ],
    folder: projectRoot,
    environment: { PATH: process.env["PATH"] ?? "" },
    logFile,
    pidFile,
  });
}
