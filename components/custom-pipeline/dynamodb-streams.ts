import * as awsNative from "@pulumi/aws-native";
import * as pulumi from "@pulumi/pulumi";
import { makeConsumerFunction } from "../consumer-function.ts";
import { decryptingWith, type Grant } from "../iam.ts";
import type { GenerationPlan } from "../index-generation/generation-plan.ts";
import type { LambdaFunction } from "../lambda-function.ts";
import { RereadPath } from "../reread-path.ts";
import type { DynamoDbSource, TableContext } from "../table-context.ts";
import { type CustomPipeline, loadGrants } from "./custom-pipeline.ts";

/** The longest there is; declared because only a windowed event names its shard. */
const WINDOW_SECONDS = 900;

/**
 * The custom path of one generation: stream, re-reads and bulk load into one writer.
 *
 * Retries have no limit and there is no on-failure destination: an outage of the target must hold the stream
 * up, never drop it. What can never be indexed goes to our dead-letter queue.
 */
export class DynamoDbStreamsPipeline extends pulumi.ComponentResource implements CustomPipeline {
  readonly mode = "custom";
  readonly stream: LambdaFunction;
  readonly loader: LambdaFunction;
  readonly rereads: RereadPath;
  /** What the build relies on. */
  readonly ready: readonly pulumi.Resource[];

  constructor(
    name: string,
    context: TableContext<DynamoDbSource>,
    plan: GenerationPlan,
    indexUuid: pulumi.Input<string>,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("trueup:pipeline:DynamoDbStreamsPipeline", name, {}, opts);
    const parent = { parent: this };
    this.rereads = new RereadPath(name, context, plan, this.mode, indexUuid, parent);
    const { consumed } = this.rereads;
    const streaming = streamGrants(context);
    const loading = loadGrants(context);
    const [streamEntry, loadEntry] = [
      "fallback-consumer/dynamodb-stream",
      "fallback-consumer/bulk-load",
    ] as const;
    this.stream = makeConsumerFunction(`${name}-stream`, streamEntry, context, consumed, streaming, parent);
    this.loader = makeConsumerFunction(`${name}-loader`, loadEntry, context, consumed, loading, parent);
    this.ready = [this, this.#mapStream(name, context), this.rereads, this.rereads.mapping];
    this.registerOutputs({});
  }

  /** Roles that write into the index. */
  get writerRoleArns(): readonly pulumi.Output<string>[] {
    return [this.stream, this.rereads.reindex, this.loader].map(({ roleArn }) => roleArn);
  }

  #mapStream(name: string, context: TableContext<DynamoDbSource>): awsNative.lambda.EventSourceMapping {
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
}

/**
 * What Lambda reads the stream with.
 *
 * @see https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/serverless-policy-template-list.html
 * `DynamoDBStreamReadPolicy`, which lists streams of one table only, as this does
 */
function streamGrants({ source }: TableContext<DynamoDbSource>): readonly Grant[] {
  return [
    {
      actions: ["dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator"],
      resources: [source.streamArn],
    },
    { actions: ["dynamodb:ListStreams"], resources: [pulumi.interpolate`${source.tableArn}/stream/*`] },
    ...decryptingWith(source.keyArn),
  ];
}
