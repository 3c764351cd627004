import type { Fault } from "../faults.ts";
import { MANAGED_DEFAULTS, type ManagedPipelineArgs } from "./managed-args.ts";
import { findUserProcessorFaults } from "./user-processor-faults.ts";

/** Of a pipeline without stateful processors. @see https://docs.aws.amazon.com/opensearch-service/latest/developerguide/pipeline-config-reference.html#processor-stateful-stateless */
const MOST_UNITS = 96;
const LONGEST_FLUSH_MILLIS = 60_000;
const LONGEST_COLLECT_SECONDS = 3600;

/** Every bad argument of a managed pipeline, by its path below them. */
export function findManagedFaults(args: ManagedPipelineArgs): readonly Fault[] {
  return [
    ...rangeFaults("minimumUnits", args.minimumUnits, MOST_UNITS),
    ...rangeFaults("maximumUnits", args.maximumUnits, MOST_UNITS),
    ...orderFaults(args),
    ...rangeFaults("flushMillis", args.flushMillis, LONGEST_FLUSH_MILLIS),
    ...rangeFaults("collectSeconds", args.collectSeconds, LONGEST_COLLECT_SECONDS),
    ...findUserProcessorFaults(args.processors ?? [], "processors"),
    ...repairFaults(args),
  ];
}

/** A document that our consumer writes has seen none of the pipeline's processors. */
function repairFaults({ processors = [], repair }: ManagedPipelineArgs): readonly Fault[] {
  if (processors.length === 0 || repair === "touch") return [];
  const reason =
    'must be "touch", which writes into the source\'s items, because a repair cannot apply processors';
  return [{ propertyPath: "repair", reason }];
}

function rangeFaults(propertyPath: string, value: number | undefined, most: number): readonly Fault[] {
  if (value === undefined || (Number.isInteger(value) && value >= 1 && value <= most)) return [];
  return [{ propertyPath, reason: `must be a whole number, 1 to ${most}; got ${value}` }];
}

function orderFaults(args: ManagedPipelineArgs): readonly Fault[] {
  const { minimumUnits, maximumUnits } = { ...MANAGED_DEFAULTS, ...args };
  if (minimumUnits <= maximumUnits) return [];
  const reason = `must not be below minimumUnits, ${minimumUnits}; got ${maximumUnits}`;
  return [{ propertyPath: "maximumUnits", reason }];
}
