import * as z from "zod";
import { connectionSchema, kafkaSchema } from "../adapters/source-schema.ts";

const count = z.int().min(1);

/** How topics are made, as specs carry it. */
const topicsSchema = z.strictObject({ partitions: count, replicationFactor: count, retentionMillis: count });

/** A source, as its custom resource's spec has it. */
export const sourceSpecSchema = z.strictObject({
  source: z.string(),
  roleArn: z.string(),
  connection: connectionSchema,
  names: z.strictObject({
    slotName: z.string(),
    publicationName: z.string(),
    topicPrefix: z.string(),
    connectorName: z.string(),
    offsetsTopic: z.string(),
    heartbeatTopic: z.string(),
  }),
  /** What the groups of the environment's generations begin with. */
  groupPrefix: z.string(),
  kafka: kafkaSchema,
  topics: topicsSchema,
});

/** A table of a source, as its custom resource's spec has it. */
export const sqlTableSpecSchema = z.strictObject({
  source: z.string(),
  roleArn: z.string(),
  connection: connectionSchema,
  tableName: z.string(),
  /** Absent where only managed pipelines read the database's log. */
  log: z
    .strictObject({
      publicationName: z.string(),
      topic: z.string(),
      groupPrefix: z.string(),
      kafka: kafkaSchema,
      topics: topicsSchema,
    })
    .exactOptional(),
});
