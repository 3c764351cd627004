import * as z from "zod";
import { toBuildName } from "../../core/build-name.ts";
import { SyncError } from "../../core/errors.ts";
import { parseJson } from "../../core/parse-json.ts";
import type { ExecutionState } from "../../core/ports/executions.ts";
import { type CustomResourceAction, defineAction } from "../custom-resource-action.ts";
import type { LifecycleDeps } from "../lifecycle-deps.ts";

const buildSchema = z.strictObject({
  table: z.string(),
  generation: z.string(),
  stateMachine: z.string(),
  input: z.string(),
});
const inputSchema = z.looseObject({
  table: z.looseObject({
    access: z.looseObject({ lifecycleRoleArn: z.string() }),
    generations: z.array(z.looseObject({ generation: z.string(), indexUuid: z.string() })),
  }),
});

/** More failed builds than this of one index means that starting another is no help. */
const MAXIMUM_RUNS = 50;

type BuildSpec = z.infer<typeof buildSchema>;
type BuildDeps = Pick<LifecycleDeps, "accessAs">;

/** The build of a generation: started and left to run, never waited for. */
export function makeBuildAction(deps: BuildDeps): CustomResourceAction {
  const start = async (spec: BuildSpec) => ({ execution: await startBuild(deps, spec) });
  return defineAction(buildSchema, {
    identify: ({ table, generation }) => `${table}/${generation}`,
    create: start,
    update: start,
    delete: (spec) => stopBuild(deps, spec),
  });
}

/** One that runs or has succeeded is left alone; after one that failed or was stopped the next is started. */
async function startBuild({ accessAs }: BuildDeps, spec: BuildSpec): Promise<string> {
  const { roleArn, indexUuid } = readInput(spec);
  const { executions } = accessAs(roleArn);
  for (let run = 1; run <= MAXIMUM_RUNS; run += 1) {
    const name = toBuildName(spec.generation, indexUuid, run);
    const { kind, executionArn } = await executions.start(spec.stateMachine, name, spec.input);
    if (kind === "started") return executionArn;
    if (!isOver(await executions.state(spec.stateMachine, name))) return executionArn;
  }
  throw new SyncError("BUILD_FAILED", `the build failed ${MAXIMUM_RUNS} times`, {
    subject: spec.generation,
    fix: 'read the newest execution\'s cause, correct it, then raise "revision"',
    retryable: false,
  });
}

async function stopBuild({ accessAs }: BuildDeps, spec: BuildSpec): Promise<void> {
  const { roleArn, indexUuid } = readInput(spec);
  const { executions } = accessAs(roleArn);
  for (let run = 1; run <= MAXIMUM_RUNS; run += 1) {
    const name = toBuildName(spec.generation, indexUuid, run);
    const state = await executions.state(spec.stateMachine, name);
    if (state === "absent") return;
    if (state === "running") await executions.stop(spec.stateMachine, name, "the generation is removed");
  }
}

function isOver(state: ExecutionState): boolean {
  return state === "failed" || state === "stopped";
}

/** What of a build's input names its execution, and the role that may start it. */
function readInput({ input, generation }: BuildSpec): {
  readonly roleArn: string;
  readonly indexUuid: string;
} {
  const table = inputSchema.safeParse(parseJson(input)).data?.table;
  const found = table?.generations.find((known) => known.generation === generation);
  if (table !== undefined && found !== undefined) {
    return { roleArn: table.access.lifecycleRoleArn, indexUuid: found.indexUuid };
  }
  throw new SyncError("CONFIGURATION_INVALID", "a build's input does not describe its generation", {
    subject: generation,
    fix: "deploy program and functions from the same version",
    retryable: false,
  });
}
