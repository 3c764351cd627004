import * as pulumi from "@pulumi/pulumi";
import { assumeAccessRoles } from "../assume-access.ts";
import type { EnvironmentContext } from "../environment-context.ts";
import { type Grant, listingUnder, objectsUnder } from "../iam.ts";
import { LambdaFunction } from "../lambda-function.ts";
import { type AlarmArgs, makeAlarm } from "../observability/alarm.ts";
import type { SearchTargetInput, TargetGrants } from "../table-context.ts";
import { WorkflowMachine } from "../workflow-machine.ts";
import { auditWorkflow } from "./audit-workflow.ts";

/** What the audit of an environment works with. */
export interface DriftAuditArgs {
  readonly target: SearchTargetInput;
  readonly targetGrants: TargetGrants;
  readonly targetSecretArn: pulumi.Input<string> | undefined;
  readonly topicArn: pulumi.Input<string>;
}

/** Lambda's longest: a bucket of a manifest or a file of an export must fit into it. */
const TIMEOUT_SECONDS = 900;
/** Two virtual CPUs, and room for a bucket of a few million entries. */
const MEMORY_MEGABYTES = 3538;

/** The one audit of an environment: a function and a workflow that serve every table. */
export class DriftAudit extends pulumi.ComponentResource {
  readonly function: LambdaFunction;
  readonly machine: WorkflowMachine;

  constructor(
    name: string,
    context: EnvironmentContext,
    args: DriftAuditArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("trueup:audit:DriftAudit", name, {}, opts);
    this.function = new LambdaFunction(
      `${name}-function`,
      context,
      {
        code: context.code.build("drift-audit/drift-audit"),
        settings: pulumi.output({
          environment: context.environment,
          stateBucket: context.stateBucket.name,
          target: args.target,
          topicArn: args.topicArn,
        }),
        grants: functionGrants(context, args),
        timeoutSeconds: TIMEOUT_SECONDS,
        memoryMegabytes: MEMORY_MEGABYTES,
      },
      { parent: this },
    );
    const auditFunctionArn = this.function.arn;
    this.machine = new WorkflowMachine(
      `${name}-workflow`,
      context,
      {
        definition: pulumi
          .output({ partition: context.partition, auditFunctionArn })
          .apply((calls) => JSON.stringify(auditWorkflow(calls))),
        grants: [
          { actions: ["lambda:InvokeFunction"], resources: [auditFunctionArn] },
          { actions: ["s3:GetObject"], resources: [objectsUnder(context.stateBucket.arn, "audits/")] },
        ],
      },
      { parent: this },
    );
    makeAlarm(`${name}-failed`, failedAudits(this.machine.arn, args.topicArn), { parent: this });
    this.registerOutputs({});
  }
}

/** An audit that breaks off says so itself; this also hears of one whose function cannot even start. */
function failedAudits(machineArn: pulumi.Output<string>, topicArn: pulumi.Input<string>): AlarmArgs {
  return {
    namespace: "AWS/States",
    metricName: "ExecutionsFailed",
    dimensions: { StateMachineArn: machineArn },
    statistic: "Sum",
    threshold: 1,
    periodSeconds: 300,
    meaning: "An audit failed: nobody knows whether its table and index are equal.",
    runbook: "audit-failed",
    topicArn,
  };
}

/** What every audit needs; what it does on a table it does under that table's role. */
function functionGrants(context: EnvironmentContext, args: DriftAuditArgs): readonly Grant[] {
  const bucket = context.stateBucket.arn;
  const under = (...prefixes: readonly string[]) => prefixes.map((prefix) => objectsUnder(bucket, prefix));
  const secret = args.targetSecretArn;
  return [
    { actions: ["s3:GetObject"], resources: under("manifest/", "audits/", "exports/", "control/") },
    { actions: ["s3:PutObject"], resources: under("manifest/", "audits/", "control/") },
    { actions: ["s3:DeleteObject"], resources: under("manifest/", "audits/") },
    listingUnder(bucket, "manifest/", "audits/", "exports/", "control/"),
    { actions: ["sns:Publish"], resources: [args.topicArn] },
    assumeAccessRoles(context, "audit"),
    ...args.targetGrants.inspecting,
    ...(secret === undefined ? [] : [{ actions: ["secretsmanager:GetSecretValue"], resources: [secret] }]),
  ];
}
