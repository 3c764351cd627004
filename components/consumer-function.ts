import * as pulumi from "@pulumi/pulumi";
import type { GenerationMode } from "../core/mode-rules.ts";
import type { ConsumerSettings } from "../core/settings.ts";
import { stateLayout } from "../core/state-layout.ts";
import type { FunctionEntry } from "./function-code.ts";
import { hashTransformOf, transformGrants } from "./generation-transform.ts";
import { ANY, type Grant, objectsUnder } from "./iam.ts";
import type { GenerationPlan } from "./index-generation/generation-plan.ts";
import { LambdaFunction, type LambdaFunctionArgs } from "./lambda-function.ts";
import type { TableContext, TableSource } from "./table-context.ts";

/** Loading a file of an export takes as long as the cluster lets it; the loader answers before and is called again. */
const LOADER_TIMEOUT_SECONDS = 900;
/** Which generation a consumer function works for, and where it puts what it cannot index. */
export interface ConsumedGeneration {
  readonly plan: GenerationPlan;
  readonly mode: GenerationMode;
  readonly indexUuid: pulumi.Input<string>;
  readonly deadLetterQueueUrl: pulumi.Input<string>;
  readonly deadLetterQueueArn: pulumi.Input<string>;
  readonly reindexQueueUrl: pulumi.Input<string>;
  readonly reindexQueueArn: pulumi.Input<string>;
}

/** One function of a generation's consumer: settings, role and code of the user's transform in it. */
export function makeConsumerFunction(
  name: string,
  entry: Extract<FunctionEntry, `fallback-consumer/${string}`>,
  context: TableContext,
  generation: ConsumedGeneration,
  grants: readonly Grant[],
  {
    managedPolicyArns,
    ...opts
  }: pulumi.ComponentResourceOptions & Pick<LambdaFunctionArgs, "managedPolicyArns">,
): LambdaFunction {
  const loads = entry === "fallback-consumer/bulk-load" || entry === "fallback-consumer/sql-bulk-load";
  return new LambdaFunction(
    name,
    context,
    {
      code: context.code.build(entry, generation.plan.transformFile),
      settings: toSettings(context, generation),
      grants: [...commonGrants(context, generation), ...grants],
      ...(managedPolicyArns === undefined ? {} : { managedPolicyArns }),
      timeoutSeconds: loads ? LOADER_TIMEOUT_SECONDS : context.consumerTimeoutSeconds,
      memoryMegabytes: context.consumerMemoryMegabytes,
    },
    opts,
  );
}

function toSettings(
  context: TableContext,
  { plan, mode, indexUuid, deadLetterQueueUrl, reindexQueueUrl }: ConsumedGeneration,
): pulumi.Input<pulumi.Unwrap<ConsumerSettings>> {
  return pulumi.output({
    environment: context.environment,
    table: context.table,
    generation: plan.generation,
    mode,
    indexUuid,
    writeAlias: plan.writeAlias,
    target: context.target,
    stateBucket: context.stateBucket.name,
    transformHash: hashTransformOf(context.code, plan),
    transformConfiguration: plan.transformConfiguration ?? {},
    transformSecrets: toSecretArns(plan),
    deadLetterQueueUrl,
    reindexQueueUrl,
    touches: plan.pipeline?.repair === "touch",
    ...(context.source.kind === "sql" ? { manifestBuckets: context.manifestBuckets } : {}),
    source: describeConsumed(context.source),
  });
}

function toSecretArns({ transformSecrets }: GenerationPlan): Readonly<Record<string, pulumi.Input<string>>> {
  return Object.fromEntries(Object.entries(transformSecrets).map(([name, { arn }]) => [name, arn]));
}

/** What a consumer is told of its source: of a DynamoDB table its stream comes to it, so that no ARN is needed. */
function describeConsumed(source: TableSource): pulumi.Input<pulumi.Unwrap<ConsumerSettings["source"]>> {
  if (source.kind === "sql") return source.descriptor;
  const { kind, tableName, key } = source;
  return pulumi.output({ kind, tableName, key });
}

function commonGrants(
  context: TableContext,
  { plan, deadLetterQueueArn, reindexQueueArn }: ConsumedGeneration,
): readonly Grant[] {
  const manifest = stateLayout.manifest(plan.generation, ANY);
  const secret = context.targetSecretArn;
  return [
    ...context.targetGrants.indexes([plan.writeAlias]),
    { actions: ["s3:PutObject"], resources: [objectsUnder(context.stateBucket.arn, manifest)] },
    { actions: ["sqs:SendMessage"], resources: [deadLetterQueueArn] },
    ...(secret === undefined ? [] : [{ actions: ["secretsmanager:GetSecretValue"], resources: [secret] }]),
    ...transformGrants(plan, reindexQueueArn),
  ];
}
