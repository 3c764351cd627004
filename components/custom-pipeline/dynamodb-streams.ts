import * as awsNative from "@pulumi/aws-native";
import * as pulumi from "@pulumi/pulumi";
import type { ConsumerSettings } from "../../core/settings.ts";
import { stateLayout } from "../../core/state-layout.ts";
import { decryptingWith, type Grant, listingUnder, objectsUnder } from "../iam.ts";
import type { GenerationPlan } from "../index-generation/generation-plan.ts";
import { LambdaFunction } from "../lambda-function.ts";
import type { TableContext } from "../table-context.ts";

/** How long a message waits while its document is looked at, in function timeouts. @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html */
const VISIBILITY_TIMEOUTS = 6;
const LONGEST_RETENTION_SECONDS = 14 * 24 * 3600;
/** Loading a file of an export takes as long as the cluster lets it; the loader answers before and is called again. */
const LOADER_TIMEOUT_SECONDS = 900;
const REINDEX_BATCH = 10;
/** Stands in a policy for a part of a key that is not known yet: an index's uuid, an audit's run. */
const ANY = "*";
/** The longest there is; declared because only a windowed event names its shard. */
const WINDOW_SECONDS = 900;

/**
 * The custom path of one generation: stream, re-reads and bulk load into one writer.
 *
 * Retries have no limit and there is no on-failure destination: an outage of the target must hold the stream
 * up, never drop it. What can never be indexed goes to our dead-letter queue.
 */
export class DynamoDbStreamsPipeline extends pulumi.ComponentResource {
  readonly stream: LambdaFunction;
  readonly loader: LambdaFunction;
  readonly reindex: LambdaFunction;
  readonly reindexQueue: awsNative.sqs.Queue;
  readonly deadLetterQueue: awsNative.sqs.Queue;
  readonly mappings: readonly awsNative.lambda.EventSourceMapping[];

  constructor(
    name: string,
    context: TableContext,
    plan: GenerationPlan,
    indexUuid: pulumi.Input<string>,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("trueup:pipeline:DynamoDbStreamsPipeline", name, {}, opts);
    this.deadLetterQueue = this.#makeQueue(`${name}-dead-letters`, context, {});
    this.reindexQueue = this.#makeQueue(`${name}-reindex`, context, {
      fifoQueue: true,
      visibilityTimeout: context.consumerTimeoutSeconds * VISIBILITY_TIMEOUTS,
    });
    const settings = this.#settings(context, plan, indexUuid);
    const common = this.#commonGrants(context, plan);
    const manifest = stateLayout.manifest(plan.generation, ANY);
    const bucket = context.stateBucket.arn;
    this.stream = this.#makeFunction(
      `${name}-stream`,
      "fallback-consumer/dynamodb-stream",
      context,
      plan,
      settings,
      [...common, ...streamGrants(context)],
    );
    this.reindex = this.#makeFunction(
      `${name}-reread`,
      "fallback-consumer/reindex",
      context,
      plan,
      settings,
      [
        ...common,
        { actions: ["dynamodb:BatchGetItem"], resources: [context.source.tableArn] },
        ...decryptingWith(context.source.keyArn),
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
          resources: [this.reindexQueue.arn],
        },
      ],
    );
    this.loader = this.#makeFunction(
      `${name}-loader`,
      "fallback-consumer/bulk-load",
      context,
      plan,
      settings,
      [
        ...common,
        {
          actions: ["s3:GetObject"],
          resources: [
            objectsUnder(bucket, `${stateLayout.exports(context.table)}/`),
            pulumi.interpolate`${bucket}/${stateLayout.control(context.table)}`,
          ],
        },
      ],
    );
    this.mappings = [this.#mapStream(name, context), this.#mapQueue(name, context)];
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

  #settings(
    context: TableContext,
    plan: GenerationPlan,
    indexUuid: pulumi.Input<string>,
  ): pulumi.Input<pulumi.Unwrap<ConsumerSettings>> {
    return pulumi.output({
      environment: context.environment,
      table: context.table,
      generation: plan.generation,
      indexUuid,
      writeAlias: plan.writeAlias,
      target: context.target,
      stateBucket: context.stateBucket.name,
      transformHash: context.code.transformHash(plan.transformFile),
      deadLetterQueueUrl: this.deadLetterQueue.queueUrl,
      reindexQueueUrl: this.reindexQueue.queueUrl,
      source: { tableName: context.source.tableName, key: context.source.key },
    });
  }

  #commonGrants(context: TableContext, plan: GenerationPlan): readonly Grant[] {
    const manifest = stateLayout.manifest(plan.generation, ANY);
    const secret = context.targetSecretArn;
    return [
      ...context.targetGrants.indexes([plan.writeAlias]),
      { actions: ["s3:PutObject"], resources: [objectsUnder(context.stateBucket.arn, manifest)] },
      { actions: ["sqs:SendMessage"], resources: [this.deadLetterQueue.arn] },
      ...(secret === undefined ? [] : [{ actions: ["secretsmanager:GetSecretValue"], resources: [secret] }]),
    ];
  }

  #makeFunction(
    name: string,
    entry: "fallback-consumer/dynamodb-stream" | "fallback-consumer/reindex" | "fallback-consumer/bulk-load",
    context: TableContext,
    plan: GenerationPlan,
    settings: pulumi.Input<object>,
    grants: readonly Grant[],
  ): LambdaFunction {
    const loads = entry === "fallback-consumer/bulk-load";
    return new LambdaFunction(
      name,
      context,
      {
        code: context.code.build(entry, plan.transformFile),
        settings,
        grants,
        timeoutSeconds: loads ? LOADER_TIMEOUT_SECONDS : context.consumerTimeoutSeconds,
        memoryMegabytes: context.consumerMemoryMegabytes,
      },
      { parent: this },
    );
  }

  #mapStream(name: string, context: TableContext): awsNative.lambda.EventSourceMapping {
    return new awsNative.lambda.EventSourceMapping(
      `${name}-stream-mapping`,
      {
        eventSourceArn: context.source.streamArn,
        functionName: this.stream.functionName,
        startingPosition: "TRIM_HORIZON",
        batchSize: context.batchSize,
        maximumRetryAttempts: -1,
        maximumRecordAgeInSeconds: -1,
        bisectBatchOnFunctionError: false,
        maximumBatchingWindowInSeconds: context.batchingWindowSeconds,
        parallelizationFactor: 1,
        tumblingWindowInSeconds: WINDOW_SECONDS,
        functionResponseTypes: ["ReportBatchItemFailures"],
      },
      { parent: this, hooks: { onError: [...context.errorHooks] } },
    );
  }

  #mapQueue(name: string, context: TableContext): awsNative.lambda.EventSourceMapping {
    return new awsNative.lambda.EventSourceMapping(
      `${name}-reindex-mapping`,
      {
        eventSourceArn: this.reindexQueue.arn,
        functionName: this.reindex.functionName,
        batchSize: REINDEX_BATCH,
        functionResponseTypes: ["ReportBatchItemFailures"],
      },
      { parent: this, hooks: { onError: [...context.errorHooks] } },
    );
  }
}

/**
 * What Lambda reads the stream with.
 *
 * @see https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/serverless-policy-template-list.html
 * `DynamoDBStreamReadPolicy`, which lists streams of one table only, as this does
 */
function streamGrants({ source }: TableContext): readonly Grant[] {
  return [
    {
      actions: ["dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator"],
      resources: [source.streamArn],
    },
    { actions: ["dynamodb:ListStreams"], resources: [pulumi.interpolate`${source.tableArn}/stream/*`] },
    ...decryptingWith(source.keyArn),
  ];
}
