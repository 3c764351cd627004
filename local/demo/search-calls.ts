import * as z from "zod";
import { SyncError } from "../../core/errors.ts";

/** What the demo reads of OpenSearch's answers. */
const answerSchema = z.looseObject({
  timed_out: z.boolean().optional(),
  _shards: z.looseObject({ failed: z.number() }).optional(),
  hits: z.looseObject({ hits: z.array(z.looseObject({ _id: z.string() })) }).optional(),
  docs: z.array(z.looseObject({ _source: z.record(z.string(), z.unknown()).optional() })).optional(),
});

/** One of OpenSearch's answers. */
export type SearchAnswer = z.infer<typeof answerSchema>;

/**
 * Calls OpenSearch as any user would, without the product's client.
 *
 * @throws SyncError `INDEX_UNAVAILABLE` when the answer is no success (retryable)
 */
export async function callSearch(
  method: "POST" | "PUT" | "DELETE",
  url: string,
  body?: unknown,
): Promise<SearchAnswer> {
  const answer = await fetch(url, {
    method,
    headers: { "content-type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (answer.ok) return answerSchema.parse(await answer.json());
  throw new SyncError("INDEX_UNAVAILABLE", `OpenSearch answered ${answer.status}`, {
    subject: `${method} ${url}`,
    fix: "look at the search engine's output under .trueup/local",
    retryable: true,
  });
}

/** {@link callSearch} with POST. */
export async function postJson(url: string, body: unknown): Promise<SearchAnswer> {
  return callSearch("POST", url, body);
}
