import { SyncError } from "../../core/errors.ts";

/**
 * Calls a control endpoint of the gateway.
 *
 * @param path - under `/_trueup/`
 * @returns what it answered, as JSON where it did
 * @throws SyncError `ENGINE_FAILED` quoting a refusal (not retryable)
 */
export async function callGateway(
  gateway: string,
  method: string,
  path: string,
  body?: string,
): Promise<unknown> {
  const answer = await fetch(`${gateway}/_trueup/${path}`, {
    method,
    ...(body === undefined ? {} : { body, headers: { "content-type": "application/json" } }),
  });
  const told = await answer.text();
  if (answer.ok) return told === "" ? undefined : JSON.parse(told);
  throw new SyncError("ENGINE_FAILED", "a stand-in of the gateway refused", {
    subject: `${method} ${path}: ${told}`,
    fix: "declare only what local/stand-ins/ honours, or deploy it on AWS",
    retryable: false,
  });
}
