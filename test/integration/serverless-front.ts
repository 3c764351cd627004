import { type FrontRequest, type FrontVerdict, type HttpFront, startHttpFront } from "./http-front.ts";

/** What a front refuses or changes, by what a target would lack. */
export type Weakness = (request: FrontRequest) => FrontVerdict | undefined;

/**
 * A front that takes away from an engine what is known to be missing in OpenSearch Serverless, and more where a test says so.
 *
 * `GET /`, `_refresh`, `_delete_by_query`: 404; `refresh=true`: 400; scrolls: 404; `_stats` is on no list of what there is.
 *
 * @see https://docs.aws.amazon.com/opensearch-service/latest/developerguide/serverless-genref.html
 * @see https://github.com/opensearch-project/opensearch-ruby/issues/131 the words of the refusal of `refresh=true`
 */
export function startServerlessFront(
  engineUrl: string,
  weaknesses: readonly Weakness[] = [],
): Promise<HttpFront> {
  return startHttpFront(engineUrl, (request) => {
    for (const weakness of [...weaknesses, lacksOfServerless]) {
      const verdict = weakness(request);
      if (verdict !== undefined) return verdict;
    }
    return { pass: request };
  });
}

const lacksOfServerless: Weakness = ({ path }) => {
  if (/[?&]refresh=true/.test(path))
    return refusal(400, "status_exception", "true refresh policy is not supported.");
  if (path === "/" || /\/_(refresh|delete_by_query|stats|cluster|search\/scroll)\b/.test(path))
    return notFound;
  return undefined;
};

/** What a target says of a path it does not serve. */
export const notFound: FrontVerdict = { answer: { status: 404, text: "" } };

/** What an engine says of a request it understands and does not want. */
export function refusal(status: number, type: string, reason: string): FrontVerdict {
  return { answer: { status, text: JSON.stringify({ error: { type, reason }, status }) } };
}

/** A request with other text in its body. */
export function rewrite(request: FrontRequest, change: (text: string) => string): FrontVerdict {
  return { pass: { ...request, body: Buffer.from(change(request.body.toString("utf8"))) } };
}
