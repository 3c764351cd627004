import { DynamoDBClient, UpdateContinuousBackupsCommand } from "@aws-sdk/client-dynamodb";
import type { ResourceProvider } from "../../../local/deploy/resource-provider.ts";
import { makeTableProvider } from "../../../local/deploy/table-provider.ts";
import type { DeclaredResource } from "../../../local/synth/declared-resource.ts";
import type { JsonObject } from "../../../local/synth/json.ts";

/** Tables that CloudFormation makes without recovery, and what was asked in which order. */
function makeTables() {
  const asked: string[] = [];
  const world = { refusal: undefined as Error | undefined, recovery: new Map<string, boolean>() };
  const act = async (what: string) => {
    asked.push(what);
    return { Ref: "orders", Arn: "arn:orders" };
  };
  const cloudFormation: ResourceProvider = {
    create: (_, attributes) => act(`create with ${attributes}`),
    update: (_, before, attributes) => act(`update ${before.logicalId} with ${attributes}`),
    delete: async ({ logicalId }) => void (await act(`delete ${logicalId}`)),
  };
  const client = new DynamoDBClient({ region: "us-east-1" });
  client.send = async (command: object) => {
    if (!(command instanceof UpdateContinuousBackupsCommand)) throw new Error("only recovery is set");
    if (world.refusal !== undefined) throw world.refusal;
    const { TableName = "", PointInTimeRecoverySpecification: recovery } = command.input;
    asked.push(`recovery of ${TableName}`);
    world.recovery.set(TableName, recovery?.PointInTimeRecoveryEnabled === true);
    return {};
  };
  return { asked, world, provider: makeTableProvider(cloudFormation, client) };
}

function declare(properties: JsonObject): DeclaredResource {
  return {
    logicalId: "Table",
    type: "AWS::DynamoDB::Table",
    properties,
    dependsOn: [],
    protect: false,
    retain: false,
  };
}

const on = declare({ PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true } });
const standing = { ...on, outputs: { Ref: "orders" } };

let made: ReturnType<typeof makeTables>;
beforeEach(() => {
  made = makeTables();
});

it("makes a table and then sets its recovery, under the name it got", async () => {
  expect(await made.provider.create(on, ["Arn"])).toEqual({ Ref: "orders", Arn: "arn:orders" });
  expect(made.asked).toEqual(["create with Arn", "recovery of orders"]);
  expect(made.world.recovery.get("orders")).toBe(true);
});

it.each<[string, JsonObject]>([
  ["says nothing of it", {}],
  ["switches it off", { PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: false } }],
])("leaves no recovery where the program %s", async (_, properties) => {
  await made.provider.create(on, []);
  await made.provider.update(declare(properties), standing, ["Arn"]);
  expect(made.asked.slice(2)).toEqual(["update Table with Arn", "recovery of orders"]);
  expect(made.world.recovery.get("orders")).toBe(false);
});

it("sets recovery again as it is without harm", async () => {
  await made.provider.create(on, []);
  await made.provider.create(on, []);
  expect(made.world.recovery.get("orders")).toBe(true);
});

it("passes on why recovery could not be set", async () => {
  made.world.refusal = new Error("ContinuousBackupsUnavailableException: not yet");
  await expect(made.provider.create(on, [])).rejects.toThrow("not yet");
  await expect(made.provider.update(on, standing, [])).rejects.toThrow("not yet");
});

it("deletes as any resource is deleted", async () => {
  await made.provider.delete(standing);
  expect(made.asked).toEqual(["delete Table"]);
});
