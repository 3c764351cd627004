import { projectRoot } from "../../local/setup/folders.ts";
import { UNKNOWN_STREAMING, withLocalSources } from "../../local/synth/local-sources.ts";
import { localTarget } from "../../local/synth/local-target.ts";
import { readStackFile } from "../../local/synth/stack-file.ts";
import { parseStackConfig } from "../../stacks/config.ts";
import { checkProgram } from "../../stacks/program.ts";
import type { CheckWorld, OpenCheck } from "./check-world.ts";
import { declareStack } from "./declare-stack.ts";
import { writePipelineBody } from "./write-pipeline-body.ts";

/** Stands in for the engine that `trueup local up` starts. */
const LOCAL_URL = "http://127.0.0.1:9200";

/**
 * Reads a stack's file as `trueup synth` does, without Pulumi's engine.
 *
 * @throws SyncError `STACK_UNKNOWN`, or `CONFIGURATION_INVALID` with every fault by its path
 */
export function readConfiguration({
  stack,
  configFile,
}: Parameters<OpenCheck>[0]): Pick<CheckWorld, "declared" | "writeBody"> {
  const { region, config: raw } = readStackFile(stack, configFile);
  const local = () => ({ target: localTarget(LOCAL_URL), ...withLocalSources(raw, UNKNOWN_STREAMING) });
  const complete = stack === "local" ? local() : raw;
  const { target, ...config } = parseStackConfig(complete);
  const { declared: tables } = checkProgram(complete, { stack, projectRoot });
  const generations = new Map(tables.map(({ name, args }) => [name, args.generations]));
  const isTold = "target" in raw;
  const declared = declareStack({ stack, region }, isTold ? { ...config, target } : config, generations);
  return {
    declared,
    writeBody: (generation, tableArn) => {
      const found = findGeneration(declared, generation);
      const args = found && generations.get(found.table)?.[found.place];
      return found && args && writePipelineBody(declared, found.table, args, tableArn);
    },
  };
}

function findGeneration({ tables }: CheckWorld["declared"], wanted: string) {
  for (const { table, generations } of tables) {
    const place = generations.findIndex(({ generation }) => generation === wanted);
    if (place !== -1) return { table, place };
  }
  return undefined;
}
