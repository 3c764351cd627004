import type { Fault } from "../faults.ts";
import { PROCESSORS, STATEFUL_PROCESSORS, UNSUPPORTED_OPTIONS } from "./known-processors.ts";
import { join } from "./schema-faults.ts";

/** One step of a sub-pipeline, once it has its form. */
export interface ProcessorStep {
  readonly name: string;
  readonly options: Readonly<Record<string, unknown>>;
  readonly path: string;
}

/** Reads a list of processors: each is an object of one name, with options or none. */
export function readSteps(
  processors: readonly unknown[],
  above: string,
): { readonly steps: readonly ProcessorStep[]; readonly faults: readonly Fault[] } {
  const read = processors.map((processor, place) => readStep(processor, join(above, [place])));
  return {
    steps: read.filter((step) => "name" in step),
    faults: read.filter((step) => "reason" in step),
  };
}

function readStep(processor: unknown, path: string): ProcessorStep | Fault {
  const entries = isObject(processor) ? Object.entries(processor) : [];
  const [entry] = entries;
  if (entry === undefined || entries.length > 1) {
    return { propertyPath: path, reason: "must be one processor: { <name>: { <options> } }" };
  }
  const [name, options] = entry;
  if (options !== null && !isObject(options)) {
    return { propertyPath: join(path, [name]), reason: "must be the processor's options, an object" };
  }
  return { name, options: options ?? {}, path: join(path, [name]) };
}

/** What OpenSearch Ingestion would not take of a processor. @param acknowledged - whether the source waits for its events */
export function findProcessorFaults(step: ProcessorStep, acknowledged: boolean): readonly Fault[] {
  const { name, options, path } = step;
  if (!PROCESSORS.includes(name)) {
    return [{ propertyPath: path, reason: "is not a processor OpenSearch Ingestion supports; remove it" }];
  }
  if (acknowledged && STATEFUL_PROCESSORS.includes(name)) {
    return [
      {
        propertyPath: path,
        reason: "keeps events, and events that are acknowledged end to end cannot be kept; use mode: custom",
      },
    ];
  }
  const unsupported = UNSUPPORTED_OPTIONS[name] ?? [];
  return unsupported
    .filter((option) => option in options)
    .map((option) => ({
      propertyPath: join(path, [option]),
      reason: "is not supported by OpenSearch Ingestion; remove it",
    }));
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
