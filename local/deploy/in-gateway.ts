import type { DeclaredResource } from "../synth/declared-resource.ts";
import { isKafkaMapping } from "./kafka-mapping-provider.ts";
import { isPipeline } from "./pipeline-provider.ts";
import { isStreamMapping } from "./stream-mapping-provider.ts";

/** Whether a resource lives in the gateway's memory, so that a new gateway knows nothing of it. */
export function isInGateway(resource: Pick<DeclaredResource, "type" | "properties">): boolean {
  return isStreamMapping(resource) || isKafkaMapping(resource) || isPipeline(resource);
}
