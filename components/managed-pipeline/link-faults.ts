import type { Fault } from "../faults.ts";
import type { ReadSubPipeline } from "./body-schema.ts";
import { join } from "./schema-faults.ts";

/**
 * Sub-pipelines that are not one pipeline: no source or several, a link that only one end knows.
 *
 * @see https://github.com/opensearch-project/data-prepper `data-prepper-pipeline-parser/…/PipelineConfigurationValidator.java`
 */
export function findLinkFaults(body: ReadonlyMap<string, ReadSubPipeline>): readonly Fault[] {
  return [
    ...countFaults(body),
    ...[...body].flatMap(([name, { source, sink }]) => [
      ...sourceFaults(name, source.pipeline?.name, body),
      ...sink.flatMap(({ pipeline }, place) => sinkFaults(name, place, pipeline?.name, body)),
    ]),
  ];
}

/** @see https://docs.aws.amazon.com/opensearch-service/latest/developerguide/ingestion-limitations.html */
function countFaults(body: ReadonlyMap<string, ReadSubPipeline>): readonly Fault[] {
  const sources = [...body.values()].filter(({ source }) => source.pipeline === undefined);
  if (sources.length === 1) return [];
  return [{ propertyPath: "", reason: `must have one source besides sub-pipelines; has ${sources.length}` }];
}

function sourceFaults(
  name: string,
  from: string | undefined,
  body: ReadonlyMap<string, ReadSubPipeline>,
): readonly Fault[] {
  if (from === undefined) return [];
  const sends = body.get(from)?.sink.some(({ pipeline }) => pipeline?.name === name) ?? false;
  if (sends) return [];
  return [
    {
      propertyPath: join(name, ["source", "pipeline", "name"]),
      reason: `must be a sub-pipeline with a sink to ${name}`,
    },
  ];
}

function sinkFaults(
  name: string,
  place: number,
  to: string | undefined,
  body: ReadonlyMap<string, ReadSubPipeline>,
): readonly Fault[] {
  if (to === undefined || body.get(to)?.source.pipeline?.name === name) return [];
  const propertyPath = join(name, ["sink", place, "pipeline", "name"]);
  return [{ propertyPath, reason: `must be a sub-pipeline whose source is ${name}` }];
}
