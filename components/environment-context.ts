import type * as pulumi from "@pulumi/pulumi";
import type { CodeBuilder } from "./function-code.ts";

/** What the parts of one environment share; made by `SearchSync`, handed to every part. */
export interface EnvironmentContext {
  readonly environment: string;
  readonly region: pulumi.Output<string>;
  readonly accountId: pulumi.Output<string>;
  /** `aws`, `aws-cn` or `aws-us-gov`. */
  readonly partition: pulumi.Output<string>;
  readonly stateBucket: StateBucketOutputs;
  readonly code: CodeBuilder;
  readonly vpcConfig?: {
    readonly subnetIds: pulumi.Input<pulumi.Input<string>[]>;
    readonly securityGroupIds: pulumi.Input<pulumi.Input<string>[]>;
  };
  /** Where functions inside a VPC find DynamoDB Streams; undefined where its public name will do. */
  readonly streamsUrl?: pulumi.Input<string> | undefined;
  /** By what functions reach AWS; nothing works before it is there, and all that works goes before it. */
  readonly networkReady: readonly pulumi.Resource[];
  readonly permissionsBoundary: pulumi.Input<string> | undefined;
  /** Encrypts queues, topic, logs and bucket; AWS's own keys where absent. */
  readonly keyArn: pulumi.Input<string> | undefined;
  readonly logRetentionDays: number;
  /** Whether stateful resources refuse to be deleted or replaced. */
  readonly protect: boolean;
  /** Hooks on what needs a role that may be seconds old; see {@link makeRetryWhileRoleSpreads}. */
  readonly errorHooks: readonly pulumi.ErrorHook[];
}

/** The state bucket as other parts use it. */
export interface StateBucketOutputs {
  readonly name: pulumi.Output<string>;
  readonly arn: pulumi.Output<string>;
}
