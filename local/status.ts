import { existsSync } from "node:fs";
import type { LocalProcess } from "../cli/local-commands.ts";
import { connectorPort, folderOf, listConnectors } from "./machine/connectors.ts";
import { localFiles } from "./machine/local-folder.ts";
import { isRunning } from "./machine/local-machine.ts";
import { takePorts } from "./machine/ports.ts";

/** `trueup local status`: the engines of the local stack; none when it is down. */
export async function status(): Promise<readonly LocalProcess[]> {
  if (!existsSync(localFiles.ports)) return [];
  const { aws, emulator, search, postgres, kafka } = await takePorts();
  const streaming = existsSync(localFiles.kafka)
    ? [
        describe("PostgreSQL", localFiles.postgres, postgres, "postgresql"),
        describe("Kafka", localFiles.kafka, kafka, "kafka"),
      ]
    : [];
  const connectors = listConnectors().map((name) =>
    describe(`Kafka Connect, ${name}`, folderOf(name), connectorPort(name) ?? 0),
  );
  return [
    describe("OpenSearch", localFiles.search, search),
    describe("AWS gateway", localFiles.gateway, aws),
    describe("AWS emulator", localFiles.aws, emulator),
    ...streaming,
    ...connectors,
  ];
}

function describe(name: string, folder: string, port: number, scheme = "http"): LocalProcess {
  return { name, running: isRunning(folder), detail: `${scheme}://127.0.0.1:${port}` };
}
