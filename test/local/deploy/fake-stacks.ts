import {
  CloudFormationClient,
  CreateStackCommand,
  DeleteStackCommand,
  DescribeStackEventsCommand,
  DescribeStacksCommand,
  type ResourceStatus,
  type StackEvent,
  UpdateStackCommand,
} from "@aws-sdk/client-cloudformation";

type Ending = Readonly<Record<"create" | "update" | "delete", readonly string[]>>;
/** Every call ends well. */
export const WELL: Ending = {
  create: ["CREATE_COMPLETE"],
  update: ["UPDATE_COMPLETE"],
  delete: ["DELETE_COMPLETE"],
};

/**
 * The emulator's CloudFormation in memory. Each call leaves a stack in the states that `ending` lists, one a look; a
 * refused update takes its template back. Events are listed as CloudFormation does, newest first.
 */
export function makeStacks() {
  const world = { ending: WELL, asked: [] as string[], events: [] as StackEvent[] };
  const stacks = new Map<string, { states: string[]; template: string }>();
  const put = (call: "create" | "update", name = "", template = "") => {
    world.asked.push(`${call} ${name}`);
    const found = stacks.get(name);
    const known = found?.states[0] === "DELETE_COMPLETE" ? undefined : found;
    if (call === "create" && known !== undefined) throw new Error(`Stack [${name}] already exists`);
    if (call === "update" && known === undefined) throw new Error(`Stack [${name}] does not exist`);
    if (known?.template === template) throw new Error("No updates are to be performed.");
    const kept = world.ending[call].at(-1) === "UPDATE_ROLLBACK_COMPLETE" ? known?.template : template;
    stacks.set(name, { states: [...world.ending[call]], template: kept ?? template });
  };
  const look = (name = "") => {
    const stack = stacks.get(name);
    if (stack === undefined) throw new Error(`Stack with id ${name} does not exist`);
    const StackStatus = stack.states.length > 1 ? stack.states.shift() : stack.states[0];
    const made: object = JSON.parse(stack.template).Outputs;
    const Outputs = Object.keys(made).map((OutputKey) => ({ OutputKey, OutputValue: `${OutputKey} of it` }));
    return { Stacks: [{ StackName: name, CreationTime: new Date(0), StackStatus, Outputs }] };
  };
  const client = new CloudFormationClient({ region: "us-east-1" });
  client.send = async (command: object) => {
    if (command instanceof CreateStackCommand)
      put("create", command.input.StackName, command.input.TemplateBody);
    if (command instanceof UpdateStackCommand)
      put("update", command.input.StackName, command.input.TemplateBody);
    if (command instanceof DeleteStackCommand) {
      world.asked.push(`delete ${command.input.StackName}`);
      const stack = stacks.get(command.input.StackName ?? "");
      if (stack !== undefined) stack.states = [...world.ending.delete];
    }
    if (command instanceof DescribeStackEventsCommand) return { StackEvents: [...world.events] };
    return command instanceof DescribeStacksCommand ? look(command.input.StackName) : {};
  };
  const templateOf = (name: string): unknown => JSON.parse(stacks.get(name)?.template ?? "null");
  return { world, templateOf, client };
}

/** An event of a stack that a call failed with. */
export const failed = (ResourceStatus: ResourceStatus, ResourceStatusReason: string): StackEvent => ({
  StackId: "id",
  EventId: "event",
  StackName: "shop-Queue",
  Timestamp: new Date(0),
  ResourceStatus,
  ResourceStatusReason,
});
