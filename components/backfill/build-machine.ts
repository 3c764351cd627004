import * as pulumi from "@pulumi/pulumi";
import type { Grant } from "../iam.ts";
import type { TableContext } from "../table-context.ts";
import { WorkflowMachine } from "../workflow-machine.ts";
import { buildWorkflow } from "./build-workflow.ts";

/** What a generation's build calls. */
export interface BuildMachineArgs {
  readonly auditFunctionArn: pulumi.Input<string>;
  readonly lifecycleFunctionArn: pulumi.Input<string>;
  /** Absent where something else loads by itself. */
  readonly loaderFunctionArn?: pulumi.Input<string>;
  /** What loads instead. @default "managed" */
  readonly loadedBy?: "managed" | "incremental";
  readonly auditMachine: Pick<WorkflowMachine, "arn" | "executionsArn">;
}

/** The state machine that takes one generation from an empty index to serving. */
export function makeBuildMachine(
  name: string,
  context: TableContext,
  args: BuildMachineArgs,
  opts: pulumi.ComponentResourceOptions,
): WorkflowMachine {
  const { partition, maximumLoaders, pollSeconds } = context;
  const { auditMachine, ...functions } = args;
  const definition = pulumi
    .output({ partition, ...functions, auditStateMachineArn: auditMachine.arn })
    .apply((calls) => JSON.stringify(buildWorkflow({ ...calls, maximumLoaders, pollSeconds })));
  return new WorkflowMachine(name, context, { definition, grants: buildGrants(context, args) }, opts);
}

function buildGrants(context: TableContext, args: BuildMachineArgs): readonly Grant[] {
  const { partition, region, accountId, stateBucket } = context;
  return [
    {
      actions: ["lambda:InvokeFunction"],
      resources: [
        args.auditFunctionArn,
        args.lifecycleFunctionArn,
        ...(args.loaderFunctionArn === undefined ? [] : [args.loaderFunctionArn]),
      ],
    },
    { actions: ["states:StartExecution"], resources: [args.auditMachine.arn] },
    {
      actions: ["states:DescribeExecution", "states:StopExecution"],
      resources: [args.auditMachine.executionsArn],
    },
    {
      actions: ["events:PutTargets", "events:PutRule", "events:DescribeRule"],
      resources: [
        pulumi.interpolate`arn:${partition}:events:${region}:${accountId}:rule/StepFunctionsGetEventsForStepFunctionsExecutionRule`,
      ],
    },
    {
      actions: ["s3:GetObject"],
      resources: [pulumi.interpolate`${stateBucket.arn}/audits/${context.table}/*`],
    },
  ];
}
