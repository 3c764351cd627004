import type * as pulumi from "@pulumi/pulumi";
import type { CodeBuilder } from "./function-code.ts";
import type { NetworkArgs } from "./network/network.ts";
import type { SearchTargetArgs } from "./search-target/search-target.ts";

/** Arguments of an environment. */
export interface SearchSyncArgs {
  /** Where documents go: `domain`, `existingDomain`, `collection` or `url`. */
  readonly target: SearchTargetArgs;
  /** Where functions run; needed when the target is inside a VPC. @default outside any VPC */
  readonly network?: NetworkArgs;
  /**
   * KMS key for bucket, queues, topic, logs, environments and what is made to store data. Its policy must let
   * `logs.<region>.amazonaws.com` encrypt logs and `cloudwatch.amazonaws.com` publish alarms to the topic.
   *
   * @default AWS's own keys
   * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
   */
  readonly keyArn?: pulumi.Input<string>;
  /** Put on every role made here. @default none */
  readonly permissionsBoundary?: pulumi.Input<string>;
  /** Addresses told of moves, drift, gaps and failures. @default nobody */
  readonly notifyEmails?: readonly string[];
  /** Days that function logs are kept. @default 30 */
  readonly logRetentionDays?: number;
  /** The largest lag at which an alias may move, seconds. @default 60 */
  readonly maximumCutoverLagSeconds?: number;
  /** Whether stateful resources refuse to be deleted or replaced. @default true */
  readonly protect?: boolean;
  /**
   * Whether functions read secrets beside the target's, as those of a `DatabaseSource` and of a transform with `transformSecrets` do; a network with
   * `endpoints: create` then has the endpoint they need.
   *
   * @default false
   */
  readonly readsSecrets?: boolean;
  /** Hooks on what needs a role that may be seconds old; see `makeRetryWhileRoleSpreads`. @default none */
  readonly errorHooks?: readonly pulumi.ErrorHook[];
  /** Builds the functions' code. @default esbuild over this package's sources */
  readonly code?: CodeBuilder;
}
