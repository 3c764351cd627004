import * as z from "zod";
import { duration, fixedText, ignored, text } from "../body/option-schemas.ts";

const TABLE = /^\w+\.\w+$/;

/** @see https://github.com/opensearch-project/data-prepper `rds-source/…/RdsSourceConfig.java` */
export const rdsSource = z.strictObject({
  db_identifier: text,
  cluster: ignored,
  engine: z.enum(["postgresql", "aurora-postgresql"], "only PostgreSQL is run here"),
  database: text,
  tables: z.strictObject({
    include: z.array(z.string().regex(TABLE, "must be schema.table")).min(1, "must name tables"),
    exclude: z.array(text).max(0, "is not run here").optional(),
  }),
  authentication: ignored,
  aws: ignored,
  acknowledgments: z.boolean().default(true),
  s3_data_file_acknowledgment_timeout: duration.default(1_800_000),
  stream_acknowledgment_timeout: duration.default(600_000),
  s3_bucket: text,
  s3_prefix: fixedText.optional(),
  s3_region: ignored,
  partition_count: ignored,
  export: ignored.optional(),
  stream: z.boolean().default(false),
  disable_s3_read_for_leader: ignored,
});

export type RdsSource = z.infer<typeof rdsSource>;
