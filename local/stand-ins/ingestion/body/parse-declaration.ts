import * as z from "zod";
import { ignored, whole } from "./option-schemas.ts";
import { invalid, type PipelineBody, parseBody } from "./parse-body.ts";

/** A pipeline as it was declared. */
export interface DeclaredPipeline {
  readonly name: string;
  /** Equal for a declaration that changes nothing. */
  readonly written: string;
  readonly body: PipelineBody;
}

const propertiesSchema = z.strictObject({
  PipelineName: z
    .string()
    .regex(/^[a-z][a-z0-9-]{2,27}$/, "must be 3 to 28 of a-z, 0-9 and -, beginning with a letter"),
  PipelineConfigurationBody: z.string().min(1).max(100_000),
  MinUnits: whole(1, 384),
  MaxUnits: whole(1, 384),
  BufferOptions: z
    .strictObject({ PersistentBufferEnabled: z.literal(false, "a dynamodb source has no persistent buffer") })
    .optional(),
  LogPublishingOptions: ignored,
  VpcOptions: ignored,
  EncryptionAtRestOptions: ignored,
  PipelineRoleArn: ignored,
  ResourcePolicy: ignored,
  Tags: ignored,
});

/**
 * Reads the properties of an `AWS::OSIS::Pipeline`, with every reference in them resolved.
 *
 * @throws SyncError `CONFIGURATION_INVALID` naming every fault by its path (not retryable)
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-osis-pipeline.html
 */
export function parsePipeline(name: string, properties: unknown): DeclaredPipeline {
  const parsed = propertiesSchema.safeParse(properties);
  if (!parsed.success) {
    const faults = parsed.error.issues.map(
      ({ path, message }) => `${path.join(".") || "properties"}: ${message}`,
    );
    throw invalid(name, faults.join("; "));
  }
  const { PipelineName, PipelineConfigurationBody } = parsed.data;
  if (PipelineName !== name) throw invalid(name, `PipelineName: must be ${name}, as the request has it`);
  return { name, written: PipelineConfigurationBody, body: parseBody(name, PipelineConfigurationBody) };
}
