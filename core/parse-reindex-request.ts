import type { AttributeMap } from "./attribute-value.ts";
import { SyncError } from "./errors.ts";
import type { ReindexReason, ReindexRequest } from "./reindex-request.ts";

const reasons: readonly ReindexReason[] = ["drift", "ambiguous", "dead-letter", "rebuild", "enrichment"];

/**
 * Reads the body of a message on a reindex queue: one request, or a list of them.
 *
 * @throws SyncError `EVENT_UNDECODABLE` when anything in it is no request (not retryable)
 */
export function parseReindexRequests(body: string): readonly ReindexRequest[] {
  const parsed: Partial<ReindexRequest> | Partial<ReindexRequest>[] | null = parseJson(body);
  if (!Array.isArray(parsed)) return [toRequest(parsed)];
  if (parsed.length === 0) throw undecodable();
  return parsed.map(toRequest);
}

function toRequest(parsed: Partial<ReindexRequest> | null): ReindexRequest {
  const { requestId, recordId, attempt, notBefore, documentId, auditRun, key } = parsed ?? {};
  const reason = reasons.find((known) => known === parsed?.reason);
  if (typeof requestId !== "string" || typeof recordId !== "string" || reason === undefined)
    throw undecodable();
  if (typeof attempt !== "number" || typeof notBefore !== "number") throw undecodable();
  return {
    requestId,
    reason,
    recordId,
    attempt,
    notBefore,
    ...(isKey(key) ? { key } : {}),
    ...(typeof documentId === "string" ? { documentId } : {}),
    ...(typeof auditRun === "string" ? { auditRun } : {}),
  };
}

/** A dead letter about an undecodable event carries no key; an empty one names no record. */
function isKey(key: AttributeMap | undefined): key is AttributeMap {
  return typeof key === "object" && key !== null && Object.keys(key).length > 0;
}

function parseJson(body: string) {
  try {
    return JSON.parse(body);
  } catch {
    return null;
  }
}

function undecodable(): SyncError {
  return new SyncError("EVENT_UNDECODABLE", "a message on the reindex queue is no reindex request", {
    subject: "its body",
    fix: "send requests with `trueup` only",
    retryable: false,
  });
}
