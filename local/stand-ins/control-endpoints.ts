import type { IncomingMessage, ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import * as z from "zod";
import { SyncError } from "../../core/errors.ts";
import type { Answer } from "./control-answer.ts";
import type { Pipelines } from "./ingestion/pipelines.ts";
import type { KafkaMappings } from "./kafka-mapping/kafka-mappings.ts";
import { answerKafkaMappings } from "./kafka-mapping-endpoints.ts";
import { answerPipelines } from "./pipeline-endpoints.ts";
import type { Mappings } from "./stream-mapping/mappings.ts";
import { toReason } from "./to-reason.ts";

/** What is not AWS's but the gateway's own begins with this. */
export const CONTROL_PATH = "/_trueup/";

/** The database server of this machine, once there is one. */
export interface DatabasePlace {
  url: string | undefined;
}

const databaseSchema = z.object({ url: z.string() });

const MAPPING = /^\/_trueup\/stream-mappings\/([^/]+)$/;

/** What control requests are about. */
interface ControlledStandIns {
  readonly mappings: Mappings;
  readonly kafkaMappings: KafkaMappings;
  readonly pipelines: Pipelines;
  readonly database: DatabasePlace;
}

/**
 * The endpoints by which the local deployment tells the gateway what was declared.
 *
 * | request | what it does |
 * |---|---|
 * | `GET /_trueup/health` | answers once the gateway serves |
 * | `PUT /_trueup/stream-mappings/<name>` | starts or changes a mapping; the body is its properties in CloudFormation's names |
 * | `DELETE /_trueup/stream-mappings/<name>` | stops it; answers when no invocation is in flight |
 * | `PUT /_trueup/database` | tells the gateway where the machine's database server is: `{ "url" }` |
 * | `GET /_trueup/stream-mappings` | every mapping with its shards |
 * | `PUT /_trueup/kafka-mappings/<name>` | starts or changes a mapping; the body is `{ "properties": …, "clusterServers": […] }` |
 * | `DELETE /_trueup/kafka-mappings/<name>` | stops it; answers when no invocation is in flight and its consumers have left |
 * | `GET /_trueup/kafka-mappings` | every mapping with its pollers |
 * | `PUT /_trueup/pipelines/<name>` | makes or changes a pipeline; the body is its properties in CloudFormation's names |
 * | `DELETE /_trueup/pipelines/<name>` | stops it; answers when it writes nothing any more |
 * | `GET /_trueup/pipelines`, `…/<name>` | pipelines with export, shards and what their sinks did |
 * | `POST /_trueup/pipelines/<name>/weakness` | lets something go wrong, see `ingestion/source/weakness.ts` |
 *
 * Refusals are 400 with `{ "error": "CODE: … Fix: …." }`.
 */
export function makeControlEndpoints(standIns: ControlledStandIns) {
  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { status, body } = await answerControl(standIns, request).catch(toRefusal);
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
  };
}

async function answerControl(
  { mappings, kafkaMappings, pipelines, database }: ControlledStandIns,
  request: IncomingMessage,
): Promise<Answer> {
  const { method, url = "" } = request;
  const readBody = async (subject: string) => parseBody(subject, await text(request));
  const told = { method, url, readBody };
  const answer = (await answerPipelines(pipelines, told)) ?? (await answerKafkaMappings(kafkaMappings, told));
  if (answer !== undefined) return answer;
  if (method === "GET" && url === "/_trueup/health") return { status: 200, body: { status: "ok" } };
  if (method === "GET" && url === "/_trueup/stream-mappings") {
    return { status: 200, body: { mappings: mappings.list() } };
  }
  if (method === "PUT" && url === "/_trueup/database") {
    database.url = databaseSchema.parse(await readBody("database")).url;
    return { status: 200, body: {} };
  }
  const [, encoded] = MAPPING.exec(url) ?? [];
  if (encoded === undefined) return { status: 404, body: { error: `there is no ${method} ${url}` } };
  const name = decodeURIComponent(encoded);
  if (method === "PUT") {
    return { status: 200, body: await mappings.put(name, await readBody(name)) };
  }
  if (method !== "DELETE") return { status: 405, body: { error: `${method} is not for ${url}` } };
  await mappings.remove(name);
  return { status: 200, body: {} };
}

function parseBody(name: string, body: string): unknown {
  try {
    return JSON.parse(body);
  } catch (cause) {
    throw new SyncError("CONFIGURATION_INVALID", "a declaration is no JSON", {
      subject: name,
      fix: "send the properties object of the resource",
      retryable: false,
      cause,
    });
  }
}

function toRefusal(cause: unknown): Answer {
  const status = cause instanceof SyncError && !cause.retryable ? 400 : 500;
  return { status, body: { error: toReason(cause) } };
}
