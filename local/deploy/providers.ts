import { CloudFormationClient } from "@aws-sdk/client-cloudformation";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { LambdaClient } from "@aws-sdk/client-lambda";
import { S3Client } from "@aws-sdk/client-s3";
import { makeLambdaCaller } from "../../adapters/lambda-caller.ts";
import type { ConnectorDeps } from "../machine/connectors.ts";
import { LOCAL_CREDENTIALS } from "../machine/local-account.ts";
import { OBJECT_TYPE } from "../synth/declared-resource.ts";
import type { DeployDeps } from "./apply-program.ts";
import { makeCloudFormationProvider } from "./cloudformation-provider.ts";
import { isConnectorPart, makeConnectorProvider } from "./connector-provider.ts";
import { makeCustomResourceProvider } from "./custom-resource-provider.ts";
import { isKafkaMapping, makeKafkaMappingProvider } from "./kafka-mapping-provider.ts";
import { makeObjectProvider } from "./object-provider.ts";
import { isPipeline, makePipelineProvider } from "./pipeline-provider.ts";
import type { StandingResources } from "./standing-resources.ts";
import { isStreamMapping, makeStreamMappingProvider } from "./stream-mapping-provider.ts";
import { makeTableProvider } from "./table-provider.ts";

/** Where resources are made. */
export interface ProviderPlace {
  readonly aws: string;
  readonly region: string;
  readonly stack: string;
  readonly standing: StandingResources;
  /** Bootstrap servers of this machine's Kafka; none where the stack has no database. */
  readonly kafka: readonly string[];
  readonly readSecret: ConnectorDeps["readSecret"];
}

/** Who makes which resource on this machine. */
export function makeProviders(place: ProviderPlace): DeployDeps["providerOf"] {
  const { aws, region, stack, standing, kafka, readSecret } = place;
  const config = { endpoint: aws, region, credentials: LOCAL_CREDENTIALS };
  const s3 = new S3Client({ ...config, forcePathStyle: true });
  const call = makeLambdaCaller(new LambdaClient(config));
  const cloudFormation = makeCloudFormationProvider(new CloudFormationClient(config), stack);
  const tables = makeTableProvider(cloudFormation, new DynamoDBClient(config));
  const customResources = makeCustomResourceProvider({ aws, s3, call });
  const objects = makeObjectProvider(s3);
  const streamMappings = makeStreamMappingProvider(aws);
  const kafkaMappings = makeKafkaMappingProvider(aws, kafka);
  const pipelines = makePipelineProvider(aws);
  const connectors = makeConnectorProvider(
    { bootstrapServers: kafka.join(","), readSecret },
    standing,
    region,
  );
  return (resource) => {
    if (resource.type === OBJECT_TYPE) return objects;
    if (resource.type === "AWS::DynamoDB::Table") return tables;
    if (isPipeline(resource)) return pipelines;
    if (isKafkaMapping(resource)) return kafkaMappings;
    if (isConnectorPart(resource)) return connectors;
    if (resource.type.startsWith("Custom::")) return customResources;
    return isStreamMapping(resource) ? streamMappings : cloudFormation;
  };
}
