import * as z from "zod";

/** An export as it was asked for, in the API's names. Times are epoch seconds. */
export type ExportRequest = z.infer<typeof requestSchema>;

/** An exception of DynamoDB's API: what SDK clients throw as an error of that name. */
export interface Refusal {
  readonly kind: "refused";
  readonly type: string;
  readonly message: string;
}

const text = z.string().min(1);
const requestSchema = z.strictObject({
  TableArn: text,
  S3Bucket: text,
  S3Prefix: z.string().optional(),
  S3BucketOwner: text.optional(),
  S3SseAlgorithm: z.enum(["AES256", "KMS"]).optional(),
  S3SseKmsKeyId: text.optional(),
  ClientToken: text.optional(),
  ExportTime: z.number().optional(),
  ExportFormat: z.literal("DYNAMODB_JSON", "only DYNAMODB_JSON is written here").default("DYNAMODB_JSON"),
  ExportType: z.enum(["FULL_EXPORT", "INCREMENTAL_EXPORT"]).default("FULL_EXPORT"),
  IncrementalExportSpecification: z
    .strictObject({
      ExportFromTime: z.number(),
      ExportToTime: z.number(),
      ExportViewType: z.enum(["NEW_IMAGE", "NEW_AND_OLD_IMAGES"]).default("NEW_AND_OLD_IMAGES"),
    })
    .optional(),
});

/**
 * Reads the input of `ExportTableToPointInTime`.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ExportTableToPointInTime.html
 */
export function parseExportRequest(input: unknown): ExportRequest | Refusal {
  const parsed = requestSchema.safeParse(input);
  if (!parsed.success) {
    const faults = parsed.error.issues.map(({ path, message }) => `${path.join(".") || "input"}: ${message}`);
    return invalid(faults.join("; "));
  }
  const { ExportType: type, IncrementalExportSpecification: window } = parsed.data;
  if ((type === "INCREMENTAL_EXPORT") === (window !== undefined)) return parsed.data;
  return invalid("IncrementalExportSpecification: goes with INCREMENTAL_EXPORT, and only with it");
}

/** A `ValidationException`. */
export function invalid(message: string): Refusal {
  return { kind: "refused", type: "ValidationException", message };
}

/** Whether a request was read, or an answer found, or refused. */
export function isRefusal(given: object): given is Refusal {
  return "kind" in given && given.kind === "refused";
}
