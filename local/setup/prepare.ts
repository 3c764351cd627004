import { mkdirSync } from "node:fs";
import { cacheFolder } from "./folders.ts";
import { ensureKafka } from "./kafka.ts";
import { ensurePython } from "./python.ts";
import { ensureDistribution, openSearch3 } from "./search-distribution.ts";

/**
 * Installs what the engines need: Python packages and OpenSearch. Takes milliseconds when it is all there.
 *
 * @throws SyncError `PREREQUISITE_MISSING`, naming the one command that installs what is missing
 */
export function prepareEngines(): void {
  mkdirSync(cacheFolder, { recursive: true });
  const say = (step: string) => console.error(`${step} …`);
  ensurePython(say);
  ensureDistribution(openSearch3, say);
}

/**
 * Installs what streams a database: Kafka, Kafka Connect and Debezium. Takes milliseconds when it is all there.
 *
 * @throws SyncError `PREREQUISITE_MISSING`, naming the one command that installs what is missing
 */
export function prepareStreaming(): void {
  mkdirSync(cacheFolder, { recursive: true });
  ensureKafka((step) => console.error(`${step} …`));
}
