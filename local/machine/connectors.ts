import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  type ConnectEngine,
  type ConnectorConfiguration,
  type ConnectPlace,
  startKafkaConnect,
  stopKafkaConnect,
} from "../engines/kafka-connect.ts";
import { killProcess } from "../engines/process.ts";
import { localFiles } from "./local-folder.ts";
import { findFreePort } from "./ports.ts";

/** A connector as it was declared. */
export interface LocalConnector {
  readonly name: string;
  /** Secrets as placeholders `${secrets:<name>:<member>}`. */
  readonly configuration: ConnectorConfiguration;
  /** The worker configuration declared with it. */
  readonly settings: Readonly<Record<string, string>>;
}

/** What connectors of this machine reach the rest of it by. */
export interface ConnectorDeps {
  readonly bootstrapServers: string;
  /** @returns a member of a secret, by the secret's name */
  readonly readSecret: (name: string, member: string) => Promise<string>;
}

interface Known {
  readonly place: ConnectPlace;
  readonly connector: LocalConnector;
}

const PREFERRED_PORT = 18_083;
const HEAP_MEGABYTES = 384;
const KNOWN_FILE = "connector.json";
const PLACEHOLDER = /\$\{secrets:([^:}]+):([^:}]+)\}/g;
/** The placeholders are filled in here: the class that would do it on AWS knows AWS only. */
const FILLED_IN_HERE = "config.providers";

/**
 * Runs a connector in a worker of its own, as MSK Connect does. One that runs as declared is left alone; a changed one
 * is deleted and made anew, and goes on from its offsets.
 *
 * @throws SyncError `ENGINE_FAILED` when it does not come to run
 */
export async function runConnector(connector: LocalConnector, deps: ConnectorDeps): Promise<void> {
  const known = readKnown(connector.name);
  const isSame = JSON.stringify(known?.connector) === JSON.stringify(connector);
  if (known !== undefined && isSame) return void (await startKafkaConnect(known.place));
  await removeConnector(connector.name);
  const place = await choosePlace(connector, deps);
  const engine = await startKafkaConnect(place);
  await putOrStop(engine, connector.name, await fillSecrets(connector.configuration, deps));
  writeFileSync(join(place.folder, KNOWN_FILE), JSON.stringify({ place, connector } satisfies Known));
}

/** Ends a connector and its worker; its offsets stay in Kafka. One that is not there is left alone. */
export async function removeConnector(name: string): Promise<void> {
  const known = readKnown(name);
  if (known !== undefined) {
    const engine = await startKafkaConnect(known.place);
    await engine.deleteConnector(name);
  }
  await stopKafkaConnect(folderOf(name));
  rmSync(folderOf(name), { recursive: true, force: true });
}

/** Ends a connector's worker as a crash would. */
export async function crashConnector(name: string): Promise<void> {
  await killProcess(join(folderOf(name), "process.json"));
}

/** Starts the worker of a connector that crashed; the connector goes on from its offsets. */
export async function reviveConnector(name: string): Promise<void> {
  const known = readKnown(name);
  if (known !== undefined) await startKafkaConnect(known.place);
}

/** The names of the connectors that run, or ran before their worker ended. */
export function listConnectors(): readonly string[] {
  if (!existsSync(localFiles.connect)) return [];
  return readdirSync(localFiles.connect).filter((name) => existsSync(join(folderOf(name), KNOWN_FILE)));
}

/** Where a connector's worker answers. */
export function connectorPort(name: string): number | undefined {
  return readKnown(name)?.place.port;
}

/** Where a connector's worker keeps its output. */
export function folderOf(name: string): string {
  return join(localFiles.connect, name);
}

/** Ends every worker. */
export async function stopConnectors(): Promise<void> {
  const folders = existsSync(localFiles.connect) ? readdirSync(localFiles.connect) : [];
  for (const name of folders) await stopKafkaConnect(folderOf(name));
}

/** A worker whose connector never ran would only be in the way of the next try. */
async function putOrStop(
  engine: ConnectEngine,
  name: string,
  configuration: ConnectorConfiguration,
): Promise<void> {
  try {
    await engine.putConnector(name, configuration);
  } catch (cause) {
    await engine.deleteConnector(name).finally(() => engine.stop());
    throw cause;
  }
}

/** @see https://docs.aws.amazon.com/msk/latest/developerguide/msk-connect-workers.html the topics of MSK Connect's own */
async function choosePlace({ name, settings }: LocalConnector, deps: ConnectorDeps): Promise<ConnectPlace> {
  const folder = folderOf(name);
  mkdirSync(folder, { recursive: true });
  const declared = Object.entries(settings).filter(([setting]) => !setting.startsWith(FILLED_IN_HERE));
  return {
    port: await findFreePort(PREFERRED_PORT),
    folder,
    heapMegabytes: HEAP_MEGABYTES,
    bootstrapServers: deps.bootstrapServers,
    name: `__amazon_msk_connect_${name}`,
    settings: Object.fromEntries(declared),
  };
}

async function fillSecrets(
  configuration: ConnectorConfiguration,
  { readSecret }: ConnectorDeps,
): Promise<ConnectorConfiguration> {
  const entries = Object.entries(configuration).map(async ([option, text]) => {
    let filled = text;
    for (const [placeholder, name = "", member = ""] of text.matchAll(PLACEHOLDER)) {
      const value = await readSecret(name, member);
      filled = filled.replaceAll(placeholder, () => value);
    }
    return [option, filled] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
}

function readKnown(name: string): Known | undefined {
  const file = join(folderOf(name), KNOWN_FILE);
  return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : undefined;
}
