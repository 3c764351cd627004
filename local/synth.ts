import type { LocalCommands } from "../cli/local-commands.ts";
import { projectRoot } from "./setup/folders.ts";
import { UNKNOWN_STREAMING, withLocalSources } from "./synth/local-sources.ts";
import { localTarget } from "./synth/local-target.ts";
import { assumeTables } from "./synth/lookups.ts";
import { recordProgram } from "./synth/record-program.ts";
import { readStackFile } from "./synth/stack-file.ts";
import { toTemplate } from "./synth/to-template.ts";

/** A stack of this machine may leave its target out; a template needs one. */
const LOCAL_TARGET = localTarget("http://127.0.0.1:9200");

/**
 * `trueup synth`: the whole program of any stack as one CloudFormation template, without AWS.
 *
 * @returns the template as JSON text
 */
export async function synth({ stack, configFile }: Parameters<LocalCommands["synth"]>[0]): Promise<string> {
  const assumptions: string[] = [];
  const assume = (assumption: string) => {
    assumptions.push(assumption);
  };
  const findTable = assumeTables(assume);
  const { config } = readStackFile(stack, configFile);
  const local = () => ({ target: LOCAL_TARGET, ...withLocalSources(config, UNKNOWN_STREAMING) });
  const complete = stack === "local" ? local() : config;
  const program = await recordProgram({ stack, config: complete, projectRoot, findTable, assume });
  return `${JSON.stringify(toTemplate({ ...program, assumptions }), undefined, 2)}\n`;
}
