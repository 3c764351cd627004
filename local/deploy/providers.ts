import { CloudFormationClient } from "@aws-sdk/client-cloudformation";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { LambdaClient } from "@aws-sdk/client-lambda";
import { S3Client } from "@aws-sdk/client-s3";
import { makeLambdaCaller } from "../../adapters/lambda-caller.ts";
import { LOCAL_CREDENTIALS } from "../machine/local-machine.ts";
import { OBJECT_TYPE } from "../synth/declared-resource.ts";
import type { DeployDeps } from "./apply-program.ts";
import { makeCloudFormationProvider } from "./cloudformation-provider.ts";
import { makeCustomResourceProvider } from "./custom-resource-provider.ts";
import { isKafkaMapping, makeKafkaMappingProvider } from "./kafka-mapping-provider.ts";
import { makeObjectProvider } from "./object-provider.ts";
import { isPipeline, makePipelineProvider } from "./pipeline-provider.ts";
import { isStreamMapping, makeStreamMappingProvider } from "./stream-mapping-provider.ts";
import { makeTableProvider } from "./table-provider.ts";

/** Who makes which resource on this machine. */
export function makeProviders(aws: string, region: string, stack: string): DeployDeps["providerOf"] {
  const config = { endpoint: aws, region, credentials: LOCAL_CREDENTIALS };
  const s3 = new S3Client({ ...config, forcePathStyle: true });
  const call = makeLambdaCaller(new LambdaClient(config));
  const cloudFormation = makeCloudFormationProvider(new CloudFormationClient(config), stack);
  const tables = makeTableProvider(cloudFormation, new DynamoDBClient(config));
  const customResources = makeCustomResourceProvider({ aws, s3, call });
  const objects = makeObjectProvider(s3);
  const streamMappings = makeStreamMappingProvider(aws);
  const kafkaMappings = makeKafkaMappingProvider(aws);
  const pipelines = makePipelineProvider(aws);
  return (resource) => {
    if (resource.type === OBJECT_TYPE) return objects;
    if (resource.type === "AWS::DynamoDB::Table") return tables;
    if (isPipeline(resource)) return pipelines;
    if (isKafkaMapping(resource)) return kafkaMappings;
    if (resource.type.startsWith("Custom::")) return customResources;
    return isStreamMapping(resource) ? streamMappings : cloudFormation;
  };
}
