import { readConsumerSettings } from "../../adapters/read-settings.ts";
import { recordEnvironment } from "../support/record-environment.ts";
import { recordStack } from "../support/stack-files.ts";

const secretArn = "arn:aws:secretsmanager:eu-central-1:111122223333:secret:weather-AbCdEf";
const keyArn = "arn:aws:kms:eu-central-1:111122223333:key/of-the-secret";
const transforming = {
  mode: "custom",
  transformFile: "/shop/orders.ts",
  transformConfiguration: { url: "https://weather.example.com" },
  transformSecrets: { weatherKey: { arn: secretArn, keyArn } },
} as const;

const record = (generation: object = transforming) =>
  recordEnvironment({}, { orders: { generations: [{ ...transforming, ...generation }] } });
const policy = async (name: string, generation?: object) => {
  const recording = await record(generation);
  return JSON.stringify(recording.find(`orders-custom-1-${name}-role-function`, "RolePolicy").inputs);
};

describe("what a transform is handed", () => {
  it.each(["stream", "reread", "loader"])(
    "is told to the %s function, secrets by their ARNs",
    async (name) => {
      const { environment } = (await record()).find(`orders-custom-1-${name}`, "Function").inputs;
      expect(readConsumerSettings(Object(environment).variables)).toMatchObject({
        transformConfiguration: { url: "https://weather.example.com" },
        transformSecrets: { weatherKey: secretArn },
      });
    },
  );

  it.each(["stream", "reread", "loader"])("lets the %s function read exactly those secrets", async (name) => {
    const text = await policy(name);
    expect(text).toContain(
      `"Action":["secretsmanager:GetSecretValue"],"Effect":"Allow","Resource":["${secretArn}"]`,
    );
    expect(text).toContain(`"Action":["kms:Decrypt"],"Effect":"Allow","Resource":["${keyArn}"]`);
    expect(await policy(name, { transformSecrets: {} })).not.toContain("secretsmanager");
  });

  it("lets the functions of a transform ask for records to be read again, and those of none not", async () => {
    expect(await policy("stream")).toContain("orders-custom-1-reindex");
    const identity = await recordEnvironment();
    const { inputs } = identity.find("orders-custom-1-stream-role-function", "RolePolicy");
    expect(JSON.stringify(inputs)).not.toContain("orders-custom-1-reindex");
  });

  it("is another transform where it is configured otherwise, everywhere it is named", async () => {
    const hashes = async (generation?: object) => {
      const recording = await record(generation);
      const { environment } = recording.find("orders-custom-1-stream", "Function").inputs;
      const { transformHash } = readConsumerSettings(Object(environment).variables);
      const index = JSON.stringify(recording.find("orders-custom-1-index", "CustomResourceEmulator").inputs);
      return { transformHash, isTold: index.includes(transformHash) };
    };
    const [one, other] = [await hashes(), await hashes({ transformConfiguration: { url: "https://b" } })];
    expect([one.isTold, other.isTold]).toEqual([true, true]);
    expect(other.transformHash).not.toBe(one.transformHash);
    expect((await hashes({ transformConfiguration: undefined })).transformHash).toBe("orders.ts");
  });

  it("says nothing of secrets and configuration to the index's own resource", async () => {
    const recording = await record();
    const index = JSON.stringify(recording.find("orders-custom-1-index", "CustomResourceEmulator").inputs);
    expect(index).not.toContain("weather");
  });
});

it("pays for an endpoint of Secrets Manager where a transform of the stack reads secrets", async () => {
  const change = (transformSecrets: object) => (declared: Record<string, unknown>) => ({
    ...declared,
    tables: {
      places: {
        source: { dynamodb: "places" },
        mode: "custom",
        transform: "transforms/example.ts",
        transformSecrets,
      },
    },
    network: {
      vpcId: "v",
      subnetIds: ["s", "t", "u"],
      securityGroupIds: ["g"],
      routeTableIds: ["r"],
      endpoints: "create",
    },
  });
  const endpoints = async (transformSecrets: object) =>
    (await recordStack("prod", { change: change(transformSecrets) }))
      .all("VpcEndpoint")
      .map(({ inputs }) => String(inputs["serviceName"]));
  const named = expect.stringContaining("secretsmanager");
  expect(await endpoints({ weatherKey: { arn: secretArn } })).toContainEqual(named);
  expect(await endpoints({})).not.toContainEqual(named);
});
