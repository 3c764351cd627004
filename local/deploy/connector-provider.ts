import * as z from "zod";
import { type ConnectorDeps, removeConnector, runConnector } from "../machine/connectors.ts";
import { LOCAL_ACCOUNT } from "../machine/local-account.ts";
import type { DeclaredResource } from "../synth/declared-resource.ts";
import type { ResourceProvider } from "./resource-provider.ts";
import type { Outputs, StandingResource, StandingResources } from "./standing-resources.ts";

const CONNECTOR = "AWS::KafkaConnect::Connector";
const WORKER = "AWS::KafkaConnect::WorkerConfiguration";
const PLUGIN = "AWS::KafkaConnect::CustomPlugin";

const connectorSchema = z.object({
  ConnectorName: z.string(),
  ConnectorConfiguration: z.record(z.string(), z.string()),
  WorkerConfiguration: z.object({ WorkerConfigurationArn: z.string() }).optional(),
});

/** Whether a declared resource is of MSK Connect, for which workers of this machine stand in. */
export function isConnectorPart({ type }: Pick<DeclaredResource, "type">): boolean {
  return [CONNECTOR, WORKER, PLUGIN].includes(type);
}

/** The names of the connectors that a program declares. */
export function declaredConnectors(resources: readonly DeclaredResource[]): readonly string[] {
  return resources
    .filter(({ type }) => type === CONNECTOR)
    .map(({ properties }) => String(properties["ConnectorName"]));
}

/**
 * MSK Connect: a connector is a real one, in a worker with the declared configuration; a changed one is deleted and made
 * anew. A plugin's archive is not looked at: the worker has Debezium for PostgreSQL.
 *
 * @param standing - where a connector's worker configuration is found
 */
export function makeConnectorProvider(
  deps: ConnectorDeps,
  standing: Pick<StandingResources, "all">,
  region: string,
): ResourceProvider {
  const put = async (resource: DeclaredResource): Promise<Outputs> => {
    const { type, properties } = resource;
    if (type !== CONNECTOR) return describePart(type, String(properties["Name"]), region);
    const declared = connectorSchema.parse(properties);
    const {
      ConnectorName: name,
      ConnectorConfiguration: configuration,
      WorkerConfiguration: worker,
    } = declared;
    const settings = findSettings(standing.all, worker?.WorkerConfigurationArn);
    await runConnector({ name, configuration, settings }, deps);
    const arn = arnOf(region, "connector", name);
    return { Ref: arn, ConnectorArn: arn };
  };
  return {
    create: put,
    update: async (resource, before) => {
      const [next, former] = [resource, before].map(({ properties }) => properties["ConnectorName"]);
      if (resource.type === CONNECTOR && next !== former) await removeConnector(String(former));
      return put(resource);
    },
    delete: async ({ type, properties }) => {
      if (type === CONNECTOR) await removeConnector(String(properties["ConnectorName"]));
    },
  };
}

function describePart(type: string, name: string, region: string): Outputs {
  const kind = type === WORKER ? "worker-configuration" : "custom-plugin";
  const arn = arnOf(region, kind, name);
  const attribute = type === WORKER ? "WorkerConfigurationArn" : "CustomPluginArn";
  return { Ref: arn, [attribute]: arn, Revision: "1" };
}

function arnOf(region: string, kind: string, name: string): string {
  return `arn:aws:kafkaconnect:${region}:${LOCAL_ACCOUNT}:${kind}/${name}/local`;
}

/** A worker configuration is the base64 of a properties file. */
function findSettings(
  all: readonly StandingResource[],
  arn: string | undefined,
): Readonly<Record<string, string>> {
  const found = all.find(({ outputs }) => arn !== undefined && outputs["WorkerConfigurationArn"] === arn);
  const content = Buffer.from(String(found?.properties["PropertiesFileContent"] ?? ""), "base64").toString();
  const lines = content.split("\n").filter((line) => line.includes("="));
  return Object.fromEntries(
    lines.map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)]),
  );
}
