import * as z from "zod";
import { type ErrorCode, SyncError } from "../core/errors.ts";
import { parseJson } from "../core/parse-json.ts";
import type { SearchConnection } from "./opensearch-connection.ts";
import { searchReason } from "./search-answer.ts";

/** What is said of what a caller may do, or is allowed to now, says nothing of what the target can. */
const PASSING = [401, 403, 408, 429];
const PASSING_CODES: readonly ErrorCode[] = [
  "INDEX_UNAVAILABLE",
  "CERTIFICATE_REFUSED",
  "PREREQUISITE_MISSING",
];

/** A connection whose refusals are heard, also those that an adapter takes for an answer. */
export interface HeardConnection {
  readonly connection: SearchConnection;

  /**
   * Runs something over the connection.
   *
   * @returns what it returned, or the request that was refused for what it asks; undefined when all went well
   * @throws what may pass later, unless something was refused
   */
  during(run: () => Promise<string | undefined>): Promise<string | undefined>;
}

/** An engine that is away for a while; an answer that cannot be read is no such thing. */
function mayPass(cause: unknown): boolean {
  if (cause instanceof SyncError) return PASSING_CODES.includes(cause.code);
  return !(cause instanceof z.ZodError || cause instanceof SyntaxError);
}

/** Listens to a connection. */
export function hearRefusals(connection: SearchConnection): HeardConnection {
  let refusal: string | undefined;
  return {
    connection: async (request) => {
      const answer = await connection(request);
      const { status, text } = answer;
      // What an engine is, it need not say.
      const isRefusal = status >= 400 && status < 500 && !PASSING.includes(status) && request.path !== "/";
      if (isRefusal) {
        const reason = searchReason(parseJson(text));
        refusal ??= `${request.method} ${request.path}: ${status}${reason === "" ? "" : ` ${reason}`}`;
      }
      return answer;
    },
    during: async (run) => {
      refusal = undefined;
      try {
        const wrong = await run();
        return wrong ?? refusal;
      } catch (cause) {
        if (refusal !== undefined) return refusal;
        if (mayPass(cause)) throw cause;
        return cause instanceof SyncError ? cause.message : "it was answered in another form";
      }
    },
  };
}
