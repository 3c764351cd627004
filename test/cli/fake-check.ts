import type { CheckPorts, OpenCheck } from "../../cli/check/check-world.ts";
import { runProgram } from "../../cli/program.ts";
import type { DeclaredStack } from "../../core/check/declared-stack.ts";
import { domainOf, managed, sourceOf, stackOf } from "../core/check/facts.ts";
import { makeFakeStack } from "./fake-stack.ts";

/** An account in which everything is as it must be; tests change what they are about. */
function makePorts(changes: Partial<CheckPorts> = {}): CheckPorts {
  const inVpc = (ids: readonly string[]) =>
    ({ kind: "known", value: ids.map((id) => ({ id, vpcId: "vpc-1" })) }) as const;
  return {
    sources: { read: async () => sourceOf() },
    readers: { list: async () => ({ kind: "known", value: [] }) },
    domains: { read: async () => ({ kind: "known", value: domainOf() }) },
    secrets: { read: async () => ({ kind: "known", value: { deleting: false } }) },
    network: {
      read: async ({ subnetIds, securityGroupIds }) => ({
        subnets: inVpc(subnetIds),
        securityGroups: inVpc(securityGroupIds),
        endpoints: { kind: "known", value: [] },
      }),
    },
    pipelines: { validate: async () => ({ kind: "known", value: [] }) },
    ...changes,
  };
}

/** `trueup check` over a declared stack and an account in memory. */
export function makeFakeCheck(declared: DeclaredStack = stackOf(), changes: Partial<CheckPorts> = {}) {
  const stack = makeFakeStack();
  const asked: unknown[] = [];
  const open: OpenCheck = async (args) => {
    asked.push(args);
    return {
      declared,
      ports: makePorts(changes),
      writeBody: (generation) => (generation === managed().generation ? "body" : undefined),
    };
  };
  const run = (line: string, openStack: () => Promise<typeof stack.client> = async () => stack.client) => {
    const { local } = stack;
    return runProgram(line.split(" "), { terminal: terminalOf(stack), local, openStack }, open);
  };
  return { ...stack, run, checked: asked };
}

function terminalOf({ out, err }: { readonly out: string[]; readonly err: string[] }) {
  return {
    cwd: "/nowhere",
    env: {},
    now: () => 0,
    pause: async () => {},
    print: (text: string) => out.push(text),
    note: (text: string) => err.push(text),
    progressStream: undefined,
  };
}
