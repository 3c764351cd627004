import * as z from "zod";
import { toReason } from "../../to-reason.ts";
import type { BulkAnswer, BulkItem } from "./judge-bulk.ts";

/** The search engine a sink writes to. No call rejects. */
export interface SearchEngine {
  /** @param requireAlias - refuses writes whose index is no alias, instead of making an index of that name */
  bulk(lines: string, requireAlias: boolean): Promise<BulkAnswer>;
  /** Whether a name is an alias; false too when nobody answers. */
  isAlias(name: string): Promise<boolean>;
}

interface ErrorCause {
  readonly type?: string | undefined;
  readonly reason?: string | null | undefined;
  readonly caused_by?: ErrorCause | undefined;
}

const errorSchema: z.ZodType<ErrorCause> = z.lazy(() =>
  z.object({
    type: z.string().optional(),
    reason: z.string().nullish(),
    caused_by: errorSchema.optional(),
  }),
);
const itemSchema = z.record(z.string(), z.object({ status: z.number(), error: errorSchema.optional() }));
const answerSchema = z.object({ items: z.array(itemSchema) });
const refusalSchema = z.object({ error: z.union([errorSchema, z.string()]) });
const FILTER = "errors,took,items.*.error,items.*.status,items.*._index,items.*._id";

/** {@link SearchEngine} over HTTP. @param url - as the body's `hosts` has it */
export function makeSearchEngine(url: string, signal: AbortSignal): SearchEngine {
  const base = url.replace(/\/$/, "");
  return {
    bulk: async (lines, requireAlias) => {
      try {
        const query = `filter_path=${FILTER}${requireAlias ? "&require_alias=true" : ""}`;
        const headers = { "content-type": "application/x-ndjson" };
        const answer = await fetch(`${base}/_bulk?${query}`, {
          method: "POST",
          headers,
          body: lines,
          signal,
        });
        return readBulkAnswer(answer.status, await answer.text());
      } catch (cause) {
        return { kind: "failed", status: undefined, message: toReason(cause) };
      }
    },
    isAlias: async (name) => {
      const answer = await fetch(`${base}/_alias/${encodeURIComponent(name)}`, {
        method: "HEAD",
        signal,
      }).catch(() => undefined);
      return answer?.ok ?? false;
    },
  };
}

/** Reads what a bulk was answered with. */
export function readBulkAnswer(status: number, body: string): BulkAnswer {
  const json = parseJson(body);
  const answer = answerSchema.safeParse(json);
  if (status < 300 && answer.success) return { kind: "answered", items: answer.data.items.map(toItem) };
  const { error } = refusalSchema.safeParse(json).data ?? { error: body };
  return { kind: "failed", status, message: typeof error === "string" ? error : toMessage(error) };
}

function toItem(item: z.infer<typeof itemSchema>): BulkItem {
  const { status, error } = Object.values(item)[0] ?? { status: 500 };
  return { status, errorType: error?.type, message: error === undefined ? "" : toMessage(error) };
}

/** @see https://github.com/opensearch-project/data-prepper `opensearch/…/ErrorCauseStringCreator.java` */
function toMessage({ reason, caused_by: cause }: ErrorCause): string {
  const own = reason ?? "unknown";
  return cause === undefined ? own : `${own} caused by ${toMessage(cause)}`;
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
