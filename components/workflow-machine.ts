import * as awsNative from "@pulumi/aws-native";
import * as pulumi from "@pulumi/pulumi";
import type { EnvironmentContext } from "./environment-context.ts";
import { decryptingWith, type Grant, makeRolePolicy, makeServiceRole } from "./iam.ts";

/** A workflow and what it may call. */
export interface WorkflowMachineArgs {
  /** The definition as JSON text. */
  readonly definition: pulumi.Input<string>;
  readonly grants: readonly Grant[];
}

/**
 * A standard state machine with a role of its own, allowed to run its own distributed maps and to read what they map
 * over, which lies in the state bucket under the environment's key.
 */
export class WorkflowMachine extends pulumi.ComponentResource {
  /** Known once the machine may really run: its grants are there. */
  readonly arn: pulumi.Output<string>;
  /** Its executions, as a policy names them. */
  readonly executionsArn: pulumi.Output<string>;

  constructor(
    name: string,
    context: EnvironmentContext,
    { definition, grants }: WorkflowMachineArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("trueup:workflow:WorkflowMachine", name, {}, opts);
    const role = makeServiceRole(
      `${name}-role`,
      {
        service: "states.amazonaws.com",
        grants: { workflow: [...grants, ...decryptingWith(context.keyArn)] },
        permissionsBoundary: context.permissionsBoundary,
      },
      { parent: this },
    );
    const machine = new awsNative.stepfunctions.StateMachine(
      name,
      { roleArn: role.arn, definitionString: definition },
      { parent: this, hooks: { onError: [...context.errorHooks] } },
    );
    const { partition, region, accountId } = context;
    const executions = pulumi.interpolate`arn:${partition}:states:${region}:${accountId}:execution:${machine.name}`;
    const ownMap = makeRolePolicy(
      `${name}-own-map`,
      { roleName: role.roleName, policyName: "own-map", grants: ownMapGrants(machine.arn, executions) },
      { parent: this },
    );
    this.arn = pulumi.all([machine.arn, ownMap.id]).apply(([arn]) => arn);
    this.executionsArn = pulumi.interpolate`${executions}:*`;
    this.registerOutputs({ arn: this.arn });
  }
}

/**
 * A distributed map starts executions of the machine it is part of, which cannot be named before it exists.
 *
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/iam-policies-eg-dist-map.html
 */
function ownMapGrants(arn: pulumi.Output<string>, executions: pulumi.Output<string>): readonly Grant[] {
  return [
    { actions: ["states:StartExecution"], resources: [arn] },
    {
      actions: ["states:DescribeExecution", "states:StopExecution"],
      resources: [pulumi.interpolate`${executions}:*`, pulumi.interpolate`${executions}/*`],
    },
  ];
}
