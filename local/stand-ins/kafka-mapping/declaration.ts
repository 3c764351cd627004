import * as z from "zod";
import { SyncError } from "../../../core/errors.ts";

/** An event source mapping as it was declared, every default filled in. */
export interface KafkaMapping {
  /** `host:port` each. */
  readonly bootstrapServers: readonly string[];
  /** ARN of an MSK cluster; absent: a self-managed one. */
  readonly clusterArn: string | undefined;
  readonly topics: readonly string[];
  readonly groupId: string;
  /** Counts only while the group has no committed offsets. */
  readonly startingPosition: "TRIM_HORIZON" | "LATEST";
  /** A name or an ARN, with or without a qualifier. */
  readonly functionName: string;
  readonly batchSize: number;
  readonly batchingWindowMillis: number;
  /** Consumers of the group, each with partitions of its own. */
  readonly pollers: number;
  /** -1: no limit. */
  readonly maximumRetryAttempts: number;
  /** -1: however old. */
  readonly maximumRecordAgeSeconds: number;
  readonly bisectBatchOnFunctionError: boolean;
  readonly reportBatchItemFailures: boolean;
  /** ARN of an SQS queue or an SNS topic; absent: what is discarded leaves no trace. */
  readonly failureDestination: string | undefined;
  readonly enabled: boolean;
}

/**
 * What unlimited retries become where discarded records have somewhere to go.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/kafka-on-failure-destination.html
 */
const RETRIES_WITH_DESTINATION = 10;
/** @see https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventsourcemapping.html "default batching window for … Kafka … is 500 ms" */
const DEFAULT_WINDOW_MILLIS = 500;

const text = z.string().min(1);
const whole = (least: number, most: number) => z.number().int().min(least).max(most);
const CLUSTER_ARN = /^arn:[\w-]+:kafka:[\w-]+:\d{12}:cluster\/.+$/;
const QUEUE_OR_TOPIC_ARN = /^arn:[\w-]+:(sqs|sns):[\w-]+:\d{12}:[\w-]+$/;

const groupSchema = z
  .strictObject({
    ConsumerGroupId: text.optional(),
    SchemaRegistryConfig: z.never("records are not decoded here").optional(),
    ConsumptionMode: z.literal("Stream", "there are no share groups here").optional(),
  })
  .optional();

const propertiesSchema = z
  .strictObject({
    EventSourceArn: z.string().regex(CLUSTER_ARN, "only Kafka is read here").optional(),
    SelfManagedEventSource: z
      .strictObject({
        Endpoints: z.strictObject({ KafkaBootstrapServers: z.array(text).min(1) }),
      })
      .optional(),
    Topics: z.array(text).length(1, "a mapping reads one topic"),
    AmazonManagedKafkaEventSourceConfig: groupSchema,
    SelfManagedKafkaEventSourceConfig: groupSchema,
    FunctionName: text,
    StartingPosition: z.enum(["TRIM_HORIZON", "LATEST"]),
    BatchSize: whole(1, 10_000).default(100),
    MaximumBatchingWindowInSeconds: whole(0, 300).optional(),
    ProvisionedPollerConfig: z
      .strictObject({
        MinimumPollers: whole(1, 200).default(1),
        MaximumPollers: whole(1, 2_000).default(200),
        PollerGroupName: text.optional(),
      })
      .optional(),
    MaximumRetryAttempts: whole(-1, 10_000).optional(),
    MaximumRecordAgeInSeconds: z.union([z.literal(-1), whole(60, 604_800)]).optional(),
    BisectBatchOnFunctionError: z.boolean().optional(),
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
    SourceAccessConfigurations: z.unknown().optional(),
    KmsKeyArn: z.unknown().optional(),
    MetricsConfig: z.unknown().optional(),
    LoggingConfig: z.unknown().optional(),
    Tags: z.unknown().optional(),
  })
  .refine(
    (declared) => (declared.EventSourceArn === undefined) !== (declared.SelfManagedEventSource === undefined),
    {
      message: "either a cluster's ARN or bootstrap servers",
    },
  )
  .refine(isProvisionedWhereItMust, {
    message:
      "retries, record age, bisecting and partial failures need ProvisionedPollerConfig: AWS has them in provisioned mode only",
  });

