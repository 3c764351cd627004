import * as z from "zod";
import { duration, fixedText, ignored, text } from "./option-schemas.ts";

const TABLE_ARN = /^arn:[\w-]+:dynamodb:[\w-]+:\d{12}:table\/[\w.-]+$/;

const stream = z.strictObject({
  /** Whatever is declared: Data Prepper reads every shard from its oldest record. */
  start_position: z.literal("LATEST").optional(),
  view_on_remove: z.enum(["NEW_IMAGE", "OLD_IMAGE"]).default("NEW_IMAGE"),
  disable_checkpointing: z.boolean().default(false),
  shard_discovery_interval: ignored,
});

const exported = z.strictObject({
  s3_bucket: text,
  s3_prefix: fixedText.optional(),
  s3_region: ignored,
  s3_sse_kms_key_id: text.optional(),
});

const table = z.strictObject({
  table_arn: z.string().regex(TABLE_ARN, "must be a DynamoDB table's ARN"),
  stream: stream.optional(),
  export: exported.optional(),
});

/** @see https://github.com/opensearch-project/data-prepper `dynamodb-source/…/DynamoDBSourceConfig.java` */
export const dynamoDbSource = z.strictObject({
  tables: z.array(table).length(1, "must name exactly one table"),
  acknowledgments: z.boolean().default(false),
  shard_acknowledgment_timeout: duration.default(1_800_000),
  s3_data_file_acknowledgment_timeout: duration.default(900_000),
  aws: ignored,
});

export type TableOptions = z.infer<typeof table>;
export type ExportOptions = z.infer<typeof exported>;
export type DynamoDbSource = z.infer<typeof dynamoDbSource>;
