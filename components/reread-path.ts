import * as awsNative from "@pulumi/aws-native";
import * as pulumi from "@pulumi/pulumi";
import type { GenerationMode } from "../core/mode-rules.ts";
import { stateLayout } from "../core/state-layout.ts";
import { type ConsumedGeneration, makeConsumerFunction } from "./consumer-function.ts";
import { ANY, decryptingWith, type Grant, listingUnder, objectsUnder } from "./iam.ts";
import type { GenerationPlan } from "./index-generation/generation-plan.ts";
import type { LambdaFunction } from "./lambda-function.ts";
import type { TableContext, TableSource } from "./table-context.ts";

/** How long a message waits while its document is looked at, in function timeouts. @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html */
const VISIBILITY_TIMEOUTS = 6;
const LONGEST_RETENTION_SECONDS = 14 * 24 * 3600;
/** The most that a FIFO queue's mapping takes. */
const SERIALISED_BATCH = 10;
/** Of messages with up to a hundred requests each. */
const TOGETHER = { batchSize: 50, maximumBatchingWindowInSeconds: 1 };

/**
 * How one generation repairs, replays and heals ties, in both modes: a queue of reindex requests, the function that
 * reads those records again, and the queue of letters that nobody can deliver.
 */
export class RereadPath extends pulumi.ComponentResource {
  readonly reindex: LambdaFunction;
  readonly reindexQueue: awsNative.sqs.Queue;
  readonly deadLetterQueue: awsNative.sqs.Queue;
  readonly mapping: awsNative.lambda.EventSourceMapping;
  /** What the generation's other functions are told too. */
  readonly consumed: ConsumedGeneration;

  constructor(
    name: string,
    context: TableContext,
    plan: GenerationPlan,
    mode: GenerationMode,
    indexUuid: pulumi.Input<string>,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("trueup:pipeline:RereadPath", name, {}, opts);
    this.deadLetterQueue = this.#makeQueue(`${name}-dead-letters`, context, {});
    const isSerialised = needsSerialising(context.source, mode);
    this.reindexQueue = this.#makeQueue(`${name}-reindex`, context, {
      ...(isSerialised ? { fifoQueue: true } : {}),
      visibilityTimeout: context.consumerTimeoutSeconds * VISIBILITY_TIMEOUTS,
    });
    this.consumed = {
      plan,
      mode,
      indexUuid,
      deadLetterQueueUrl: this.deadLetterQueue.queueUrl,
      deadLetterQueueArn: this.deadLetterQueue.arn,
      reindexQueueUrl: this.reindexQueue.queueUrl,
      reindexQueueArn: this.reindexQueue.arn,
    };
    const grants = rereadGrants(context, plan, this.reindexQueue.arn);
    const entry =
      context.source.kind === "sql" ? "fallback-consumer/sql-reindex" : "fallback-consumer/reindex";
    const parent = { parent: this };
    this.reindex = makeConsumerFunction(`${name}-reread`, entry, context, this.consumed, grants, parent);
    this.mapping = this.#mapQueue(name, context, isSerialised);
    this.registerOutputs({});
  }

  #makeQueue(
    name: string,
    { keyArn }: TableContext,
    args: Pick<awsNative.sqs.QueueArgs, "fifoQueue" | "visibilityTimeout">,
  ): awsNative.sqs.Queue {
    const encryption = keyArn === undefined ? { sqsManagedSseEnabled: true } : { kmsMasterKeyId: keyArn };
    return new awsNative.sqs.Queue(
      name,
      { messageRetentionPeriod: LONGEST_RETENTION_SECONDS, ...encryption, ...args },
      { parent: this },
    );
  }

  #mapQueue(name: string, context: TableContext, isSerialised: boolean): awsNative.lambda.EventSourceMapping {
    return new awsNative.lambda.EventSourceMapping(
      `${name}-reindex-mapping`,
      {
        eventSourceArn: this.reindexQueue.arn,
        functionName: this.reindex.functionName,
        ...(isSerialised ? { batchSize: SERIALISED_BATCH } : TOGETHER),
        functionResponseTypes: ["ReportBatchItemFailures"],
      },
      { parent: this, hooks: { onError: [...context.errorHooks] } },
    );
  }
}

/**
 * Re-reads whose versions are times are never two at once of a record. Those of a database carry its log's position, so
 * that any order of them is right, and many rows are read at once after one wait.
 */
function needsSerialising({ kind }: TableSource, mode: GenerationMode): boolean {
  return kind !== "sql" || mode === "managed";
}

function rereadGrants(
  context: TableContext,
  { generation, pipeline }: GenerationPlan,
  reindexQueueArn: pulumi.Input<string>,
): readonly Grant[] {
  const manifest = stateLayout.manifest(generation, ANY);
  const bucket = context.stateBucket.arn;
  return [
    ...readRecords(context.source, pipeline?.repair === "touch"),
    { actions: ["s3:GetObject"], resources: [objectsUnder(bucket, manifest)] },
    {
      actions: ["s3:PutObject"],
      resources: [objectsUnder(bucket, stateLayout.unrepairable(context.table, ANY))],
    },
    listingUnder(bucket, manifest),
    {
      actions: [
        "sqs:ReceiveMessage",
        "sqs:DeleteMessage",
        "sqs:GetQueueAttributes",
        "sqs:ChangeMessageVisibility",
        "sqs:SendMessage",
      ],
      resources: [reindexQueueArn],
    },
  ];
}

/** Reads records of the source, and touches them where that is how they are repaired. */
function readRecords(source: TableSource, touches: boolean): readonly Grant[] {
  if (source.kind === "sql") return source.reading;
  return [
    { actions: ["dynamodb:BatchGetItem"], resources: [source.tableArn] },
    ...(touches ? [{ actions: ["dynamodb:UpdateItem"], resources: [source.tableArn] }] : []),
    ...decryptingWith(source.keyArn),
  ];
}