type Declared = z.infer<typeof propertiesSchema>;

/**
 * Reads the properties of an `AWS::Lambda::EventSourceMapping`, with every reference in them resolved.
 *
 * Refused is whatever would be obeyed on AWS and could not be here.
 *
 * @param clusterServers - the bootstrap servers of MSK clusters, which on this machine are all one Kafka
 * @throws SyncError `CONFIGURATION_INVALID` naming every fault by its path (not retryable)
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-kafka-parms.html names, defaults and ranges
 * @see https://docs.aws.amazon.com/lambda/latest/dg/kafka-retry-configurations.html
 */
export function parseKafkaDeclaration(
  name: string,
  properties: unknown,
  clusterServers: readonly string[],
): KafkaMapping {
  const parsed = propertiesSchema.safeParse(properties);
  if (!parsed.success) throw invalid(name, parsed.error);
  const declared = parsed.data;
  const failureDestination = declared.DestinationConfig.OnFailure?.Destination;
  const window = declared.MaximumBatchingWindowInSeconds;
  return {
    bootstrapServers: declared.SelfManagedEventSource?.Endpoints.KafkaBootstrapServers ?? clusterServers,
    clusterArn: declared.EventSourceArn,
    topics: declared.Topics,
    groupId: findGroup(declared) ?? name,
    startingPosition: declared.StartingPosition,
    functionName: declared.FunctionName,
    batchSize: declared.BatchSize,
    batchingWindowMillis: window === undefined ? DEFAULT_WINDOW_MILLIS : window * 1000,
    pollers: declared.ProvisionedPollerConfig?.MinimumPollers ?? 1,
    maximumRetryAttempts: limitRetries(declared.MaximumRetryAttempts ?? -1, failureDestination),
    maximumRecordAgeSeconds: declared.MaximumRecordAgeInSeconds ?? -1,
    bisectBatchOnFunctionError: declared.BisectBatchOnFunctionError ?? false,
    reportBatchItemFailures: declared.FunctionResponseTypes.length > 0,
    failureDestination,
    enabled: declared.Enabled,
  };
}

/** Whether a changed declaration is another mapping: CloudFormation replaces it. */
export function replacesKafka(next: KafkaMapping, former: KafkaMapping): boolean {
  const identity = ({ bootstrapServers, clusterArn, topics, groupId, startingPosition }: KafkaMapping) =>
    JSON.stringify([bootstrapServers, clusterArn, topics, groupId, startingPosition]);
  return identity(next) !== identity(former);
}

function isProvisionedWhereItMust(declared: {
  readonly ProvisionedPollerConfig?: unknown;
  readonly MaximumRetryAttempts?: number | undefined;
  readonly MaximumRecordAgeInSeconds?: number | undefined;
  readonly BisectBatchOnFunctionError?: boolean | undefined;
  readonly FunctionResponseTypes: readonly string[];
}): boolean {
  const { MaximumRetryAttempts, MaximumRecordAgeInSeconds, BisectBatchOnFunctionError } = declared;
  const controls = [MaximumRetryAttempts, MaximumRecordAgeInSeconds, BisectBatchOnFunctionError];
  const controlled =
    controls.some((control) => control !== undefined) || declared.FunctionResponseTypes.length > 0;
  return !controlled || declared.ProvisionedPollerConfig !== undefined;
}

function findGroup(declared: Declared): string | undefined {
  return (
    declared.AmazonManagedKafkaEventSourceConfig?.ConsumerGroupId ??
    declared.SelfManagedKafkaEventSourceConfig?.ConsumerGroupId
  );
}

function limitRetries(declared: number, failureDestination: string | undefined): number {
  return declared === -1 && failureDestination !== undefined ? RETRIES_WITH_DESTINATION : declared;
}

function invalid(name: string, error: z.ZodError): SyncError {
  const faults = error.issues.map(({ path, message }) => `${path.join(".") || "properties"}: ${message}`);
  return new SyncError("CONFIGURATION_INVALID", "a Kafka mapping cannot be realised on this machine", {
    subject: `${name}: ${faults.join("; ")}`,
    fix: "declare what local/stand-ins/README.md lists, or deploy it on AWS",
    retryable: false,
  });
}
