import * as awsNative from "@pulumi/aws-native";
import * as pulumi from "@pulumi/pulumi";
import type { LifecycleCommand } from "../../core/lifecycle-command.ts";
import { makeServiceRole } from "../iam.ts";
import type { SearchSync } from "../search-sync.ts";

/** What is looked at on a schedule, and how often. */
export interface WatchScheduleArgs {
  readonly everyMinutes: number;
  /** What index-lifecycle is asked each time. */
  readonly command: pulumi.Output<LifecycleCommand>;
  /** What must be there before anything is looked at. */
  readonly after?: readonly pulumi.Resource[];
  /** Nothing is looked at. */
  readonly sleeps?: boolean;
}

/** Lets index-lifecycle look at something again and again; what it sees becomes metrics. */
export class WatchSchedule extends pulumi.ComponentResource {
  constructor(
    name: string,
    search: SearchSync,
    { everyMinutes, command, after = [], sleeps = false }: WatchScheduleArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("trueup:observability:WatchSchedule", name, {}, opts);
    const { arn } = search.lifecycle;
    const role = makeServiceRole(
      `${name}-role`,
      {
        service: "scheduler.amazonaws.com",
        grants: { invoke: [{ actions: ["lambda:InvokeFunction"], resources: [arn] }] },
        permissionsBoundary: search.context.permissionsBoundary,
      },
      { parent: this },
    );
    new awsNative.scheduler.Schedule(
      `${name}-schedule`,
      {
        scheduleExpression: `rate(${everyMinutes} ${everyMinutes === 1 ? "minute" : "minutes"})`,
        flexibleTimeWindow: { mode: "OFF" },
        state: sleeps ? "DISABLED" : "ENABLED",
        target: { arn, roleArn: role.arn, input: pulumi.jsonStringify(command) },
      },
      { parent: this, dependsOn: [...after], hooks: { onError: [...search.context.errorHooks] } },
    );
    this.registerOutputs({});
  }
}
