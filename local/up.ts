import type { LocalCommands, UpOutcome } from "../cli/local-commands.ts";
import { SyncError } from "../core/errors.ts";
import { checkProgram } from "../stacks/program.ts";
import { applyProgram, type DeployDeps, resolveStanding } from "./deploy/apply-program.ts";
import { removeOtherConnectors, runExternalConnectors } from "./deploy/external-connectors.ts";
import { isInGateway } from "./deploy/in-gateway.ts";
import { makeProviders } from "./deploy/providers.ts";
import { StandingResources } from "./deploy/standing-resources.ts";
import { writeEndpoints } from "./machine/endpoints.ts";
import { LOCAL_ACCOUNT } from "./machine/local-account.ts";
import { localFiles } from "./machine/local-folder.ts";
import { type LocalMachine, startLocalMachine } from "./machine/local-machine.ts";
import { alone } from "./machine/lock.ts";
import { makeReadSecret } from "./machine/read-secret.ts";
import { startSteps } from "./machine/steps.ts";
import { projectRoot } from "./setup/folders.ts";
import { prepareEngines, prepareStreaming } from "./setup/prepare.ts";
import type { DeclaredProgram } from "./synth/declared-resource.ts";
import { describeKeys } from "./synth/describe-keys.ts";
import { describeTables } from "./synth/describe-tables.ts";
import { localDatabases, UNKNOWN_STREAMING, withLocalSources } from "./synth/local-sources.ts";
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
  const config = withLocalSources(stackFile.config, UNKNOWN_STREAMING);
  checkProgram({ target: UNKNOWN_TARGET, protect: false, ...config }, { stack, projectRoot });
  prepareEngines();
  if (localDatabases(stackFile.config).length > 0) prepareStreaming();
  return alone(() => bringUp(stack, stackFile));
}

async function bringUp(stack: string, { region, config }: StackFile): Promise<UpOutcome> {
  const steps = startSteps();
  try {
    const machine = await startLocalMachine(region, localDatabases(config), steps.say);
    const { streaming } = machine;
    const target = localTarget(machine.search);
    const known = streaming === undefined ? config : withLocalSources(config, streaming);
    const program = await recordProgram({
      stack,
      config: { target, protect: false, ...known },
      projectRoot,
      findTable: describeTables(machine.aws, region),
      ...(streaming === undefined ? {} : { findKey: describeKeys(streaming.postgres) }),
    });
    const standing = openStanding(machine);
    const readSecret = makeReadSecret(machine.aws, region);
    const kafka = streaming === undefined ? [] : [streaming.kafka];
    const deps: DeployDeps = {
      standing,
      providerOf: makeProviders({ aws: machine.aws, region, stack, standing, kafka, readSecret }),
      pseudoParameters: {
        "AWS::Region": region,
        "AWS::AccountId": LOCAL_ACCOUNT,
        "AWS::Partition": "aws",
      },
      onStep: steps.show,
    };
    await removeOtherConnectors(program);
    const serving = await applyUnlessServing(deps, { ...program, assumptions: [] });
    const environment = resolveTokens(program.environment, resolveStanding(deps));
    if (streaming !== undefined) {
      steps.say("Starting the connectors");
      await runExternalConnectors(environment, program.resources, {
        bootstrapServers: streaming.kafka,
        readSecret,
      });
    }
    const endpoints = await writeEndpoints(machine, region, environment);
    return serving === undefined
      ? { kind: "applied", endpoints }
      : { kind: "serving", reason: serving.message, endpoints };
  } finally {
    steps.end();
  }
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
