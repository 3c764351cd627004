import {
  type CloudFormationClient,
  CreateStackCommand,
  DeleteStackCommand,
  DescribeStackEventsCommand,
  DescribeStacksCommand,
  type Stack,
  UpdateStackCommand,
} from "@aws-sdk/client-cloudformation";
import { SyncError } from "../../core/errors.ts";
import { waitUntil } from "../engines/wait-until.ts";
import type { DeclaredResource } from "../synth/declared-resource.ts";
import type { JsonObject } from "../synth/json.ts";
import type { ResourceProvider } from "./resource-provider.ts";
import type { Outputs } from "./standing-resources.ts";

const STEP_MILLIS = 120_000;
const REFERENCE = "Ref";
/** What was asked for is there. */
const MADE = ["CREATE_COMPLETE", "UPDATE_COMPLETE"];
/** Something is there: what was asked for last, or what stood before an update that failed. */
const STANDING = [...MADE, "UPDATE_ROLLBACK_COMPLETE"];

/**
 * Makes each resource as a CloudFormation stack of its own, which is what Cloud Control is to Pulumi: an engine of
 * single resources. One stack for all would tie their fates together, and roll back what Pulumi leaves standing.
 *
 * @param prefix - begins the stacks' names
 */
export function makeCloudFormationProvider(client: CloudFormationClient, prefix: string): ResourceProvider {
  const nameOf = (logicalId: string) => `${prefix}-${logicalId}`;
  const settle = async (logicalId: string, wanted: readonly string[]): Promise<Outputs> => {
    const stack = await waitForStack(client, nameOf(logicalId));
    if (stack !== undefined && wanted.includes(stack.StackStatus ?? "")) return toOutputs(stack);
    throw await failure(client, nameOf(logicalId), stack);
  };
  const put = async (resource: DeclaredResource, attributes: readonly string[], exists: boolean) => {
    const request = {
      StackName: nameOf(resource.logicalId),
      TemplateBody: JSON.stringify(toTemplate(resource, attributes)),
      Capabilities: ["CAPABILITY_NAMED_IAM" as const],
    };
    try {
      await client.send(exists ? new UpdateStackCommand(request) : new CreateStackCommand(request));
    } catch (cause) {
      if (!(cause instanceof Error && cause.message.includes("No updates are to be performed"))) throw cause;
      return settle(resource.logicalId, STANDING);
    }
    return settle(resource.logicalId, MADE);
  };
  return {
    create: async (resource, attributes) => {
      const known = await describe(client, nameOf(resource.logicalId));
      // A deploy that was cut off made it and could not write it down.
      if (STANDING.includes(known?.StackStatus ?? "")) return put(resource, attributes, true);
      if (known !== undefined) await remove(client, nameOf(resource.logicalId));
      return put(resource, attributes, false);
    },
    update: (resource, _before, attributes) => put(resource, attributes, true),
    delete: ({ logicalId }) => remove(client, nameOf(logicalId)),
  };
}

function toTemplate({ logicalId, type, properties }: DeclaredResource, attributes: readonly string[]) {
  const values = attributes.map((name) => [name, { Value: { "Fn::GetAtt": [logicalId, name] } }]);
  return {
    Resources: { [logicalId]: toEmulated(type, properties) },
    Outputs: { [REFERENCE]: { Value: { Ref: logicalId } }, ...Object.fromEntries(values) },
  };
}

/** The emulator knows a role's policy only by the older type's name. */
function toEmulated(type: string, properties: JsonObject) {
  if (type !== "AWS::IAM::RolePolicy") return { Type: type, Properties: properties };
  const { RoleName: role = "", ...policy } = properties;
  return { Type: "AWS::IAM::Policy", Properties: { ...policy, Roles: [role] } };
}

async function remove(client: CloudFormationClient, StackName: string): Promise<void> {
  await client.send(new DeleteStackCommand({ StackName }));
  const left = await waitForStack(client, StackName);
  if (left !== undefined) throw await failure(client, StackName, left);
}

/** Waits until a stack is at rest. @returns undefined when it is gone */
async function waitForStack(client: CloudFormationClient, StackName: string): Promise<Stack | undefined> {
  let stack: Stack | undefined;
  const atRest = async () => {
    stack = await describe(client, StackName);
    return !(stack?.StackStatus ?? "").endsWith("_IN_PROGRESS");
  };
  await waitUntil(`${StackName} is at rest`, atRest, {
    withinMillis: STEP_MILLIS,
    fix: "read the emulator's output under .trueup/local",
  });
  return stack;
}

async function describe(client: CloudFormationClient, StackName: string): Promise<Stack | undefined> {
  try {
    const { Stacks: [stack] = [] } = await client.send(new DescribeStacksCommand({ StackName }));
    return stack?.StackStatus === "DELETE_COMPLETE" ? undefined : stack;
  } catch (cause) {
    if (cause instanceof Error && cause.message.includes("does not exist")) return undefined;
    throw cause;
  }
}

function toOutputs({ Outputs = [] }: Stack): Outputs {
  return Object.fromEntries(Outputs.map(({ OutputKey = "", OutputValue = "" }) => [OutputKey, OutputValue]));
}

async function failure(
  client: CloudFormationClient,
  StackName: string,
  stack: Stack | undefined,
): Promise<SyncError> {
  const { StackEvents = [] } = await client.send(new DescribeStackEventsCommand({ StackName }));
  // Newest first, of every try there ever was: the first failure of the newest try is the cause of the others.
  const begun = StackEvents.findIndex(
    ({ ResourceStatusReason }) => ResourceStatusReason === "User Initiated",
  );
  const newest = begun === -1 ? StackEvents : StackEvents.slice(0, begun);
  const failed = newest.findLast(({ ResourceStatus }) => ResourceStatus?.endsWith("_FAILED"));
  return new SyncError("ENGINE_FAILED", "the emulator did not make, change or delete a resource", {
    subject: `${StackName}: ${failed?.ResourceStatusReason ?? stack?.StackStatusReason ?? "no reason given"}`,
    fix: "read the emulator's output under .trueup/local",
    retryable: false,
  });
}
