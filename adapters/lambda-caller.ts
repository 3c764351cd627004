import { InvokeCommand, type LambdaClient } from "@aws-sdk/client-lambda";
import * as z from "zod";
import { SyncError } from "../core/errors.ts";
import { parseSyncError } from "../core/parse-sync-error.ts";

/** Invokes a function with JSON and waits for its answer. */
export type CallFunction = (functionArn: string, payload: unknown) => Promise<unknown>;

const errorSchema = z.object({ errorMessage: z.string() });

/**
 * Calls functions of ours; a SyncError one of them threw is thrown again here, with its code and its fix.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html `FunctionError`
 */
export function makeLambdaCaller(client: LambdaClient): CallFunction {
  return async (functionArn, payload) => {
    const answer = await client
      .send(new InvokeCommand({ FunctionName: functionArn, Payload: JSON.stringify(payload) }))
      .catch((cause: unknown) => {
        throw notCalled(functionArn, cause);
      });
    const body: unknown = JSON.parse(answer.Payload?.transformToString() || "null");
    if (answer.FunctionError !== undefined) throw toError(functionArn, body);
    return body;
  };
}

function toError(functionArn: string, body: unknown): SyncError {
  const message = errorSchema.safeParse(body).data?.errorMessage ?? "no reason given";
  const known = parseSyncError(message);
  if (known !== undefined) return known;
  return new SyncError("ENGINE_FAILED", `a function failed: ${message}`, {
    subject: functionArn,
    fix: "read the function's log, then run the command again",
    retryable: true,
  });
}

function notCalled(functionArn: string, cause: unknown): SyncError {
  return new SyncError("ENGINE_FAILED", "a function could not be invoked", {
    subject: `${functionArn}, ${cause instanceof Error ? `${cause.name}: ${cause.message}` : "no reason given"}`,
    fix: "check credentials, region and that the stack is deployed",
    retryable: true,
    cause,
  });
}
