import * as z from "zod";
import type { DynamoDbSourceOptions, RdsSourceOptions } from "../../core/ingestion/source-options.ts";
import {
  awsOptions,
  bucketName,
  duration,
  kmsKeyArn,
  refused,
  text,
  texts,
  whole,
} from "./option-schemas.ts";

const dynamoDbTable = z.strictObject({
  table_arn: text,
  export: z
    .strictObject({
      s3_bucket: bucketName,
      s3_prefix: text.exactOptional(),
      s3_region: text.exactOptional(),
      s3_sse_kms_key_id: kmsKeyArn.exactOptional(),
    })
    .exactOptional(),
  stream: z
    .strictObject({
      start_position: z
        .literal("LATEST", "must be LATEST, the only one there is; a stream is read after the export")
        .exactOptional(),
      view_on_remove: z.enum(["NEW_IMAGE", "OLD_IMAGE"]).exactOptional(),
      disable_checkpointing: z.boolean().exactOptional(),
      shard_discovery_interval: refused("is newer than Data Prepper 2.16; remove it"),
    })
    .exactOptional(),
});

export const dynamoDbSource: z.ZodType<DynamoDbSourceOptions> = z.strictObject({
  acknowledgments: z.boolean().exactOptional(),
  shard_acknowledgment_timeout: duration.exactOptional(),
  shared_acknowledgement_timeout: refused(
    "is a slip of the documentation; write shard_acknowledgment_timeout",
  ),
  s3_data_file_acknowledgment_timeout: duration.exactOptional(),
  tables: z.array(dynamoDbTable).length(1, "must list exactly one table: a pipeline reads one"),
  aws: awsOptions,
});

const MANY_TABLES = "must list 1,000 tables at the most";

export const rdsSource: z.ZodType<RdsSourceOptions> = z.strictObject({
  db_identifier: text,
  cluster: z.boolean().exactOptional(),
  engine: z.enum(["mysql", "postgresql", "aurora-mysql", "aurora-postgresql"]),
  database: text,
  tables: z
    .strictObject({
      include: texts.max(1000, MANY_TABLES).exactOptional(),
      exclude: texts.max(1000, MANY_TABLES).exactOptional(),
    })
    .exactOptional(),
  authentication: z.strictObject({ username: text, password: text }),
  aws: awsOptions,
  acknowledgments: z.boolean().exactOptional(),
  s3_data_file_acknowledgment_timeout: duration.exactOptional(),
  stream_acknowledgment_timeout: duration.exactOptional(),
  s3_bucket: bucketName,
  s3_prefix: text.exactOptional(),
  s3_region: text.exactOptional(),
  partition_count: whole.min(1, "must be 1 to 1000").max(1000, "must be 1 to 1000").exactOptional(),
  export: z.strictObject({ kms_key_id: text, iam_role_arn: text }).exactOptional(),
  stream: z.boolean().exactOptional(),
  disable_s3_read_for_leader: z.boolean().exactOptional(),
  tls: refused("would let a server be whoever it says; remove it"),
  joins: refused(
    "are made by a script, which takes no external version; use mode: custom for joined documents",
  ),
});
