import * as z from "zod";
import { byteCount, duration, fixedText, ignored, text, whole } from "./option-schemas.ts";
import { format } from "./processor-schema.ts";

const memberNames = z.array(text.regex(/^[^/]+$/, "must not contain /"));
const filters = { include_keys: memberNames.optional(), exclude_keys: memberNames.optional() };
const oneFilter = ({
  include_keys: only,
  exclude_keys: without,
}: {
  include_keys?: unknown;
  exclude_keys?: unknown;
}) => only === undefined || without === undefined;
const ONE_FILTER = "must not have both include_keys and exclude_keys";

const deadLetters = z.strictObject({
  s3: z.strictObject({
    bucket: text,
    key_path_prefix: fixedText.default(""),
    region: ignored,
    sts_role_arn: ignored,
    sts_external_id: ignored,
    bucket_owner: ignored,
    force_path_style: ignored,
  }),
});

const version = text.transform((declared, context) => {
  const read = format.safeParse(declared);
  if (read.success) return { declared, format: read.data };
  context.addIssue({ code: "custom", message: read.error.issues[0]?.message ?? "" });
  return z.NEVER;
});

/** @see https://github.com/opensearch-project/data-prepper `opensearch/…/configuration/OpenSearchSinkConfig.java` */
export const openSearchSink = z
  .strictObject({
    hosts: z.array(z.url()).min(1),
    index: fixedText,
    index_type: z.literal(
      "management_disabled",
      "only management_disabled is run here: no index or template is made",
    ),
    document_id: format.optional(),
    document_version: version.optional(),
    document_version_type: z.enum(["internal", "external", "external_gte"]).optional(),
    action: format.prefault("index"),
    flush_timeout: whole(-1, 3_600_000).default(60_000),
    bulk_size: z.number().default(5),
    max_retries: whole(1, 1_000_000).optional(),
    dlq: deadLetters.optional(),
    aws: ignored,
    distribution_version: z.literal("default").optional(),
    enable_request_compression: ignored,
    connect_timeout: ignored,
    normalize_index: ignored,
    ...filters,
  })
  .refine(oneFilter, ONE_FILTER);

/** @see https://github.com/opensearch-project/data-prepper `s3-sink/…/S3SinkConfig.java` */
export const s3Sink = z
  .strictObject({
    bucket: fixedText,
    object_key: z
      .strictObject({ path_prefix: fixedText.default(""), name_pattern_prefix: fixedText.default("events") })
      .prefault({}),
    compression: z.enum(["none", "gzip"]).default("none"),
    codec: z.strictObject({ ndjson: z.strictObject({ extension: text.default("ndjson") }).nullable() }),
    threshold: z.strictObject({
      event_count: whole(0, 10_000_000).default(0),
      maximum_size: byteCount.prefault("50mb"),
      event_collect_timeout: duration.refine(
        (millis) => millis >= 1_000 && millis <= 3_600_000,
        "must be 1 s to 3600 s",
      ),
    }),
    aws: ignored,
    buffer_type: ignored,
    client: ignored,
    bucket_owners: ignored,
    default_bucket_owner: ignored,
    server_side_encryption: ignored,
    ...filters,
  })
  .refine(oneFilter, ONE_FILTER);

export type OpenSearchSink = z.infer<typeof openSearchSink>;
export type S3Sink = z.infer<typeof s3Sink>;
