import * as z from "zod";
import { SyncError } from "../../../core/errors.ts";

/** An event source mapping as it was declared, every default filled in. */
export interface StreamMapping {
  readonly streamArn: string;
  /** A name or an ARN, with or without a qualifier. */
  readonly functionName: string;
  readonly startingPosition: "TRIM_HORIZON" | "LATEST";
  readonly batchSize: number;
  readonly batchingWindowSeconds: number;
  /** -1: no limit. */
  readonly maximumRetryAttempts: number;
  /** -1: as old as the stream keeps them. */
  readonly maximumRecordAgeSeconds: number;
  readonly bisectBatchOnFunctionError: boolean;
  /** 0: no tumbling window. */
  readonly tumblingWindowSeconds: number;
  readonly reportBatchItemFailures: boolean;
  /** ARN of an SQS queue or an SNS topic; absent: what is discarded leaves no trace. */
  readonly failureDestination: string | undefined;
  readonly enabled: boolean;
}

const text = z.string().min(1);
const whole = (least: number, most: number) => z.number().int().min(least).max(most);
const STREAM_ARN = /^arn:[\w-]+:dynamodb:[\w-]+:\d{12}:table\/[\w.-]+\/stream\/.+$/;
const QUEUE_OR_TOPIC_ARN = /^arn:[\w-]+:(sqs|sns):[\w-]+:\d{12}:[\w-]+$/;

const propertiesSchema = z.strictObject({
  EventSourceArn: z.string().regex(STREAM_ARN, "only DynamoDB streams are read here"),
  FunctionName: text,
  StartingPosition: z.enum(["TRIM_HORIZON", "LATEST"]),
  BatchSize: whole(1, 10_000).default(100),
  MaximumBatchingWindowInSeconds: whole(0, 300).default(0),
  MaximumRetryAttempts: whole(-1, 10_000).default(-1),
  MaximumRecordAgeInSeconds: z.union([z.literal(-1), whole(60, 604_800)]).default(-1),
  BisectBatchOnFunctionError: z.boolean().default(false),
  ParallelizationFactor: z.literal(1, "batches of one shard are never sent side by side here").default(1),
  TumblingWindowInSeconds: whole(0, 900).default(0),
  FunctionResponseTypes: z.array(z.literal("ReportBatchItemFailures")).default([]),
  DestinationConfig: z
    .strictObject({
      OnFailure: z
        .strictObject({
          Destination: z
            .string()
            .regex(QUEUE_OR_TOPIC_ARN, "only an SQS queue or an SNS topic is sent to here"),
        })
        .optional(),
    })
    .default({}),
  Enabled: z.boolean().default(true),
  FilterCriteria: z.never("records are not filtered here").optional(),
  Tags: z.unknown().optional(),
});

/**
 * Reads the properties of an `AWS::Lambda::EventSourceMapping`, with every reference in them resolved.
 *
 * Refused is whatever would be obeyed on AWS and could not be here.
 *
 * @throws SyncError `CONFIGURATION_INVALID` naming every fault by its path (not retryable)
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-params.html names, defaults and ranges
 */
export function parseDeclaration(name: string, properties: unknown): StreamMapping {
  const parsed = propertiesSchema.safeParse(properties);
  if (!parsed.success) throw invalid(name, parsed.error);
  const declared = parsed.data;
  return {
    streamArn: declared.EventSourceArn,
    functionName: declared.FunctionName,
    startingPosition: declared.StartingPosition,
    batchSize: declared.BatchSize,
    batchingWindowSeconds: declared.MaximumBatchingWindowInSeconds,
    maximumRetryAttempts: declared.MaximumRetryAttempts,
    maximumRecordAgeSeconds: declared.MaximumRecordAgeInSeconds,
    bisectBatchOnFunctionError: declared.BisectBatchOnFunctionError,
    tumblingWindowSeconds: declared.TumblingWindowInSeconds,
    reportBatchItemFailures: declared.FunctionResponseTypes.length > 0,
    failureDestination: declared.DestinationConfig.OnFailure?.Destination,
    enabled: declared.Enabled,
  };
}

/** Whether a changed declaration is another mapping: CloudFormation replaces it, so its position is lost. */
export function replaces(next: StreamMapping, former: StreamMapping): boolean {
  return next.streamArn !== former.streamArn || next.startingPosition !== former.startingPosition;
}

function invalid(name: string, error: z.ZodError): SyncError {
  const faults = error.issues.map(({ path, message }) => `${path.join(".") || "properties"}: ${message}`);
  return new SyncError("CONFIGURATION_INVALID", "a stream mapping cannot be realised on this machine", {
    subject: `${name}: ${faults.join("; ")}`,
    fix: "declare what local/stand-ins/README.md lists, or deploy it on AWS",
    retryable: false,
  });
}
