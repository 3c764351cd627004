import { text } from "node:stream/consumers";
import * as z from "zod";
import type { Emulator } from "../emulator.ts";
import { toReason } from "../to-reason.ts";

/** What came of an invocation, as far as the Lambda API tells. */
export type Invocation =
  | { readonly kind: "returned"; readonly payload: string }
  | { readonly kind: "function-error"; readonly reason: string }
  /** Throttled, refused, or the connection was lost: the function did not run, or nobody knows. */
  | { readonly kind: "not-invoked"; readonly reason: string };

/** Invokes a function and waits for it. Never rejects. */
export type InvokeFunction = (functionName: string, event: string) => Promise<Invocation>;

const errorSchema = z.object({ errorType: z.string().optional(), errorMessage: z.string() });

/**
 * Makes synchronous invocations, the way event source mappings invoke.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
 */
export function makeInvokeFunction(emulator: Emulator): InvokeFunction {
  return async (functionName, event) => {
    try {
      const answer = await emulator.send({
        service: "lambda",
        path: `/2015-03-31/functions/${encodeURIComponent(functionName)}/invocations`,
        headers: { "content-type": "application/json", "x-amz-invocation-type": "RequestResponse" },
        body: event,
      });
      const payload = await text(answer);
      if (answer.statusCode !== 200)
        return { kind: "not-invoked", reason: `${answer.statusCode} ${payload}` };
      if (answer.headers["x-amz-function-error"] === undefined) return { kind: "returned", payload };
      return { kind: "function-error", reason: describeError(payload) };
    } catch (cause) {
      return { kind: "not-invoked", reason: toReason(cause) };
    }
  };
}

function describeError(payload: string): string {
  try {
    const { errorType = "Error", errorMessage } = errorSchema.parse(JSON.parse(payload));
    return `${errorType}: ${errorMessage}`;
  } catch {
    return payload;
  }
}
