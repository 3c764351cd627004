import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { isInGateway } from "../../../local/deploy/in-gateway.ts";
import { isPipeline, makePipelineProvider } from "../../../local/deploy/pipeline-provider.ts";
import type { DeclaredResource } from "../../../local/synth/declared-resource.ts";

const pipeline: DeclaredResource = {
  logicalId: "OrdersPipeline",
  type: "AWS::OSIS::Pipeline",
  properties: { PipelineName: "local-orders-1", MinUnits: 1 },
  dependsOn: [],
  protect: false,
  retain: false,
};
const outputs = { Ref: "arn:1", PipelineArn: "arn:1", IngestEndpointUrls: "url" };
const standing = { ...pipeline, outputs };

it("stands in for pipelines alone, which live in the gateway as mappings do", () => {
  expect(isPipeline(pipeline)).toBe(true);
  expect(isPipeline({ type: "AWS::Lambda::Function" })).toBe(false);
  expect(isInGateway(pipeline)).toBe(true);
  const mapping = {
    type: "AWS::Lambda::EventSourceMapping",
    properties: { EventSourceArn: "arn:aws:dynamodb:x" },
  };
  expect(isInGateway(mapping)).toBe(true);
  expect(isInGateway({ type: "AWS::DynamoDB::Table", properties: {} })).toBe(false);
});

describe("the stand-in for pipelines", () => {
  const asked: string[] = [];
  const answer = { status: 200, text: "" };
  let server: Server;
  let gateway: string;

  beforeAll(async () => {
    server = createServer((request, response) => {
      asked.push(`${request.method} ${request.url}`);
      response.writeHead(answer.status).end(answer.text);
    });
    await once(server.listen(0, "127.0.0.1"), "listening");
    const address = server.address();
    gateway = `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`;
  });
  beforeEach(() => {
    asked.length = 0;
    Object.assign(answer, { status: 200, text: JSON.stringify({ arn: "arn:1", ingestEndpointUrl: "url" }) });
  });
  afterAll(async () => {
    server.closeAllConnections();
    await once(server.close(), "close");
  });

  it("makes and changes a pipeline by its own name, and tells its attributes", async () => {
    const provider = makePipelineProvider(gateway);
    expect(await provider.create(pipeline, [])).toEqual(outputs);
    expect(await provider.update(pipeline, standing, [])).toEqual(outputs);
    expect(asked).toEqual(["PUT /_trueup/pipelines/local-orders-1", "PUT /_trueup/pipelines/local-orders-1"]);
  });

  it("replaces one that gets another name, the new one first", async () => {
    const renamed = { ...pipeline, properties: { ...pipeline.properties, PipelineName: "local-orders-2" } };
    await makePipelineProvider(gateway).update(renamed, standing, []);
    expect(asked).toEqual([
      "PUT /_trueup/pipelines/local-orders-2",
      "DELETE /_trueup/pipelines/local-orders-1",
    ]);
  });

  it("deletes, and waits until the gateway says that it is done", async () => {
    await makePipelineProvider(gateway).delete(standing);
    expect(asked).toEqual(["DELETE /_trueup/pipelines/local-orders-1"]);
  });

  it("is quoted where it refuses", async () => {
    Object.assign(answer, { status: 400, text: "grok is not run here" });
    await expect(makePipelineProvider(gateway).create(pipeline, [])).rejects.toThrow(
      /^ENGINE_FAILED: .*PUT pipelines\/local-orders-1: grok is not run here.*Fix: /,
    );
  });
});
