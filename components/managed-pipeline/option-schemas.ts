import * as z from "zod";

/** A text that says something. */
export const text = z.string().min(1, "must not be empty");
export const texts = z.array(text);
export const whole = z.int("must be a whole number");

/** An option that is known and never taken. @param reason - why, and what to write instead */
export function refused(reason: string) {
  return z.never({ error: reason }).exactOptional();
}

const SIMPLE_DURATION = /^(0|[1-9]\d*)(s|ms)$/;
const ISO_DURATION = /^PT(?=\d)(\d+H)?(\d+M)?(\d+(?:\.\d+)?S)?$/;

/** @see https://github.com/opensearch-project/data-prepper `data-prepper-pipeline-parser/…/DataPrepperDurationParser.java` */
export const duration = z
  .string()
  .refine(
    (value) => SIMPLE_DURATION.test(value) || ISO_DURATION.test(value),
    "must be whole seconds or milliseconds (30s, 500ms), or hours and smaller as ISO 8601 has them (PT15M)",
  );

/** A duration inside two bounds, in seconds. */
export function durationWithin(least: number, most: number) {
  return duration.refine(
    (value) => toSeconds(value) >= least && toSeconds(value) <= most,
    `must be ${least} to ${most} seconds`,
  );
}

function toSeconds(value: string): number {
  const [, count = "0", unit] = SIMPLE_DURATION.exec(value) ?? [];
  if (unit !== undefined) return unit === "s" ? Number(count) : Number(count) / 1000;
  const [, hours = "0", minutes = "0", seconds = "0"] = ISO_DURATION.exec(value) ?? [];
  return Number.parseInt(hours, 10) * 3600 + Number.parseInt(minutes, 10) * 60 + Number.parseFloat(seconds);
}

/** @see https://github.com/opensearch-project/data-prepper `data-prepper-api/…/ByteCount.java` */
export const byteCount = z.string().regex(/^\d+\.?\d*(b|kb|mb|gb)$/, "must be a size with its unit: 10mb");

/** @see https://github.com/opensearch-project/data-prepper `s3-sink/…/configuration/AwsAuthenticationOptions.java`, the same for every plugin */
export const roleArn = z
  .string()
  .min(20, "must have 20 to 2048 characters")
  .max(2048, "must have 20 to 2048 characters");

const headers = z.record(z.string(), z.string());
const FEW_HEADERS = "must name 5 headers at the most";

export const stsOptions = {
  sts_external_id: z.string().min(2).max(1224).exactOptional(),
  sts_header_overrides: headers
    .refine((given) => Object.keys(given).length <= 5, FEW_HEADERS)
    .exactOptional(),
};

/** A plugin's `aws`. Data Prepper takes it without region and role; OpenSearch Ingestion does not. */
export const awsOptions = z.strictObject({ region: text, sts_role_arn: roleArn, ...stsOptions });

export const bucketName = z
  .string()
  .min(3, "must have 3 to 500 characters")
  .max(500, "must have 3 to 500 characters");
export const accountId = z.string().regex(/^\d{12}$/, "must be an account's 12 digits");
export const kmsKeyArn = z.string().regex(/^arn:[^:]+:kms:[^:]+:\d{12}:.+/, "must be the ARN of a KMS key");

/** What every sink may say. @see https://github.com/opensearch-project/data-prepper `data-prepper-api/…/configuration/SinkModel.java` */
export const sinkOptions = {
  routes: texts.exactOptional(),
  tags_target_key: text.exactOptional(),
  include_keys: texts.exactOptional(),
  exclude_keys: texts.exactOptional(),
  forward_to: refused("is not documented for OpenSearch Ingestion; use a sink pipeline"),
};
