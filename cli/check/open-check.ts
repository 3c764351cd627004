import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBStreamsClient } from "@aws-sdk/client-dynamodb-streams";
import { EC2Client } from "@aws-sdk/client-ec2";
import { LambdaClient } from "@aws-sdk/client-lambda";
import { OpenSearchClient } from "@aws-sdk/client-opensearch";
import { OSISClient } from "@aws-sdk/client-osis";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { defaultProvider } from "@aws-sdk/credential-provider-node";
import { makeDynamoDbFacts } from "../../adapters/dynamodb-facts.ts";
import { makeEc2NetworkFacts } from "../../adapters/ec2-network-facts.ts";
import { makeLambdaStreamReaders } from "../../adapters/lambda-stream-readers.ts";
import { makeOpenShardCounter } from "../../adapters/open-shard-counter.ts";
import { makeOpenSearchDomainFacts } from "../../adapters/opensearch-domain-facts.ts";
import { makeOsisValidator } from "../../adapters/osis-validator.ts";
import { makeSecretFacts } from "../../adapters/secret-facts.ts";
import type { Terminal } from "../terminal.ts";
import type { CheckPorts, CheckWorld, OpenCheck } from "./check-world.ts";
import { readConfiguration } from "./read-configuration.ts";

/** Reads a stack's configuration, and makes clients of its region with the shell's credentials. */
export async function openCheck(args: Parameters<OpenCheck>[0], env: Terminal["env"]): Promise<CheckWorld> {
  const { declared, writeBody } = readConfiguration(args);
  return { declared, writeBody, ports: makePorts(declared.region, env) };
}

/** The SDK finds `AWS_ENDPOINT_URL` by itself. */
function makePorts(region: string, env: Terminal["env"]): CheckPorts {
  const config = { region };
  const countOpenShards = makeOpenShardCounter(new DynamoDBStreamsClient(config));
  return {
    sources: makeDynamoDbFacts(new DynamoDBClient(config), countOpenShards),
    readers: makeLambdaStreamReaders(new LambdaClient(config)),
    domains: makeOpenSearchDomainFacts(new OpenSearchClient(config)),
    secrets: makeSecretFacts(new SecretsManagerClient(config)),
    network: makeEc2NetworkFacts(new EC2Client(config)),
    pipelines: makeOsisValidator(makeOsisClient(region, env)),
  };
}

/** Of this service there is an old client only, which knows neither the variable nor every kind of credentials. */
function makeOsisClient(region: string, env: Terminal["env"]): OSISClient {
  const endpoint = env["AWS_ENDPOINT_URL_OSIS"] ?? env["AWS_ENDPOINT_URL"];
  const told = endpoint === undefined ? {} : { endpoint };
  return new OSISClient({ region, credentials: defaultProvider(), ...told });
}
