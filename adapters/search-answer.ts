import * as z from "zod";
import { SyncError } from "../core/errors.ts";
import type { SearchAnswer } from "../core/ports/search-send.ts";

const reasonSchema = z.object({ error: z.object({ type: z.string(), reason: z.string().nullish() }) });
const messageSchema = z.union([z.object({ message: z.string() }), z.object({ error: z.string() })]);

/** The engine's own words for a refusal, `type: reason`, cut to what fits a message. Empty when it gave none. */
export function searchReason(body: unknown): string {
  const reason = reasonSchema.safeParse(body);
  if (reason.success) return `${reason.data.error.type}: ${reason.data.error.reason ?? ""}`.slice(0, 300);
  const message = messageSchema.safeParse(body);
  if (!message.success) return "";
  return ("message" in message.data ? message.data.message : message.data.error).slice(0, 300);
}

/** The error for an answer that says nothing about the request itself: 401, 403, 429, 5xx. Retryable. */
export function unavailable({ status, body }: SearchAnswer): SyncError {
  const reason = searchReason(body);
  return new SyncError("INDEX_UNAVAILABLE", "the search engine does not serve the request", {
    subject: `status ${status}${reason === "" ? "" : `, ${reason}`}`,
    fix:
      status === 401 || status === 403
        ? "give this function's role access in the domain's policy and in its role mapping"
        : "wait until the search engine answers, then do it again",
    retryable: true,
  });
}
