import { type KafkaEngine, startKafka } from "../engines/kafka.ts";
import { type PostgresEngine, startPostgres } from "../engines/postgres.ts";
import { localFiles } from "./local-folder.ts";
import { takePorts } from "./ports.ts";

const KAFKA_HEAP_MEGABYTES = 512;

/** Starts the stack's PostgreSQL, or finds it; what is in it survives a crash. */
export async function startLocalPostgres(): Promise<PostgresEngine> {
  const { postgres: port } = await takePorts();
  return startPostgres({ port, folder: localFiles.postgres });
}

/** Starts the stack's Kafka, or finds it; what is in it survives a crash. */
export async function startLocalKafka(): Promise<KafkaEngine> {
  const { kafka: port, kafkaController: controllerPort } = await takePorts();
  return startKafka({ port, controllerPort, folder: localFiles.kafka, heapMegabytes: KAFKA_HEAP_MEGABYTES });
}
