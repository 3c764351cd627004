import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { localFiles } from "./local-folder.ts";

/** Where the local stack's engines listen, all on 127.0.0.1. */
export interface LocalPorts {
  readonly aws: number;
  /** The emulator behind the gateway. */
  readonly emulator: number;
  readonly search: number;
  readonly postgres: number;
  readonly kafka: number;
  /** Where Kafka is its own controller. */
  readonly kafkaController: number;
}

/** The same on every machine where they are free, so that people can remember them. */
const PREFERRED: LocalPorts = {
  aws: 14_566,
  emulator: 14_567,
  search: 19_200,
  postgres: 15_432,
  kafka: 19_092,
  kafkaController: 19_093,
};

/** The ports the stack has, or has from now on. */
export async function takePorts(): Promise<LocalPorts> {
  if (existsSync(localFiles.ports)) return JSON.parse(readFileSync(localFiles.ports, "utf8"));
  const ports = {
    aws: await findFreePort(PREFERRED.aws),
    emulator: await findFreePort(PREFERRED.emulator),
    search: await findFreePort(PREFERRED.search),
    postgres: await findFreePort(PREFERRED.postgres),
    kafka: await findFreePort(PREFERRED.kafka),
    kafkaController: await findFreePort(PREFERRED.kafkaController),
  };
  writeFileSync(localFiles.ports, JSON.stringify(ports));
  return ports;
}

/** A port nobody listens on. @param preferred - taken where it is free */
export async function findFreePort(preferred: number): Promise<number> {
  return (await tryPort(preferred)) ?? (await tryPort(0)) ?? preferred;
}

function tryPort(port: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.on("error", () => resolve(undefined));
    server.listen(port, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" ? address?.port : undefined));
    });
  });
}
