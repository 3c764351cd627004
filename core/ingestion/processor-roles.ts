import type { Processor } from "./pipeline-body.ts";
import type { AwsOptions } from "./source-options.ts";

/** The one processor that calls something outside the pipeline. */
export const LAMBDA_PROCESSOR = "aws_lambda";

/** Lets the processor that calls a function do so under the pipeline's role. */
export function giveRole(processor: Processor, aws: AwsOptions): Processor {
  const options = processor[LAMBDA_PROCESSOR];
  if (!isOptions(options)) return processor;
  return { [LAMBDA_PROCESSOR]: { ...options, aws } };
}

/** Functions that processors call, by name or ARN. */
export function calledFunctions(processors: readonly Processor[]): readonly string[] {
  const names = processors.map((processor) => {
    const options = processor[LAMBDA_PROCESSOR];
    return isOptions(options) ? options["function_name"] : undefined;
  });
  return [...new Set(names.filter((name) => typeof name === "string"))];
}

function isOptions(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
