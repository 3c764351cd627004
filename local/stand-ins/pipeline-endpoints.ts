import type { Answer, ControlRequest } from "./control-answer.ts";
import type { Pipelines } from "./ingestion/pipelines.ts";

const ALL = "/_trueup/pipelines";
const ONE = /^\/_trueup\/pipelines\/([^/]+)(\/weakness)?$/;

/**
 * Answers what concerns pipelines.
 *
 * @returns undefined when the request is for somebody else
 */
export async function answerPipelines(
  pipelines: Pipelines,
  request: ControlRequest,
): Promise<Answer | undefined> {
  const { method, url } = request;
  if (method === "GET" && url === ALL) return { status: 200, body: { pipelines: pipelines.list() } };
  const [, encoded, weakness] = ONE.exec(url) ?? [];
  if (encoded === undefined) return undefined;
  const name = decodeURIComponent(encoded);
  if (weakness === undefined) return answerOne(pipelines, name, request);
  if (method !== "POST") return { status: 405, body: { error: `${method} is not for ${url}` } };
  return { status: 200, body: await pipelines.weaken(name, await request.readBody(name)) };
}

async function answerOne(
  pipelines: Pipelines,
  name: string,
  { method, url, readBody }: ControlRequest,
): Promise<Answer> {
  switch (method) {
    case "PUT":
      return { status: 200, body: await pipelines.put(name, await readBody(name)) };
    case "GET": {
      const found = pipelines.find(name);
      return found === undefined
        ? { status: 404, body: { error: `there is no pipeline ${name}` } }
        : { status: 200, body: found };
    }
    case "DELETE":
      await pipelines.remove(name);
      return { status: 200, body: {} };
    default:
      return { status: 405, body: { error: `${method} is not for ${url}` } };
  }
}
