import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { text } from "node:stream/consumers";
import { isInGateway } from "../../../local/deploy/in-gateway.ts";
import { isKafkaMapping, makeKafkaMappingProvider } from "../../../local/deploy/kafka-mapping-provider.ts";
import type { DeclaredResource } from "../../../local/synth/declared-resource.ts";

const properties = { EventSourceArn: "arn:aws:kafka:us-east-1:1:cluster/shop/1", Topics: ["orders"] };
const mapping: DeclaredResource = {
  logicalId: "OrdersStream",
  type: "AWS::Lambda::EventSourceMapping",
  properties,
  dependsOn: [],
  protect: false,
  retain: false,
};

it("stands in for mappings of Kafka alone, which the gateway keeps in memory", () => {
  expect([isKafkaMapping(mapping), isInGateway(mapping)]).toEqual([true, true]);
  expect(isKafkaMapping({ ...mapping, properties: { SelfManagedEventSource: {} } })).toBe(true);
  const others = ["arn:aws:sqs:us-east-1:1:orders", "arn:aws:dynamodb:us-east-1:1:table/orders/stream/s"];
  for (const EventSourceArn of others) {
    expect(isKafkaMapping({ ...mapping, properties: { EventSourceArn } })).toBe(false);
  }
  expect(isKafkaMapping({ ...mapping, type: "AWS::MSK::Cluster" })).toBe(false);
});

describe("the stand-in for Kafka mappings", () => {
  const asked: string[] = [];
  let server: Server;
  let gateway: string;

  beforeAll(async () => {
    server = createServer(async (request, response) => {
      asked.push(`${request.method} ${request.url} ${await text(request)}`);
      response.end("{}");
    });
    await once(server.listen(0, "127.0.0.1"), "listening");
    const address = server.address();
    gateway = `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`;
  });
  afterAll(async () => {
    server.closeAllConnections();
    await once(server.close(), "close");
  });

  it("is handed a mapping as it is declared, with the servers that stand for clusters, and told when it goes", async () => {
    const provider = makeKafkaMappingProvider(gateway, ["127.0.0.1:9092"]);
    const outputs = await provider.create(mapping, []);
    expect(outputs).toEqual({ Ref: "OrdersStream" });
    await provider.update(mapping, { ...mapping, outputs }, []);
    await provider.delete({ ...mapping, outputs });
    const body = JSON.stringify({ properties, clusterServers: ["127.0.0.1:9092"] });
    const path = "/_trueup/kafka-mappings/OrdersStream";
    expect(asked).toEqual([`PUT ${path} ${body}`, `PUT ${path} ${body}`, `DELETE ${path} `]);
  });
});
