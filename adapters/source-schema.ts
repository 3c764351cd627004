import * as z from "zod";

const text = z.string().min(1);
const keyAttribute = z.object({ name: text, type: z.enum(["S", "N", "B"]) });
const key = z.object({
  partitionKey: keyAttribute,
  sortKey: keyAttribute.exactOptional(),
  furtherKeys: z.array(keyAttribute).exactOptional(),
});

const place = { host: text, port: z.int().min(1) };
/** A `DatabaseConnection` that came as JSON. */
export const connectionSchema = z.object({
  ...place,
  engine: z.enum(["postgresql", "mysql"]),
  database: text,
  secretArn: text,
  tls: z.enum(["verified", "off"]),
  certificateAuthority: text.exactOptional(),
  authorities: z.literal("rds").exactOptional(),
});

/** A `KafkaConnection` that came as JSON. */
export const kafkaSchema = z.object({
  bootstrapServers: z.array(text).min(1),
  authentication: z.discriminatedUnion("kind", [
    z.object({ kind: z.literal("none") }),
    z.object({ kind: z.literal("scram"), secretArn: text }),
    z.object({ kind: z.literal("iam"), region: text }),
  ]),
});
const log = z.object({
  kafka: kafkaSchema,
  topicPrefix: text,
  slotName: text,
  publicationName: text,
  retentionMillis: z.number().min(1),
});

const snapshot = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("query"), replica: z.object(place).exactOptional() }),
  z.object({ kind: z.literal("cluster-export"), clusterArn: text, exportRoleArn: text, keyArn: text }),
]);

const sqlTable = z.object({
  kind: z.literal("sql"),
  sourceName: text,
  tableName: text,
  key,
  connection: connectionSchema,
  log: log.exactOptional(),
  snapshot,
});
const named = { kind: z.literal("dynamodb"), tableName: text, key };

/** A `SourceDescriptor` that came as JSON. */
export const sourceSchema = z.discriminatedUnion("kind", [
  z.object({ ...named, tableArn: text, streamArn: text }),
  sqlTable,
]);

/** What a consumer is told of its source. */
export const consumedSourceSchema = z.discriminatedUnion("kind", [z.object(named), sqlTable]);
