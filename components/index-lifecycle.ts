import * as pulumi from "@pulumi/pulumi";
import { assumeAccessRoles } from "./assume-access.ts";
import type { EnvironmentContext } from "./environment-context.ts";
import { type Grant, listingUnder, objectsUnder } from "./iam.ts";
import { LambdaFunction } from "./lambda-function.ts";
import type { SearchTargetInput, TargetGrants } from "./table-context.ts";

/** What index-lifecycle works with. */
export interface IndexLifecycleArgs {
  readonly target: SearchTargetInput;
  readonly targetGrants: TargetGrants;
  readonly targetSecretArn: pulumi.Input<string> | undefined;
  readonly topicArn: pulumi.Input<string>;
  readonly maximumCutoverLagSeconds: number;
  /** For the function that maps roles: the domain's master role. @default a role of its own */
  readonly existingRoleArn?: pulumi.Input<string>;
}

const TIMEOUT_SECONDS = 120;
const MEMORY_MEGABYTES = 512;

/** The function behind custom resources and commands: the only one that makes, moves and deletes indexes. */
export function makeIndexLifecycle(
  name: string,
  context: EnvironmentContext,
  args: IndexLifecycleArgs,
  opts: pulumi.ComponentResourceOptions,
): LambdaFunction {
  return new LambdaFunction(
    name,
    context,
    {
      code: context.code.build("index-lifecycle/index-lifecycle"),
      settings: pulumi.output({
        environment: context.environment,
        stateBucket: context.stateBucket.name,
        target: args.target,
        topicArn: args.topicArn,
        maximumCutoverLagSeconds: args.maximumCutoverLagSeconds,
      }),
      grants: lifecycleGrants(context, args),
      timeoutSeconds: TIMEOUT_SECONDS,
      memoryMegabytes: MEMORY_MEGABYTES,
      ...(args.existingRoleArn === undefined ? {} : { existingRoleArn: args.existingRoleArn }),
    },
    opts,
  );
}

/** What every table needs; what is done on a table is done under that table's role. */
function lifecycleGrants(context: EnvironmentContext, args: IndexLifecycleArgs): readonly Grant[] {
  const bucket = context.stateBucket.arn;
  const secret = args.targetSecretArn;
  return [
    { actions: ["s3:GetObject", "s3:PutObject"], resources: [objectsUnder(bucket, "control/")] },
    { actions: ["s3:GetObject"], resources: [objectsUnder(bucket, "manifest/")] },
    listingUnder(bucket, "control/", "manifest/"),
    { actions: ["sns:Publish"], resources: [args.topicArn] },
    assumeAccessRoles(context, "lifecycle"),
    ...args.targetGrants.administering,
    ...(secret === undefined ? [] : [{ actions: ["secretsmanager:GetSecretValue"], resources: [secret] }]),
  ];
}
