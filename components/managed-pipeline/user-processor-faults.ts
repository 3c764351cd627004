import { LAMBDA_PROCESSOR } from "../../core/ingestion/processor-roles.ts";
import { SENT_MEMBERS } from "../../core/sent-line.ts";
import type { Fault } from "../faults.ts";
import { findProcessorFaults, isObject, type ProcessorStep, readSteps } from "./processor-faults.ts";
import { join } from "./schema-faults.ts";

const RESERVED = "_trueup_";
/** What the source says of an event, by which it is indexed. */
const METADATA: readonly string[] = [
  "primary_key",
  "document_version",
  "opensearch_action",
  "dynamodb_timestamp",
];
const OTHER_EVENTS = "makes other events of a record than the one the manifest has; use mode: custom";
const TRACES = "is for OpenTelemetry's events, which a table has none of; remove it";

/** Processors OpenSearch Ingestion has, under which an index would no longer equal its table. */
const UNFIT: Readonly<Record<string, string>> = {
  drop_events:
    "leaves records out, which then count as missing; use mode: custom with a transform that gives null",
  split_event: OTHER_EVENTS,
  anomaly_detector: OTHER_EVENTS,
  otel_metrics: TRACES,
  otel_trace_group: TRACES,
  otel_traces: TRACES,
  trace_peer_forwarder: TRACES,
};

/** Every fault of the processors a generation declares. @param above - their path: `generations[0].processors` */
export function findUserProcessorFaults(processors: readonly unknown[], above: string): readonly Fault[] {
  const { steps, faults } = readSteps(processors, above);
  return [...faults, ...steps.flatMap(findStepFaults)];
}

function findStepFaults(step: ProcessorStep): readonly Fault[] {
  const { name, path } = step;
  const unsupported = findProcessorFaults(step, true);
  if (unsupported.length > 0) return unsupported;
  const unfit = UNFIT[name];
  if (unfit !== undefined) return [{ propertyPath: path, reason: unfit }];
  return [...lambdaFaults(step), ...fileFaults(step), ...reservedFaults(step.options, path)];
}

/**
 * Without `response_events_match` the answers are new events, which have neither id nor version.
 *
 * @see https://github.com/opensearch-project/data-prepper `aws-lambda/…/processor/LambdaProcessor.java` response strategies
 */
function lambdaFaults({ name, options, path }: ProcessorStep): readonly Fault[] {
  if (name !== LAMBDA_PROCESSOR) return [];
  const faults: Fault[] = [];
  const functionName = options["function_name"];
  if (typeof functionName !== "string" || functionName.length < 3 || functionName.length > 500) {
    faults.push({
      propertyPath: join(path, ["function_name"]),
      reason: "must be a function's name or ARN, 3 to 500 characters",
    });
  }
  if (options["response_events_match"] !== true) {
    const reason = "must be true: answers are otherwise new events, without the record's id and version";
    faults.push({ propertyPath: join(path, ["response_events_match"]), reason });
  }
  if ("aws" in options) {
    const reason = "is filled in: the function is called under the pipeline's role; remove it";
    faults.push({ propertyPath: join(path, ["aws"]), reason });
  }
  return faults;
}

/** @see https://github.com/opensearch-project/data-prepper `translate-processor/…/FileParameterConfig.java` */
function fileFaults({ name, options, path }: ProcessorStep): readonly Fault[] {
  if (name !== "translate" || !("file" in options)) return [];
  const reason = "is a file the pipeline's role may not read; write the mappings out";
  return [{ propertyPath: join(path, ["file"]), reason }];
}

/** No option may name a member the manifest is made of, nor write what a document is indexed by. */
function reservedFaults(value: unknown, path: string): readonly Fault[] {
  if (typeof value === "string") return value.includes(RESERVED) ? [reservedFault(path)] : [];
  if (Array.isArray(value)) return value.flatMap((item, place) => reservedFaults(item, join(path, [place])));
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([key, member]) => {
    const place = join(path, [key]);
    if (key.includes(RESERVED)) return [reservedFault(place)];
    if (key !== "metadata_key" || typeof member !== "string") return reservedFaults(member, place);
    return METADATA.includes(member)
      ? [{ propertyPath: place, reason: `must not be ${member}, by which documents are indexed` }]
      : [];
  });
}

function reservedFault(propertyPath: string): Fault {
  const members = Object.values(SENT_MEMBERS).join(", ");
  return { propertyPath, reason: `must leave ${RESERVED}… alone: ${members} are ours` };
}
