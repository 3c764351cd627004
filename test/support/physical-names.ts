/** Region, account and the random part of every name that the mocks make up. */
export const REGION = "eu-central-1";
export const ACCOUNT = "111122223333";
const SUFFIX = "-1a2b3c4";

/** The physical name of a resource with that logical one. */
export const made = (name: string) => `${name}${SUFFIX}`;

const arn = (service: string, resource: string) => `arn:aws:${service}:${REGION}:${ACCOUNT}:${resource}`;

type Outputs = Readonly<Record<string, unknown>>;

/** A key as index-lifecycle answers it for tables of databases. */
const KEY = '[{"name":"id","type":"N"}]';

/** What AWS would give a resource of each type, by the last part of the type. Names are Pulumi's: logical plus random. */
const OUTPUTS: Readonly<Record<string, (name: string, inputs: Outputs) => Outputs>> = {
  Function: (name) => ({ functionName: name, arn: arn("lambda", `function:${name}`) }),
  Role: (name, { path = "/" }) => ({
    name,
    roleName: name,
    arn: `arn:aws:iam::${ACCOUNT}:role${String(path)}${name}`,
  }),
  LogGroup: (name) => ({ logGroupName: name, arn: arn("logs", `log-group:${name}:*`) }),
  Queue: (name, { fifoQueue }) => {
    const queueName = fifoQueue === true ? `${name}.fifo` : name;
    const queueUrl = `https://sqs.${REGION}.amazonaws.com/${ACCOUNT}/${queueName}`;
    return { queueName, queueUrl, arn: arn("sqs", queueName) };
  },
  Topic: (name) => ({ topicArn: arn("sns", name) }),
  StateMachine: (name) => ({ name, arn: arn("states", `stateMachine:${name}`) }),
  Table: (name, { tableName = name }) => tableOutputs(String(tableName)),
  Domain: (name) => ({
    domainName: name,
    arn: arn("es", `domain/${name}`),
    domainEndpoint: `vpc-${name}.${REGION}.es.amazonaws.com`,
    endpoint: `vpc-${name}.${REGION}.es.amazonaws.com`,
  }),
  Bucket: (name) => ({ bucket: name, arn: `arn:aws:s3:::${name}` }),
  Key: (name) => ({ arn: arn("kms", `key/${name}`), keyId: name }),
  Policy: (name) => ({ arn: `arn:aws:iam::${ACCOUNT}:policy/${name}` }),
  VpcEndpoint: (name, { serviceName }) => {
    const host = `${String(serviceName).split(".").slice(3).join(".")}.${REGION}.vpce.amazonaws.com`;
    return { dnsEntries: [`Z1:vpce-${name}-${REGION}a.${host}`, `Z2:vpce-${name}.${host}`] };
  },
  Cluster: (name) => ({ arn: arn("kafka", `cluster/${name}/uuid-1`) }),
  CustomPlugin: (name) => ({ customPluginArn: arn("kafkaconnect", `custom-plugin/${name}/1`), revision: 1 }),
  WorkerConfiguration: (name) => ({
    workerConfigurationArn: arn("kafkaconnect", `worker-configuration/${name}/1`),
    revision: 1,
  }),
  Connector: (name) => ({ connectorArn: arn("kafkaconnect", `connector/${name}/1`) }),
  CustomResourceEmulator: (name) => ({
    physicalResourceId: name,
    data: name.includes("-index") ? { indexUuid: `uuid-of-${name}` } : { key: KEY },
  }),
};

/** Outputs that are known once a resource exists. */
export function toOutputs({
  type,
  name,
  inputs,
}: {
  readonly type: string;
  readonly name: string;
  readonly inputs: Outputs;
}): Outputs {
  return OUTPUTS[type.slice(type.lastIndexOf(":") + 1)]?.(made(name), inputs) ?? {};
}

function tableOutputs(tableName: string): Outputs {
  const tableArn = arn("dynamodb", `table/${tableName}`);
  return {
    tableName,
    name: tableName,
    arn: tableArn,
    streamArn: `${tableArn}/stream/2026-11-23T00:00:00.000`,
  };
}

/** Answers the look-ups our components make; anything else is an error. */
export function answerLookup(token: string, inputs: Outputs, table: Outputs): Outputs {
  switch (token) {
    case "aws:index/getRegion:getRegion":
      return { region: REGION };
    case "aws:index/getCallerIdentity:getCallerIdentity":
      return { accountId: ACCOUNT };
    case "aws:index/getPartition:getPartition":
      return { partition: "aws" };
    case "aws:index/getAvailabilityZones:getAvailabilityZones":
      return { names: ["a", "b", "c"].map((zone) => `${REGION}${zone}`) };
    case "aws:rds/getCluster:getCluster": {
      const clusterIdentifier = String(inputs["clusterIdentifier"]);
      const endpoint = `${clusterIdentifier}.cluster-abc.${REGION}.rds.amazonaws.com`;
      return { clusterIdentifier, engine: "aurora-postgresql", endpoint, port: 5432, ...table };
    }
    case "aws:rds/getInstance:getInstance": {
      const dbInstanceIdentifier = String(inputs["dbInstanceIdentifier"]);
      const address = `${dbInstanceIdentifier}.abc.${REGION}.rds.amazonaws.com`;
      return { dbInstanceIdentifier, engine: "postgres", address, port: 5432, ...table };
    }
    case "aws:msk/getBootstrapBrokers:getBootstrapBrokers":
      return { bootstrapBrokersSaslIam: "b-1.msk:9098,b-2.msk:9098" };
    case "aws:dynamodb/getTable:getTable":
      return {
        ...tableOutputs(String(inputs["name"])),
        streamViewType: "NEW_AND_OLD_IMAGES",
        pointInTimeRecovery: { enabled: true },
        hashKey: "id",
        attributes: [{ name: "id", type: "S" }],
        ...table,
      };
  }
  throw new Error(`no answer for the look-up ${token}`);
}
