import { createHash } from "node:crypto";

/** @see https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html `name` */
const MAXIMUM_NAME_LENGTH = 80;
const HASH_DIGITS = 16;

/**
 * Names the executions of a generation's build: the same for the same index, so that a build is started once
 * however often it is asked for, and another for an index made anew.
 *
 * @param run - 1 for the first; a failed build is started again under the next
 */
export function toBuildName(generation: string, indexUuid: string, run: number): string {
  const name = `${generation}-${indexUuid}`.replace(/[^A-Za-z0-9_-]/g, "-");
  const suffix = run === 1 ? "" : `-${run}`;
  if (name.length + suffix.length <= MAXIMUM_NAME_LENGTH) return name + suffix;
  const hash = createHash("sha256").update(`${generation}|${indexUuid}`).digest("hex").slice(0, HASH_DIGITS);
  return `${name.slice(0, MAXIMUM_NAME_LENGTH - HASH_DIGITS - suffix.length - 1)}-${hash}${suffix}`;
}
