import type { Fault } from "../faults.ts";
import { extension, isAcknowledged, type ReadSubPipeline, subPipeline, version } from "./body-schema.ts";
import { findLinkFaults } from "./link-faults.ts";
import { findProcessorFaults, isObject, readSteps } from "./processor-faults.ts";
import { join, toFaults } from "./schema-faults.ts";
import { findSinkFaults } from "./sink-faults.ts";

/** @see https://docs.aws.amazon.com/opensearch-service/latest/developerguide/creating-pipeline.html 1-10 sub-pipelines */
const MOST_SUB_PIPELINES = 10;

/**
 * Every reason for which OpenSearch Ingestion would refuse a body, or run it so that an index goes wrong, each at its path.
 * Offline: its own `ValidatePipeline` has the last word.
 *
 * @param body - as Data Prepper reads it: a parsed document
 */
export function findBodyFaults(body: unknown): readonly Fault[] {
  if (!isObject(body)) return [{ propertyPath: "", reason: "must be an object of sub-pipelines" }];
  const { version: given, extension: extended, ...rest } = body;
  const parsed = Object.entries(rest).map(([name, value]) => ({ name, ...subPipeline.safeParse(value) }));
  const faults = [
    ...toFaults(version.safeParse(given).error?.issues ?? [], "version"),
    ...parsed.flatMap(({ name, error }) => toFaults(error?.issues ?? [], name)),
    ...toFaults(extension.safeParse(extended).error?.issues ?? [], "extension"),
    ...countFaults(parsed.length),
  ];
  if (faults.length > 0) return faults;
  const known = new Map(
    parsed.flatMap(({ name, data }) => (data === undefined ? [] : [[name, data] as const])),
  );
  return [...findLinkFaults(known), ...findSinkFaults(known), ...stepFaults(known)];
}

function countFaults(count: number): readonly Fault[] {
  if (count >= 1 && count <= MOST_SUB_PIPELINES) return [];
  return [{ propertyPath: "", reason: `must have 1 to ${MOST_SUB_PIPELINES} sub-pipelines; has ${count}` }];
}

function stepFaults(body: ReadonlyMap<string, ReadSubPipeline>): readonly Fault[] {
  const acknowledged = [...body.values()].some(isAcknowledged);
  return [...body].flatMap(([name, { processor = [] }]) => {
    const { steps, faults } = readSteps(processor, join(name, ["processor"]));
    return [...faults, ...steps.flatMap((step) => findProcessorFaults(step, acknowledged))];
  });
}
