import type { DeclaredResource } from "../synth/declared-resource.ts";
import { callGateway } from "./call-gateway.ts";
import type { ResourceProvider } from "./resource-provider.ts";
import type { Outputs } from "./standing-resources.ts";

/** Whether a declared resource is what the Kafka mapping of `local/stand-ins/` stands in for. */
export function isKafkaMapping({ type, properties }: Pick<DeclaredResource, "type" | "properties">): boolean {
  if (type !== "AWS::Lambda::EventSourceMapping") return false;
  const isManaged = String(properties["EventSourceArn"]).includes(":kafka:");
  return isManaged || properties["SelfManagedEventSource"] !== undefined;
}

/**
 * Event source mappings of Kafka: handed, as declared, to the stand-in that runs in the gateway.
 *
 * @param bootstrapServers - of the Kafka that every MSK cluster is on this machine
 */
export function makeKafkaMappingProvider(
  gateway: string,
  bootstrapServers: readonly string[],
): ResourceProvider {
  const put = async ({ logicalId, properties }: DeclaredResource): Promise<Outputs> => {
    const body = JSON.stringify({ properties, clusterServers: bootstrapServers });
    await callGateway(gateway, "PUT", pathOf(logicalId), body);
    return { Ref: logicalId };
  };
  return {
    create: put,
    update: put,
    delete: async ({ logicalId }) => {
      await callGateway(gateway, "DELETE", pathOf(logicalId));
    },
  };
}

function pathOf(logicalId: string): string {
  return `kafka-mappings/${logicalId}`;
}
