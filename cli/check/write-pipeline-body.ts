import { ENGINES } from "../../components/database-source/managed-database.ts";
import type { GenerationArgs } from "../../components/index.ts";
import { planGeneration } from "../../components/index-generation/generation-plan.ts";
import { MANAGED_DEFAULTS } from "../../components/managed-pipeline/managed-args.ts";
import { writeBody } from "../../components/managed-pipeline/write-body.ts";
import { toEndpointUrl } from "../../components/search-target/resolve-target.ts";
import type {
  DeclaredDatabase,
  DeclaredNetwork,
  DeclaredSource,
  DeclaredStack,
  DeclaredTarget,
} from "../../core/check/declared-stack.ts";
import type { BodyArgs } from "../../core/ingestion/document-flow.ts";
import { makeDynamoDbBody } from "../../core/ingestion/dynamodb-body.ts";
import type { PipelineBody } from "../../core/ingestion/pipeline-body.ts";
import { namePipeline } from "../../core/ingestion/pipeline-name.ts";
import { makeRdsBody, nameRdsPipeline } from "../../core/ingestion/rds-body.ts";
import { pipelinePrefixes } from "../../core/state-layout.ts";

/** What stands where a name is not known before the deployment. */
const PLACEHOLDER = { account: "123456789012", uuid: "AAAAAAAAAAAAAAAAAAAAAA" };

/**
 * Writes the body a managed generation's pipeline will have. Role, bucket, index uuid and the endpoint of a domain yet to
 * be made are placeholders of their form.
 *
 * @returns undefined for a custom generation
 */
export function writePipelineBody(
  declared: DeclaredStack,
  table: string,
  args: GenerationArgs,
  tableArn: string | undefined,
): string | undefined {
  const { generation, writeAlias, pipeline } = planGeneration(table, args);
  const source = declared.tables.find((known) => known.table === table)?.source;
  if (pipeline === undefined || source === undefined) return undefined;
  const { stack, region, target, network } = declared;
  const { flushMillis, collectSeconds } = { ...MANAGED_DEFAULTS, ...pipeline };
  const { account, uuid } = PLACEHOLDER;
  const shared = {
    region,
    roleArn: `arn:aws:iam::${account}:role/${generation}-role`,
    endpoint: toEndpoint(target, region),
    writeAlias,
    bucket: `${stack}-state`,
    ...pipelinePrefixes(table, generation, uuid),
    keyArn: undefined,
    flushMillis,
    collectSeconds,
    processors: pipeline.processors ?? [],
  };
  const identity = { environment: stack, generation, network };
  const body =
    source.kind === "sql"
      ? writeRdsBody(declared, source, identity, shared)
      : makeDynamoDbBody({
          ...shared,
          pipelineName: namePipeline(identity),
          tableArn: tableArn ?? `arn:aws:dynamodb:${region}:${account}:table/${table}`,
        });
  return body && writeBody(`the body of the pipeline of ${generation}`, body);
}

/** @returns undefined where no pipeline reads the database, which the configuration's faults tell */
function writeRdsBody(
  { databases }: DeclaredStack,
  { source, tableName }: Extract<DeclaredSource, { readonly kind: "sql" }>,
  identity: {
    readonly environment: string;
    readonly generation: string;
    readonly network: DeclaredNetwork | undefined;
  },
  shared: Omit<BodyArgs, "pipelineName">,
): PipelineBody | undefined {
  const found = databases.find((known) => known.source === source);
  if (found?.export === undefined || found.identifier === undefined) return undefined;
  const { kind, identifier, database, secretArn } = found;
  return makeRdsBody({
    ...shared,
    pipelineName: nameRdsPipeline(namePipeline({ ...identity, network: inNetwork(identity.network, found) })),
    engine: ENGINES[kind],
    identifier,
    database,
    tableName,
    secretArn,
    exportRoleArn: `arn:aws:iam::${PLACEHOLDER.account}:role/${source}-export`,
    exportKeyArn: found.export.keyArn,
  });
}

function inNetwork(network: DeclaredNetwork | undefined, { export: exported }: DeclaredDatabase) {
  if (network === undefined) return undefined;
  return { ...network, ...(exported === undefined ? {} : { cidrBlock: exported.pipelineCidrBlock }) };
}

function toEndpoint(target: DeclaredTarget | undefined, region: string): string {
  if (target?.kind !== "domain")
    return `https://search-${PLACEHOLDER.uuid.toLowerCase()}.${region}.es.amazonaws.com`;
  return toEndpointUrl(target.endpoint);
}
