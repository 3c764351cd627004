import { type OSISClient, ValidatePipelineCommand } from "@aws-sdk/client-osis";
import type { PipelineValidator } from "../core/ports/target-facts.ts";
import { readFact } from "./read-fact.ts";

const NO_REASON = "no reason given";

/**
 * Asks OpenSearch Ingestion itself what it thinks of a body.
 *
 * @see https://docs.aws.amazon.com/opensearch-service/latest/APIReference/API_osis_ValidatePipeline.html
 */
export function makeOsisValidator(client: OSISClient): PipelineValidator {
  const question = { permission: "osis:ValidatePipeline", absent: [] };
  return { validate: (body) => readFact(question, () => validate(client, body)) };
}

/** An emulator without this service may answer anything. */
async function validate(client: OSISClient, PipelineConfigurationBody: string): Promise<readonly string[]> {
  const { isValid, Errors = [] } = await client.send(
    new ValidatePipelineCommand({ PipelineConfigurationBody }),
  );
  if (isValid === undefined) throw new Error("the answer does not say whether the body is valid");
  if (isValid) return [];
  const reasons = Errors.map(({ Message = NO_REASON }) => Message);
  return reasons.length > 0 ? reasons : [NO_REASON];
}
