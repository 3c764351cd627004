import type { DeclaredResource } from "../synth/declared-resource.ts";
import { callGateway } from "./call-gateway.ts";
import type { ResourceProvider } from "./resource-provider.ts";
import type { Outputs } from "./standing-resources.ts";

/** Whether a declared resource is what the Kafka mapping of `local/stand-ins/` stands in for. */
export function isKafkaMapping({ type, properties }: Pick<DeclaredResource, "type" | "properties">): boolean {
  return type === "AWS::Lambda::EventSourceMapping" && properties["Topics"] !== undefined;
}

/** Event source mappings of Kafka: handed, as declared, to the stand-in that runs in the gateway. */
export function makeKafkaMappingProvider(gateway: string): ResourceProvider {
  const put = async ({ logicalId, properties }: DeclaredResource): Promise<Outputs> => {
    await callGateway(gateway, "PUT", pathOf(logicalId), JSON.stringify({ properties }));
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
