import type { CheckFinding } from "./check-finding.ts";
import { type Fact, judgeFact } from "./fact.ts";

/**
 * What OpenSearch Ingestion itself says of a pipeline's body. Names of what is not made yet stand in it as placeholders.
 *
 * @param path - of the generation in the configuration
 * @see https://docs.aws.amazon.com/opensearch-service/latest/APIReference/API_osis_ValidatePipeline.html
 */
export function checkPipelineBody(path: string, faults: Fact<readonly string[]>): CheckFinding {
  return judgeFact("pipeline-body", `${path}.pipeline`, faults, {
    known: (found, judge) =>
      found.length === 0
        ? judge.passed("OpenSearch Ingestion takes the pipeline's body")
        : judge.failed(
            `OpenSearch Ingestion refuses the body: ${found.join("; ")}`,
            "correct the generation's processors, or mode: custom",
          ),
    absent: (judge) =>
      judge.failed(
        "there is no OpenSearch Ingestion in this region",
        "choose another region, or mode: custom",
      ),
  });
}
