import type { GenerationArgs } from "../../components/index.ts";
import { planGeneration } from "../../components/index-generation/generation-plan.ts";
import { MANAGED_DEFAULTS } from "../../components/managed-pipeline/managed-args.ts";
import { writeBody } from "../../components/managed-pipeline/write-body.ts";
import { toEndpointUrl } from "../../components/search-target/resolve-target.ts";
import type { DeclaredStack, DeclaredTarget } from "../../core/check/declared-stack.ts";
import { makeDynamoDbBody } from "../../core/ingestion/dynamodb-body.ts";
import { namePipeline } from "../../core/ingestion/pipeline-name.ts";
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
  { stack, region, target, network }: DeclaredStack,
  table: string,
  args: GenerationArgs,
  tableArn: string | undefined,
): string | undefined {
  const { generation, writeAlias, pipeline } = planGeneration(table, args);
  if (pipeline === undefined) return undefined;
  const { flushMillis, collectSeconds } = { ...MANAGED_DEFAULTS, ...pipeline };
  const { account, uuid } = PLACEHOLDER;
  const body = makeDynamoDbBody({
    pipelineName: namePipeline({ environment: stack, generation, network }),
    region,
    roleArn: `arn:aws:iam::${account}:role/${generation}-role`,
    tableArn: tableArn ?? `arn:aws:dynamodb:${region}:${account}:table/${table}`,
    endpoint: toEndpoint(target, region),
    writeAlias,
    bucket: `${stack}-state`,
    ...pipelinePrefixes(table, generation, uuid),
    keyArn: undefined,
    flushMillis,
    collectSeconds,
    processors: pipeline.processors ?? [],
  });
  return writeBody(`the body of the pipeline of ${generation}`, body);
}

function toEndpoint(target: DeclaredTarget | undefined, region: string): string {
  if (target?.kind !== "domain")
    return `https://search-${PLACEHOLDER.uuid.toLowerCase()}.${region}.es.amazonaws.com`;
  return toEndpointUrl(target.endpoint);
}
