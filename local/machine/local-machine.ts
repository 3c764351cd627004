import { chmodSync, existsSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { startGateway, stopGateway } from "../engines/gateway.ts";
import { startMinistack, stopMinistack } from "../engines/ministack.ts";
import { startOpenSearch, stopOpenSearch } from "../engines/opensearch.ts";
import { findRunning } from "../engines/process.ts";
import { localFiles, localFolder } from "./local-folder.ts";
import { stopStreaming } from "./local-streaming.ts";
import { takePorts } from "./ports.ts";

/** The account everything on this machine belongs to. */
export const LOCAL_ACCOUNT = "123456789012";
/** What the emulator takes from anybody. */
export const LOCAL_CREDENTIALS = { accessKeyId: "test", secretAccessKey: "test" };

const SEARCH_HEAP_MEGABYTES = 1024;

/** The running engines, as everybody reaches them. */
export interface LocalMachine {
  readonly aws: string;
  readonly search: string;
  /** The gateway was started just now, so it knows of no stream mapping. */
  readonly gatewayIsNew: boolean;
}

/**
 * Starts what does not run yet: OpenSearch, the AWS emulator, and the gateway with the stand-ins before it.
 *
 * The emulator keeps everything in memory. Where it has ended, all that belonged to it is forgotten first.
 *
 * @param say - told what is being done
 */
export async function startLocalMachine(region: string, say: (step: string) => void): Promise<LocalMachine> {
  if (existsSync(localFiles.resources) && !isRunning(localFiles.aws)) {
    say("The AWS emulator has ended and forgot everything: starting anew");
    await stopLocalMachine();
  }
  mkdirSync(localFolder, { recursive: true });
  chmodSync(localFolder, 0o755); // a search engine that root starts runs as another user
  const ports = await takePorts();
  const gatewayIsNew = !isRunning(localFiles.gateway);
  if (gatewayIsNew || !isRunning(localFiles.search)) say("Starting OpenSearch and the AWS emulator");
  const [search, gateway] = await Promise.all([
    startOpenSearch({
      port: ports.search,
      folder: localFiles.search,
      heapMegabytes: SEARCH_HEAP_MEGABYTES,
    }),
    startAws(ports.aws, ports.emulator, region),
  ]);
  return { aws: gateway.url, search: search.url, gatewayIsNew };
}

/** Ends everything that was started, and forgets what it held. */
export async function stopLocalMachine(): Promise<void> {
  await stopGateway(localFiles.gateway);
  await stopStreaming();
  await stopMinistack(localFiles.aws);
  await stopOpenSearch(localFiles.search);
  rmSync(localFolder, { recursive: true, force: true });
}

/** Whether the engine of a folder runs. */
export function isRunning(folder: string): boolean {
  return findRunning(join(folder, "process.json")) !== undefined;
}

/** Functions reach DynamoDB through the gateway, for its exports, and everything else directly. */
async function startAws(port: number, emulatorPort: number, region: string) {
  const place = { region, accountId: LOCAL_ACCOUNT };
  const emulator = await startMinistack({
    ...place,
    port: emulatorPort,
    folder: localFiles.aws,
    environment: { AWS_ENDPOINT_URL_DYNAMODB: `http://127.0.0.1:${port}` },
  });
  return startGateway({ ...place, port, folder: localFiles.gateway, emulator: emulator.url });
}
