import * as z from "zod";
import { SyncError } from "../../core/errors.ts";
import type { Answer, ControlRequest } from "./control-answer.ts";
import type { KafkaMappings } from "./kafka-mapping/kafka-mappings.ts";

const ALL = "/_trueup/kafka-mappings";
const ONE = /^\/_trueup\/kafka-mappings\/([^/]+)$/;

const bodySchema = z.strictObject({
  properties: z.unknown(),
  clusterServers: z.array(z.string().min(1)).default([]),
});

/**
 * Answers what concerns event source mappings of Kafka.
 *
 * @returns undefined when the request is for somebody else
 */
export async function answerKafkaMappings(
  mappings: KafkaMappings,
  { method, url, readBody }: ControlRequest,
): Promise<Answer | undefined> {
  if (method === "GET" && url === ALL) return { status: 200, body: { mappings: mappings.list() } };
  const [, encoded] = ONE.exec(url) ?? [];
  if (encoded === undefined) return undefined;
  const name = decodeURIComponent(encoded);
  switch (method) {
    case "PUT": {
      const { properties, clusterServers } = parseBody(name, await readBody(name));
      return { status: 200, body: await mappings.put(name, properties, clusterServers) };
    }
    case "DELETE":
      await mappings.remove(name);
      return { status: 200, body: {} };
    default:
      return { status: 405, body: { error: `${method} is not for ${url}` } };
  }
}

function parseBody(name: string, body: unknown): z.infer<typeof bodySchema> {
  const parsed = bodySchema.safeParse(body);
  if (parsed.success) return parsed.data;
  throw new SyncError("CONFIGURATION_INVALID", "a Kafka mapping's declaration is of another form", {
    subject: name,
    fix: 'send { "properties": …, "clusterServers": […] }',
    retryable: false,
  });
}
