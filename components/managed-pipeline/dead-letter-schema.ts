import * as z from "zod";
import { accountId, bucketName, refused, roleArn, stsOptions, text } from "./option-schemas.ts";

const prefix = text
  .max(1024, "must have 1 to 1024 characters")
  .refine((value) => !/%\{[^}]*[msSAnN]/.test(value), "must have no time pattern finer than an hour");

/** @see https://github.com/opensearch-project/data-prepper `failures-common/…/dlq/s3/S3DlqWriterConfig.java` */
export const deadLetterQueue = z.strictObject({
  s3: z.strictObject({
    bucket: bucketName,
    key_path_prefix: prefix.exactOptional(),
    region: text.exactOptional(),
    sts_role_arn: roleArn.exactOptional(),
    bucket_owner: accountId.exactOptional(),
    force_path_style: z.boolean().exactOptional(),
    legacy_md5_checksum: refused("is for stores that are not S3; remove it"),
    ...stsOptions,
  }),
});
