import * as awsNative from "@pulumi/aws-native";
import * as pulumi from "@pulumi/pulumi";
import { consumerGroupOf, consumerGroupPrefix } from "../../core/debezium/consumer-group.ts";
import { SyncError } from "../../core/errors.ts";
import { stateLayout } from "../../core/state-layout.ts";
import { makeConsumerFunction } from "../consumer-function.ts";
import { kafkaGrants } from "../database-source/kafka-grants.ts";
import { ANY, type Grant, kafkaPollingPolicy, listingUnder, objectsUnder } from "../iam.ts";
import type { GenerationPlan } from "../index-generation/generation-plan.ts";
import type { LambdaFunction } from "../lambda-function.ts";
import { RereadPath } from "../reread-path.ts";
import type { SourceLog, SqlSource, TableContext } from "../table-context.ts";
import { type CustomPipeline, loadGrants } from "./custom-pipeline.ts";
import { describeEventSource } from "./kafka-event-source.ts";

/**
 * The custom path of one generation of an SQL table: a consumer group on the table's topic, re-reads, bulk load.
 *
 * Retries have no limit, which only provisioned pollers know, and there is no on-failure destination, with which no limit
 * would become ten retries: an outage of the target must hold the topic up, never drop from it. What can never be indexed goes
 * to our dead-letter queue.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/kafka-retry-configurations.html
 */
export class DebeziumPipeline extends pulumi.ComponentResource implements CustomPipeline {
  readonly mode = "custom";
  readonly stream: LambdaFunction;
  readonly loader: LambdaFunction;
  readonly rereads: RereadPath;
  readonly ready: readonly pulumi.Resource[];

  constructor(
    name: string,
    context: TableContext<SqlSource>,
    plan: GenerationPlan,
    indexUuid: pulumi.Output<string>,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("trueup:pipeline:DebeziumPipeline", name, {}, opts);
    const parent = { parent: this };
    const { source } = context;
    const log = requireLog(source);
    this.rereads = new RereadPath(name, context, plan, this.mode, indexUuid, parent);
    const { consumed } = this.rereads;
    const group = indexUuid.apply((uuid) => consumerGroupOf(context.environment, plan.generation, uuid));
    const polling = [...consumeGrants(context, plan, this.rereads), ...pollGrants(context, plan, log)];
    const [streamEntry, loadEntry] = [
      "fallback-consumer/kafka-stream",
      "fallback-consumer/sql-bulk-load",
    ] as const;
    const polled = { ...parent, managedPolicyArns: pollingPolicies(context) };
    this.stream = makeConsumerFunction(`${name}-stream`, streamEntry, context, consumed, polling, polled);
    this.loader = makeConsumerFunction(
      `${name}-loader`,
      loadEntry,
      context,
      consumed,
      [...source.reading, ...loadGrants(context)],
      parent,
    );
    const mapping = this.#mapTopic(name, context, log, group);
    this.ready = [this, mapping, this.rereads, this.rereads.mapping, ...source.ready];
    this.registerOutputs({});
  }

  get writerRoleArns(): readonly pulumi.Output<string>[] {
    return [this.stream, this.rereads.reindex, this.loader].map(({ roleArn }) => roleArn);
  }

  #mapTopic(
    name: string,
    context: TableContext<SqlSource>,
    { kafka }: SourceLog,
    consumerGroupId: pulumi.Output<string>,
  ): awsNative.lambda.EventSourceMapping {
    return new awsNative.lambda.EventSourceMapping(
      `${name}-stream-mapping`,
      {
        ...describeEventSource(context, kafka, consumerGroupId),
        functionName: this.stream.functionName,
        topics: [context.source.topic],
        startingPosition: "TRIM_HORIZON",
        batchSize: context.batchSize,
        maximumBatchingWindowInSeconds: context.batchingWindowSeconds,
        maximumRetryAttempts: -1,
        maximumRecordAgeInSeconds: -1,
        bisectBatchOnFunctionError: false,
        functionResponseTypes: ["ReportBatchItemFailures"],
        // A partition is read by one poller at a time.
        provisionedPollerConfig: { minimumPollers: 1, maximumPollers: kafka.partitions },
      },
      { parent: this, dependsOn: [...context.source.ready], hooks: { onError: [...context.errorHooks] } },
    );
  }
}

/** Of a table whose database has no Kafka there is nothing to consume; its faults were told before. */
function requireLog({ log }: SqlSource): SourceLog {
  if (log !== undefined) return log;
  throw new SyncError("CONFIGURATION_INVALID", "the table's database has no kafka", {
    subject: "custom mode",
    fix: "give its source a kafka",
    retryable: false,
  });
}

/** What Lambda reads the topic with, as the function's role. */
function pollGrants(
  { environment, source }: TableContext<SqlSource>,
  { generation }: GenerationPlan,
  { kafka }: SourceLog,
): readonly Grant[] {
  const groups = [`${consumerGroupPrefix(environment)}${generation}-`];
  return kafkaGrants(kafka, "consume", { topics: [source.topic], groups });
}

/** Inside a VPC, Lambda makes the network interfaces of its pollers as the function's role too. */
function pollingPolicies({ vpcConfig, partition }: TableContext): readonly pulumi.Output<string>[] {
  return vpcConfig === undefined ? [] : [kafkaPollingPolicy(partition)];
}

/**
 * What the function itself does: reads columns in the database, looks where its manifest ends and folds it where the table
 * was emptied, notes gaps and truncates in the table's control record, and asks for what it is to read again.
 */
function consumeGrants(
  { source, stateBucket, table }: TableContext<SqlSource>,
  { generation }: GenerationPlan,
  { reindexQueue }: RereadPath,
): readonly Grant[] {
  const manifest = stateLayout.manifest(generation, ANY);
  const control = stateLayout.control(table);
  return [
    ...source.reading,
    {
      actions: ["s3:GetObject", "s3:DeleteObject"],
      resources: [objectsUnder(stateBucket.arn, manifest)],
    },
    {
      actions: ["s3:GetObject", "s3:PutObject"],
      resources: [pulumi.interpolate`${stateBucket.arn}/${control}`],
    },
    listingUnder(stateBucket.arn, manifest, control),
    { actions: ["sqs:SendMessage"], resources: [reindexQueue.arn] },
  ];
}
