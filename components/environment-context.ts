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
