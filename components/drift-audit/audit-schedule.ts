import * as awsNative from "@pulumi/aws-native";
import * as pulumi from "@pulumi/pulumi";
import type { TableDescriptor } from "../../core/table-descriptor.ts";
import { makeServiceRole } from "../iam.ts";
import type { SearchSync } from "../search-sync.ts";

/** When one table is audited. */
export interface AuditScheduleArgs {
  /** EventBridge Scheduler expression: `rate(1 day)`, `cron(0 3 * * ? *)`. */
  readonly schedule: string;
  readonly descriptor: pulumi.Output<TableDescriptor>;
  /** A retired table is audited no more. */
  readonly retired: boolean;
}

/** Runs the audit of a table on its schedule; the input says all there is to know of the table. */
export class AuditSchedule extends pulumi.ComponentResource {
  constructor(
    name: string,
    search: SearchSync,
    { schedule, descriptor, retired }: AuditScheduleArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("trueup:audit:AuditSchedule", name, {}, opts);
    const machine = search.audit.machine.arn;
    const role = makeServiceRole(
      `${name}-schedule-role`,
      {
        service: "scheduler.amazonaws.com",
        grants: { start: [{ actions: ["states:StartExecution"], resources: [machine] }] },
        permissionsBoundary: search.context.permissionsBoundary,
      },
      { parent: this },
    );
    new awsNative.scheduler.Schedule(
      `${name}-schedule`,
      {
        scheduleExpression: schedule,
        flexibleTimeWindow: { mode: "OFF" },
        state: retired ? "DISABLED" : "ENABLED",
        target: {
          arn: machine,
          roleArn: role.arn,
          input: pulumi.jsonStringify({ table: descriptor, kind: "auto" }),
        },
      },
      { parent: this, hooks: { onError: [...search.context.errorHooks] } },
    );
    this.registerOutputs({});
  }
}
