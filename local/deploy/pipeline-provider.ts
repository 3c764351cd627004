import * as z from "zod";
import type { DeclaredResource } from "../synth/declared-resource.ts";
import { callGateway } from "./call-gateway.ts";
import type { ResourceProvider } from "./resource-provider.ts";
import type { Outputs } from "./standing-resources.ts";

const describedSchema = z.object({ arn: z.string(), ingestEndpointUrl: z.string() });

/** Whether a declared resource is what the pipelines of `local/stand-ins/` stand in for. */
export function isPipeline({ type }: Pick<DeclaredResource, "type">): boolean {
  return type === "AWS::OSIS::Pipeline";
}

/**
 * OpenSearch Ingestion pipelines: handed, as declared, to the stand-in that runs in the gateway. One that gets another
 * name is replaced, as CloudFormation does it: the new one first.
 */
export function makePipelineProvider(gateway: string): ResourceProvider {
  const put = async ({ properties }: DeclaredResource): Promise<Outputs> => {
    const path = pathOf(properties);
    const answer = await callGateway(gateway, "PUT", path, JSON.stringify(properties));
    const { arn, ingestEndpointUrl } = describedSchema.parse(answer);
    return { Ref: arn, PipelineArn: arn, IngestEndpointUrls: ingestEndpointUrl };
  };
  const remove = async (properties: DeclaredResource["properties"]): Promise<void> => {
    await callGateway(gateway, "DELETE", pathOf(properties));
  };
  return {
    create: put,
    update: async (resource, before) => {
      const outputs = await put(resource);
      if (pathOf(before.properties) !== pathOf(resource.properties)) await remove(before.properties);
      return outputs;
    },
    delete: ({ properties }) => remove(properties),
  };
}

function pathOf({ PipelineName = "" }: DeclaredResource["properties"]): string {
  return `pipelines/${encodeURIComponent(String(PipelineName))}`;
}
