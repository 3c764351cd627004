import {
  type KafkaMapping,
  parseKafkaDeclaration,
} from "../../../../local/stand-ins/kafka-mapping/declaration.ts";
import { type KafkaRecord, toKafkaRecord } from "../../../../local/stand-ins/kafka-mapping/kafka-record.ts";

/** The bootstrap servers that stand for those of MSK clusters. */
const CLUSTER = ["127.0.0.1:9092"];

/** What every declaration here has. */
export const declared = {
  SelfManagedEventSource: { Endpoints: { KafkaBootstrapServers: ["127.0.0.1:9092"] } },
  SelfManagedKafkaEventSourceConfig: { ConsumerGroupId: "orders-custom-1" },
  Topics: ["orders"],
  FunctionName: "consumer",
  StartingPosition: "TRIM_HORIZON",
  ProvisionedPollerConfig: { MinimumPollers: 1, MaximumPollers: 1 },
};

/** A mapping with what is required, and what a test cares about. */
export function kafkaMappingOf(properties: Readonly<Record<string, unknown>> = {}): KafkaMapping {
  return parseKafkaDeclaration("test", { ...declared, ...properties }, CLUSTER);
}

/** A record of a partition of `orders`. */
export function kafkaRecordOf(partition: number, offset: number, timestamp = 1_000_000): KafkaRecord {
  return toKafkaRecord({
    topic: "orders",
    partition,
    offset: BigInt(offset),
    timestamp: BigInt(timestamp),
    key: Buffer.from(`key ${offset}`),
    value: Buffer.from(`value ${offset}`),
    headers: new Map(),
    headerEntries: [],
    leaderEpoch: 0,
    metadata: {},
    commit: () => {},
    toJSON: () => {
      throw new Error("nobody asks for it");
    },
  });
}
