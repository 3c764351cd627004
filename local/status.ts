import { existsSync } from "node:fs";
import type { LocalProcess } from "../cli/local-commands.ts";
import { localFiles } from "./machine/local-folder.ts";
import { isRunning } from "./machine/local-machine.ts";
import { takePorts } from "./machine/ports.ts";

/** `trueup local status`: the engines of the local stack; none when it is down. */
export async function status(): Promise<readonly LocalProcess[]> {
  if (!existsSync(localFiles.ports)) return [];
  const { aws, emulator, search, postgres, kafka, connect } = await takePorts();
  const streaming = [
    describe("PostgreSQL", localFiles.postgres, postgres),
    describe("Kafka", localFiles.kafka, kafka),
    describe("Kafka Connect", localFiles.connect, connect),
  ];
  return [
    describe("OpenSearch", localFiles.search, search),
    describe("AWS gateway", localFiles.gateway, aws),
    describe("AWS emulator", localFiles.aws, emulator),
    ...(existsSync(localFiles.postgres) ? streaming : []),
  ];
}

function describe(name: string, folder: string, port: number): LocalProcess {
  return { name, running: isRunning(folder), detail: `http://127.0.0.1:${port}` };
}
