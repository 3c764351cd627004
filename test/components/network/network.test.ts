/** Endpoints of a VPC. That functions reach AWS through them, and by which names, is to be seen on AWS. */
import * as pulumi from "@pulumi/pulumi";
import type { NetworkArgs, SearchSyncArgs } from "../../../components/index.ts";
import { recordEnvironment } from "../../support/record-environment.ts";

const placed = {
  vpcId: pulumi.output("vpc-1"),
  subnetIds: ["subnet-1", "subnet-2"],
  securityGroupIds: ["sg-1"],
  routeTableIds: pulumi.output(["rtb-1"]),
};
const record = (network: Partial<NetworkArgs>, rest: Partial<SearchSyncArgs> = {}) =>
  recordEnvironment({ ...rest, network: { ...placed, ...network } });
const services = (recording: Awaited<ReturnType<typeof record>>) =>
  recording
    .all("VpcEndpoint")
    .map(({ inputs }) => String(inputs["serviceName"]).replace("com.amazonaws.eu-central-1.", ""));

it.each([[{}], [{ endpoints: "existing" as const }], [{ endpoints: "nat" as const }]])(
  "makes nothing and trusts what is there with %j",
  async (network) => {
    const recording = await record(network);
    expect(recording.all("VpcEndpoint")).toEqual([]);
    expect(JSON.stringify(recording.all("Function"))).not.toContain("AWS_ENDPOINT_URL");
  },
);

it("makes gateways for S3 and DynamoDB, and an interface for each service that functions call", async () => {
  const recording = await record({ endpoints: "create" });
  expect(services(recording).sort()).toEqual([
    ...["dynamodb", "dynamodb-streams", "s3", "sns", "sqs", "states", "sts"],
  ]);
  expect(recording.find("shop-network-s3", "VpcEndpoint").inputs).toEqual({
    vpcId: "vpc-1",
    vpcEndpointType: "Gateway",
    serviceName: "com.amazonaws.eu-central-1.s3",
    routeTableIds: ["rtb-1"],
  });
  expect(recording.find("shop-network-sqs", "VpcEndpoint").inputs).toEqual({
    vpcId: "vpc-1",
    vpcEndpointType: "Interface",
    serviceName: "com.amazonaws.eu-central-1.sqs",
    subnetIds: ["subnet-1", "subnet-2"],
    securityGroupIds: ["sg-1"],
    privateDnsEnabled: true,
  });
});

it("pays for Secrets Manager's only where a password is a secret", async () => {
  const secretArn = "arn:aws:secretsmanager:eu-central-1:1:secret:a";
  const target = { url: { url: "https://x", authentication: { kind: "basic", secretArn } } } as const;
  expect(services(await record({ endpoints: "create" }, { target }))).toContain("secretsmanager");
});

it("makes the interfaces that are listed and no others", async () => {
  const recording = await record({ endpoints: "create", interfaceServices: ["sqs"] });
  expect(services(recording).sort()).toEqual(["dynamodb", "s3", "sqs"]);
});

// The gateway for DynamoDB does not lead to DynamoDB Streams, and its interface has no private name: audits and gates,
// which read the stream, could not reach it.
it("tells functions the name of the endpoint for streams, the region's and not a subnet's", async () => {
  const recording = await record({ endpoints: "create" });
  expect(recording.find("shop-network-dynamodb-streams", "VpcEndpoint").inputs["privateDnsEnabled"]).toBe(
    false,
  );
  const told = recording
    .all("Function")
    .map(({ inputs }) => Object(inputs["environment"]).variables.AWS_ENDPOINT_URL_DYNAMODB_STREAMS);
  expect(told).toHaveLength(5);
  const host = "vpce-shop-network-dynamodb-streams-1a2b3c4.dynamodb-streams.eu-central-1.vpce.amazonaws.com";
  expect(new Set(told)).toEqual(new Set([`https://${host}`]));
});

it("tells functions of an endpoint for streams that exists", async () => {
  const recording = await record({ streamsUrl: pulumi.output("https://vpce-1.streams.example") });
  for (const { inputs } of recording.all("Function")) {
    expect(inputs["environment"]).toMatchObject({
      variables: { AWS_ENDPOINT_URL_DYNAMODB_STREAMS: "https://vpce-1.streams.example" },
    });
  }
});

it("does not know that name in a first preview", async () => {
  const network = { ...placed, endpoints: "create" as const };
  const { resources } = await recordEnvironment({ network }, {}, { preview: true });
  const lifecycle = resources.find(
    ({ name, type }) => name === "shop-lifecycle" && type.endsWith(":Function"),
  );
  expect(lifecycle?.inputs["environment"]).toMatchObject({
    variables: { AWS_ENDPOINT_URL_DYNAMODB_STREAMS: "<unknown>" },
  });
});

// Without the gateway to S3 index-lifecycle cannot even answer, and a deployment waits ten minutes for nothing.
it("asks functions for nothing before their way to AWS is there, and keeps it until they are done", async () => {
  const domain = { instanceType: "r7g.large.search", instanceCount: 1 };
  const recording = await record({ endpoints: "create" }, { target: { domain } });
  const endpoints = recording.all("VpcEndpoint").map(({ urn }) => urn);
  const asked = recording.all("CustomResourceEmulator");
  expect(asked.length).toBeGreaterThan(5);
  for (const resource of asked) {
    expect([...recording.dependenciesOf(resource)]).toEqual(expect.arrayContaining(endpoints));
  }
});
