import { SyncError } from "../../core/errors.ts";
import type { DeclaredResource } from "../synth/declared-resource.ts";
import type { ResourceProvider } from "./resource-provider.ts";
import type { Outputs } from "./standing-resources.ts";

/** Whether a declared resource is what the stream mapping of `local/stand-ins/` stands in for. */
export function isStreamMapping({
  type,
  properties,
}: Pick<DeclaredResource, "type" | "properties">): boolean {
  const source = String(properties["EventSourceArn"]);
  return type === "AWS::Lambda::EventSourceMapping" && source.includes(":dynamodb:");
}

/** Event source mappings of DynamoDB streams: handed, as declared, to the stand-in that runs in the gateway. */
export function makeStreamMappingProvider(gateway: string): ResourceProvider {
  const put = async ({ logicalId, properties }: DeclaredResource): Promise<Outputs> => {
    await call(gateway, "PUT", logicalId, JSON.stringify(properties));
    return { Ref: logicalId };
  };
  return {
    create: put,
    update: put,
    delete: ({ logicalId }) => call(gateway, "DELETE", logicalId),
  };
}

async function call(gateway: string, method: string, logicalId: string, body?: string): Promise<void> {
  const answer = await fetch(`${gateway}/_trueup/stream-mappings/${logicalId}`, {
    method,
    ...(body === undefined ? {} : { body, headers: { "content-type": "application/json" } }),
  });
  if (answer.ok) return;
  throw new SyncError("ENGINE_FAILED", "the stand-in for stream mappings refused", {
    subject: `${method} ${logicalId}: ${await answer.text()}`,
    fix: "declare only what local/stand-ins/ honours, or deploy it on AWS",
    retryable: false,
  });
}
