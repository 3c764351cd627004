import { makeConnectorProvider } from "../../../local/deploy/connector-provider.ts";
import { removeOtherConnectors, runExternalConnectors } from "../../../local/deploy/external-connectors.ts";
import type { StandingResource } from "../../../local/deploy/standing-resources.ts";
import type { LocalConnector } from "../../../local/machine/connectors.ts";
import type { DeclaredResource } from "../../../local/synth/declared-resource.ts";

/** What became of connectors, in order. */
const mockDone: unknown[] = [];
let mockRunning: string[] = [];
jest.mock("../../../local/machine/connectors.ts", () => ({
  runConnector: async (connector: LocalConnector) => void mockDone.push(connector),
  removeConnector: async (name: string) => void mockDone.push(`without ${name}`),
  listConnectors: () => mockRunning,
}));
beforeEach(() => {
  mockDone.length = 0;
  mockRunning = [];
});

const deps = { bootstrapServers: "127.0.0.1:9092", readSecret: async () => "" };
const resourceOf = (type: string, properties: DeclaredResource["properties"]): DeclaredResource => ({
  logicalId: type,
  type: `AWS::KafkaConnect::${type}`,
  properties,
  dependsOn: [],
  protect: false,
  retain: false,
});
const configuration = { "connector.class": "Debezium", "topic.prefix": "shop" };

describe("MSK Connect on this machine", () => {
  const properties = "offset.storage.topic=shop-offsets\nconfig.providers=secrets\n\n";
  const worker = resourceOf("WorkerConfiguration", {
    Name: "shop-1",
    PropertiesFileContent: Buffer.from(properties).toString("base64"),
  });
  const standing: { all: StandingResource[] } = { all: [] };
  const provider = makeConnectorProvider(deps, standing, "us-east-1");
  const connectorOf = (name: string, arn = "") =>
    resourceOf("Connector", {
      ConnectorName: name,
      ConnectorConfiguration: configuration,
      WorkerConfiguration: { WorkerConfigurationArn: arn, Revision: 1 },
    });

  it("runs a connector with the worker configuration that it names", async () => {
    const outputs = await provider.create(worker, []);
    expect(outputs).toMatchObject({
      WorkerConfigurationArn: expect.stringContaining("shop-1"),
      Revision: "1",
    });
    standing.all = [{ ...worker, outputs }];
    const made = await provider.create(connectorOf("shop", outputs["WorkerConfigurationArn"]), []);
    expect(made["ConnectorArn"]).toContain("connector/shop/");
    const settings = { "offset.storage.topic": "shop-offsets", "config.providers": "secrets" };
    expect(mockDone).toEqual([{ name: "shop", configuration, settings }]);
  });

  it("tells a plugin's ARN, and looks at nothing of it", async () => {
    const plugin = resourceOf("CustomPlugin", { Name: "debezium", ContentType: "ZIP" });
    expect(await provider.create(plugin, [])).toMatchObject({ CustomPluginArn: expect.any(String) });
    await provider.delete({ ...plugin, outputs: {} });
    expect(mockDone).toEqual([]);
  });

  it("ends a connector that goes, and the former one of another name", async () => {
    const before = { ...connectorOf("shop"), outputs: {} };
    await provider.update(connectorOf("shop-2"), before, []);
    await provider.delete(before);
    expect(mockDone).toEqual([
      "without shop",
      { name: "shop-2", configuration, settings: {} },
      "without shop",
    ]);
  });
});

describe("connectors that are left to the user's own Kafka Connect", () => {
  const environment = { connectors: { shop: { name: "shop", configuration } } };

  it("run here, each with a topic of offsets of its own", async () => {
    await runExternalConnectors(environment, [], deps);
    expect(mockDone).toEqual([
      {
        name: "shop",
        configuration,
        settings: expect.objectContaining({ "offset.storage.topic": "shop-offsets" }),
      },
    ]);
  });

  it("are not run beside those of MSK Connect", async () => {
    await runExternalConnectors(environment, [resourceOf("Connector", { ConnectorName: "shop" })], deps);
    expect(mockDone).toEqual([]);
  });

  it("end before anything is deployed when the program no longer has them", async () => {
    mockRunning = ["shop", "former"];
    await removeOtherConnectors({ environment, resources: [] });
    expect(mockDone).toEqual(["without former"]);
    await removeOtherConnectors({ environment: {}, resources: [] });
    expect(mockDone).toEqual(["without former", "without shop", "without former"]);
  });
});
