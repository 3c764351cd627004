import { SyncError } from "../core/errors.ts";
import type { Clock } from "../core/ports/clock.ts";
import type { DocumentVersions } from "../core/ports/document-versions.ts";
import type { IndexIdentity } from "../core/ports/index-identity.ts";
import type { SearchConnection } from "./opensearch-connection.ts";

/** How long a verified alias is trusted. */
const TRUST_MILLIS = 60_000;

/** Asks the engine which index a write alias leads to, at most once a minute. */
export function makeOpenSearchIdentity(
  connection: SearchConnection,
  expected: { readonly writeAlias: string; readonly indexUuid: string },
  now: Clock,
): IndexIdentity {
  const path = `/${encodeURIComponent(expected.writeAlias)}/_settings/index.uuid`;
  let verifiedAt = Number.NEGATIVE_INFINITY;
  return {
    verify: async () => {
      if (now() - verifiedAt < TRUST_MILLIS) return;
      const { status, text } = await connection({ method: "GET", path, timeoutMillis: 10_000 });
      if (status !== 200) throw unanswered(expected.writeAlias, status);
      const uuids = [...text.matchAll(/"uuid"\s*:\s*"([^"]+)"/g)].map(([, uuid]) => uuid);
      if (uuids.length !== 1 || uuids[0] !== expected.indexUuid) throw replaced(expected, uuids.join(", "));
      verifiedAt = now();
    },
  };
}

/** Reads versions by realtime gets; the number is taken from the text, because a parser would round it. */
export function makeOpenSearchDocumentVersions(
  connection: SearchConnection,
  writeAlias: string,
): DocumentVersions {
  return {
    read: async (id) => {
      const path = `/${encodeURIComponent(writeAlias)}/_doc/${encodeURIComponent(id)}`;
      const { status, text } = await connection({ method: "GET", path, query: "_source=false" });
      if (status !== 200 && status !== 404) throw unanswered(writeAlias, status);
      const version = /"_version":(\d+)/.exec(text)?.[1];
      return version === undefined ? undefined : BigInt(version);
    },
  };
}

function unanswered(alias: string, status: number): SyncError {
  return new SyncError("INDEX_UNAVAILABLE", "the write alias cannot be read", {
    subject: `${alias}, status ${status}`,
    fix: "wait until the engine serves it, or give this function's role access to it",
    retryable: true,
  });
}

function replaced(
  { writeAlias, indexUuid }: { writeAlias: string; indexUuid: string },
  found: string,
): SyncError {
  return new SyncError("INDEX_REPLACED", "the write alias leads to another index than this generation's", {
    subject: `${writeAlias}: expected ${indexUuid}, found ${found || "none"}`,
    fix: "raise the generation's revision, which builds a new index",
    retryable: true,
  });
}
