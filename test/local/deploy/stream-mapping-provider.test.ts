import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { text } from "node:stream/consumers";
import { isStreamMapping, makeStreamMappingProvider } from "../../../local/deploy/stream-mapping-provider.ts";
import type { DeclaredResource } from "../../../local/synth/declared-resource.ts";

const properties = { EventSourceArn: "arn:aws:dynamodb:us-east-1:1:table/orders/stream/s", BatchSize: 7 };
const mapping: DeclaredResource = {
  logicalId: "OrdersStream",
  type: "AWS::Lambda::EventSourceMapping",
  properties,
  dependsOn: [],
  protect: false,
  retain: false,
};
const standing = { ...mapping, outputs: { Ref: "OrdersStream" } };

it("stands in for mappings of DynamoDB streams alone", () => {
  expect(isStreamMapping(mapping)).toBe(true);
  const queue = { ...mapping, properties: { EventSourceArn: "arn:aws:sqs:us-east-1:1:orders" } };
  expect(isStreamMapping(queue)).toBe(false);
  expect(isStreamMapping({ ...mapping, properties: {} })).toBe(false);
  expect(isStreamMapping({ ...mapping, type: "AWS::Lambda::Function" })).toBe(false);
});

describe("the stand-in for stream mappings", () => {
  const asked: string[] = [];
  const answer = { status: 200, text: "" };
  let server: Server;
  let gateway: string;

  beforeAll(async () => {
    server = createServer(async ({ method, url, headers }, response) => {
      asked.push(`${method} ${url} ${headers["content-type"] ?? "without a body"}`);
      response.writeHead(answer.status).end(answer.text);
    });
    await once(server.listen(0, "127.0.0.1"), "listening");
    const address = server.address();
    gateway = `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`;
  });
  beforeEach(() => {
    asked.length = 0;
    Object.assign(answer, { status: 200, text: "" });
  });
  afterAll(async () => {
    server.closeAllConnections();
    await once(server.close(), "close");
  });

  it("is handed a mapping as it is declared, when it is new and when it changes", async () => {
    const bodies: Promise<string>[] = [];
    const read = (request: Parameters<typeof text>[0]) => void bodies.push(text(request));
    server.on("request", read);
    const provider = makeStreamMappingProvider(gateway);
    const changed = { ...mapping, properties: { ...properties, BatchSize: 8 } };
    expect(await provider.create(mapping, [])).toEqual({ Ref: "OrdersStream" });
    expect(await provider.update(changed, standing, [])).toEqual({ Ref: "OrdersStream" });
    server.off("request", read);
    expect(asked).toEqual([1, 2].map(() => "PUT /_trueup/stream-mappings/OrdersStream application/json"));
    expect((await Promise.all(bodies)).map((body) => JSON.parse(body))).toEqual([
      properties,
      changed.properties,
    ]);
  });

  it("is told that a mapping goes, as often as it goes", async () => {
    const provider = makeStreamMappingProvider(gateway);
    await provider.delete(standing);
    await provider.delete(standing);
    expect(asked).toEqual([1, 2].map(() => "DELETE /_trueup/stream-mappings/OrdersStream without a body"));
  });

  it("is quoted where it refuses", async () => {
    Object.assign(answer, { status: 400, text: "FilterCriteria: records are not filtered here" });
    const provider = makeStreamMappingProvider(gateway);
    await expect(provider.create(mapping, [])).rejects.toThrow(
      /^ENGINE_FAILED: .*PUT stream-mappings\/OrdersStream: FilterCriteria: records are not filtered here.*Fix: /,
    );
    await expect(provider.delete(standing)).rejects.toThrow(
      /DELETE stream-mappings\/OrdersStream: FilterCriteria/,
    );
  });

  it("is missed where nobody listens", async () => {
    await expect(makeStreamMappingProvider("http://127.0.0.1:1").create(mapping, [])).rejects.toThrow();
  });
});
