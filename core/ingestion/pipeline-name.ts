import { createHash } from "node:crypto";

/** The longest name a pipeline may have. @see https://docs.aws.amazon.com/opensearch-service/latest/APIReference/API_osis_CreatePipeline.html */
const LONGEST_NAME = 28;
const HASH_DIGITS = 8;

/** What a pipeline is bound to for life. */
export interface PipelineIdentity {
  readonly environment: string;
  readonly generation: string;
  /** Undefined for a pipeline outside any VPC. */
  readonly network: PipelineNetwork | undefined;
}

/** The network a pipeline was made in; in any order. */
export interface PipelineNetwork {
  readonly subnetIds: readonly string[];
  readonly securityGroupIds: readonly string[];
}

/**
 * Names a pipeline after its environment and generation, with a hash of all it is bound to: a network cannot be
 * changed, so another one is another pipeline.
 *
 * @returns 3 to 28 characters, beginning with a letter: `prod-orders-managed-1a2b3c4d`
 * @see https://docs.aws.amazon.com/opensearch-service/latest/developerguide/pipeline-security.html VPC limitations
 */
export function namePipeline({ environment, generation, network }: PipelineIdentity): string {
  const bound = [environment, generation, network === undefined ? null : toSorted(network)];
  const hash = createHash("sha256").update(JSON.stringify(bound)).digest("hex").slice(0, HASH_DIGITS);
  return `${toReadable(`${environment}-${generation}`, LONGEST_NAME - HASH_DIGITS - 1)}-${hash}`;
}

function toSorted({ subnetIds, securityGroupIds }: PipelineNetwork): readonly (readonly string[])[] {
  return [[...new Set(subnetIds)].sort(), [...new Set(securityGroupIds)].sort()];
}

function toReadable(text: string, longest: number): string {
  const words = text.toLowerCase().replace(/[^a-z0-9]+/g, "-");
  const begun = words.replace(/^[^a-z]+/, "").slice(0, longest);
  return begun.replace(/-+$/, "") || "pipeline";
}
