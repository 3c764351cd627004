import * as z from "zod";
import type { S3SinkOptions } from "../../core/ingestion/sink-options.ts";
import {
  accountId,
  awsOptions,
  bucketName,
  byteCount,
  durationWithin,
  kmsKeyArn,
  refused,
  sinkOptions,
  text,
  whole,
} from "./option-schemas.ts";

const schemaCodec = z
  .strictObject({ schema: text.exactOptional(), auto_schema: z.boolean().exactOptional() })
  .refine(
    ({ schema, auto_schema: made = false }) => (schema !== undefined) !== made,
    "must have either schema, or auto_schema: true",
  );

const codec = z
  .strictObject({
    ndjson: z.strictObject({ extension: text.exactOptional() }).exactOptional(),
    json: z.strictObject({ key_name: text.exactOptional() }).exactOptional(),
    avro: schemaCodec.exactOptional(),
    parquet: schemaCodec.exactOptional(),
    event_json: refused("is not a codec of OpenSearch Ingestion; use ndjson"),
    newline: refused("is not a codec of OpenSearch Ingestion; use ndjson"),
    csv: refused("is not a codec of OpenSearch Ingestion; use ndjson"),
  })
  .refine((codecs) => Object.keys(codecs).length === 1, "must name exactly one codec");

const objectKey = z.strictObject({
  path_prefix: text.exactOptional(),
  name_pattern_prefix: text
    .refine((prefix) => !prefix.includes("%{"), "must have no time pattern: one is appended")
    .exactOptional(),
});

const events = whole.min(0, "must be 0 to 10,000,000").max(10_000_000, "must be 0 to 10,000,000");
const connections = whole.min(1, "must be 1 to 5000").max(5000, "must be 1 to 5000");
const ratio = z.number().min(0, "must be 0 to 1").max(1, "must be 0 to 1");

export const s3Sink: z.ZodType<S3SinkOptions> = z.strictObject({
  bucket: bucketName,
  bucket_selector: refused("chooses a bucket for Security Lake; name the bucket"),
  default_bucket: bucketName.exactOptional(),
  object_key: objectKey.exactOptional(),
  compression: z.enum(["none", "gzip", "snappy"]).exactOptional(),
  codec,
  threshold: z.strictObject({
    event_count: events.exactOptional(),
    maximum_size: byteCount.exactOptional(),
    event_collect_timeout: durationWithin(1, 3600),
  }),
  aggregate_threshold: z
    .strictObject({ maximum_size: byteCount, flush_capacity_ratio: ratio.exactOptional() })
    .exactOptional(),
  buffer_type: z.enum(["in_memory", "local_file", "multipart"]).exactOptional(),
  max_retries: whole.exactOptional(),
  bucket_owners: z.record(text, accountId).exactOptional(),
  default_bucket_owner: accountId.exactOptional(),
  client: z
    .strictObject({
      max_connections: connections.exactOptional(),
      acquire_timeout: durationWithin(1, 3600).exactOptional(),
    })
    .exactOptional(),
  server_side_encryption: z
    .strictObject({
      type: z.enum(["s3", "kms", "kms_dsse"]).exactOptional(),
      kms_key_id: kmsKeyArn.exactOptional(),
      bucket_key_enabled: z.boolean().exactOptional(),
    })
    .exactOptional(),
  object_metadata: z.strictObject({ number_of_events_key: text.exactOptional() }).exactOptional(),
  predefined_object_metadata: refused("is the old form of object_metadata; write that"),
  aws: awsOptions,
  ...sinkOptions,
});
