import { existsSync } from "node:fs";
import { environmentSchema } from "../adapters/environment-schema.ts";
import type { LocalCommands, UpOutcome } from "../cli/local-commands.ts";
import { SyncError } from "../core/errors.ts";
import { checkProgram } from "../stacks/program.ts";
import { applyConnectors, removeConnectors } from "./deploy/apply-connectors.ts";
import { applyProgram, type DeployDeps, resolveStanding } from "./deploy/apply-program.ts";
import { isInGateway } from "./deploy/in-gateway.ts";
import { makeProviders } from "./deploy/providers.ts";
import { StandingResources } from "./deploy/standing-resources.ts";
import { writeEndpoints } from "./machine/endpoints.ts";
import { localFiles } from "./machine/local-folder.ts";
import { LOCAL_ACCOUNT, type LocalMachine, startLocalMachine } from "./machine/local-machine.ts";
import { type LocalStreaming, startStreaming } from "./machine/local-streaming.ts";
import { alone } from "./machine/lock.ts";
import { startSteps } from "./machine/steps.ts";
import { projectRoot } from "./setup/folders.ts";
import { prepareEngines, prepareStreaming } from "./setup/prepare.ts";
import type { DeclaredProgram } from "./synth/declared-resource.ts";
import { describeKeys } from "./synth/describe-keys.ts";
import { describeTables } from "./synth/describe-tables.ts";
import { completeSources, databasesOf, type SourcesPlace, UNKNOWN_PLACE } from "./synth/local-sources.ts";
import { localTarget } from "./synth/local-target.ts";
import { recordProgram } from "./synth/record-program.ts";
import { readStackFile, type StackFile } from "./synth/stack-file.ts";
import { resolveTokens } from "./synth/tokens.ts";

/** A configuration is checked before the search engine runs, when nobody knows its URL yet. */
const UNKNOWN_TARGET = localTarget("http://127.0.0.1");

/**
 * `trueup local up`: realises a stack on this machine, or brings one that runs to a changed configuration.
 *
 * @throws SyncError of the step that failed; what was done before it stays, and the next `up` goes on
 */
export async function up(args: Parameters<LocalCommands["up"]>[0]): Promise<UpOutcome> {
  const { stack, configFile } = args;
  const stackFile = readStackFile(stack, configFile);
  const complete = completeSources(stackFile.config, UNKNOWN_PLACE);
  checkProgram({ target: UNKNOWN_TARGET, protect: false, ...complete }, { stack, projectRoot });
  prepareEngines();
  if (databasesOf(complete).length > 0) prepareStreaming();
  return alone(() => bringUp(stack, stackFile));
}

async function bringUp(stack: string, { region, config }: StackFile): Promise<UpOutcome> {
  const steps = startSteps();
  try {
    const machine = await startLocalMachine(region, steps.say);
    const target = localTarget(machine.search);
    const databases = databasesOf(config);
    const streaming = await startSources(machine, region, databases, steps.say);
    const complete = streaming === undefined ? config : completeSources(config, placeOf(streaming));
    const program = await recordProgram({
      stack,
      config: { target, protect: false, ...complete },
      projectRoot,
      findTable: describeTables(machine.aws, region),
      ...(streaming === undefined ? {} : { findKey: describeKeys(streaming.postgres.url, databases) }),
    });
    const deps: DeployDeps = {
      standing: openStanding(machine),
      providerOf: makeProviders(machine.aws, region, stack),
      pseudoParameters: {
        "AWS::Region": region,
        "AWS::AccountId": LOCAL_ACCOUNT,
        "AWS::Partition": "aws",
      },
      onStep: steps.show,
    };
    if (streaming !== undefined) await removeConnectors(streaming, program.environment);
    const serving = await applyUnlessServing(deps, { ...program, assumptions: [] });
    const environment = environmentSchema.parse(resolveTokens(program.environment, resolveStanding(deps)));
    if (streaming !== undefined) await applyConnectors(streaming, environment);
    const reached = streaming && { postgres: urlOf(streaming, databases[0]), kafka: streaming.kafka };
    const endpoints = await writeEndpoints(machine, region, environment, reached);
    return serving === undefined
      ? { kind: "applied", endpoints }
      : { kind: "serving", reason: serving.message, endpoints };
  } finally {
    steps.end();
  }
}

/** Starts what databases need, where the stack has any or had some that are now to go. */
async function startSources(
  { aws }: LocalMachine,
  region: string,
  databases: readonly string[],
  say: (step: string) => void,
): Promise<LocalStreaming | undefined> {
  if (databases.length === 0 && !existsSync(localFiles.postgres)) return undefined;
  say("Starting PostgreSQL, Kafka and Kafka Connect");
  return startStreaming({ endpoint: aws, region }, databases);
}

function placeOf({ postgres, kafka }: LocalStreaming): SourcesPlace {
  return { port: postgres.port, secretArn: postgres.secretArn, kafka };
}

function urlOf({ postgres }: LocalStreaming, database = "postgres"): string {
  const url = new URL(postgres.url);
  url.pathname = `/${database}`;
  return url.href;
}

/** A new gateway knows of no stream mapping and no pipeline: they are made again, and begin anew. */
function openStanding({ gatewayIsNew }: LocalMachine): StandingResources {
  const standing = new StandingResources(localFiles.resources);
  const lost = gatewayIsNew ? standing.all.filter(isInGateway) : [];
  for (const { logicalId } of lost) standing.forget(logicalId);
  return standing;
}

/** Guards refuse when everything else is applied; that is how a deploy ends while the old generation still serves. */
async function applyUnlessServing(
  deps: DeployDeps,
  program: DeclaredProgram,
): Promise<SyncError | undefined> {
  try {
    await applyProgram(deps, program);
    return undefined;
  } catch (cause) {
    if (cause instanceof SyncError && cause.code === "GENERATION_SERVING") return cause;
    throw cause;
  }
}
