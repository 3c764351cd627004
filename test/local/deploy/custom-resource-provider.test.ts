import { GetObjectCommand, S3Client } from "@aws-sdk/client-s3";
import * as z from "zod";
import { SyncError } from "../../../core/errors.ts";
import { makeCustomResourceProvider } from "../../../local/deploy/custom-resource-provider.ts";
import type { DeclaredResource } from "../../../local/synth/declared-resource.ts";

const AWS = "http://127.0.0.1:14566";
const requestSchema = z.looseObject({
  RequestType: z.string(),
  RequestId: z.string(),
  ResponseURL: z.string(),
});

/** A function that answers what the test says to the place in S3 it is told, and what it was asked. */
function makeFunction() {
  const answered = new Map<string, string>();
  const world = {
    asked: [] as z.infer<typeof requestSchema>[],
    called: [] as string[],
    answer: { Status: "SUCCESS", PhysicalResourceId: "index-1", Data: { indexUuid: "u" } } as object,
  };
  const s3 = new S3Client({ region: "us-east-1" });
  s3.send = async (command: object) => {
    if (!(command instanceof GetObjectCommand)) throw new Error("only answers are read");
    const { Bucket, Key } = command.input;
    const text = answered.get(`${AWS}/${Bucket}/${Key}`);
    if (text === undefined) throw Object.assign(new Error("no such key"), { name: "NoSuchKey" });
    return { Body: { transformToString: async () => text } };
  };
  const call = async (arn: string, payload: unknown) => {
    const request = requestSchema.parse(payload);
    world.called.push(arn);
    world.asked.push(request);
    answered.set(request.ResponseURL, JSON.stringify(world.answer));
    return undefined;
  };
  return { world, s3, provider: makeCustomResourceProvider({ aws: AWS, s3, call }) };
}

const place = { ServiceToken: "arn:lifecycle", ResponseBucket: "state", ResponsePrefix: "responses/" };
const index: DeclaredResource = {
  logicalId: "Index",
  type: "Custom::TrueupIndex",
  properties: { ...place, action: "Index", spec: "{}" },
  dependsOn: [],
  protect: false,
  retain: false,
};
const standing = {
  ...index,
  properties: { ...index.properties, spec: "old" },
  outputs: { Ref: "index-1", indexUuid: "u" },
};

let made: ReturnType<typeof makeFunction>;
beforeEach(() => {
  made = makeFunction();
});

it("creates by asking the function, and reads its answer where it told it to put it", async () => {
  expect(await made.provider.create(index, [])).toEqual({ Ref: "index-1", indexUuid: "u" });
  expect(made.world.called).toEqual(["arn:lifecycle"]);
  const [request] = made.world.asked;
  expect(request).toEqual({
    RequestType: "Create",
    RequestId: expect.any(String),
    StackId: "trueup-local",
    ResponseURL: `${AWS}/state/responses/${request?.RequestId}.json`,
    ResourceType: "Custom::TrueupIndex",
    LogicalResourceId: "Index",
    ResourceProperties: { action: "Index", spec: "{}" },
  });
});

it("updates with what was before, under the id it has", async () => {
  await made.provider.update(index, standing, []);
  expect(made.world.asked).toMatchObject([
    {
      RequestType: "Update",
      PhysicalResourceId: "index-1",
      ResourceProperties: { spec: "{}" },
      OldResourceProperties: { spec: "old" },
    },
  ]);
});

it("deletes what an update replaced by another", async () => {
  made.world.answer = { Status: "SUCCESS", PhysicalResourceId: "index-2" };
  expect(await made.provider.update(index, standing, [])).toEqual({ Ref: "index-2" });
  expect(made.world.asked).toMatchObject([
    { RequestType: "Update" },
    { RequestType: "Delete", PhysicalResourceId: "index-1", ResourceProperties: { spec: "old" } },
  ]);
});

it("deletes under the id it has, with what it was made with, as often as it is told to", async () => {
  await made.provider.delete(standing);
  await made.provider.delete(standing);
  expect(made.world.asked).toMatchObject(
    [1, 2].map(() => ({
      RequestType: "Delete",
      PhysicalResourceId: "index-1",
      ResourceProperties: { spec: "old" },
    })),
  );
  expect(new Set(made.world.asked.map(({ RequestId }) => RequestId)).size).toBe(2);
});

describe("a function's refusal", () => {
  const asks = {
    create: () => made.provider.create(index, []),
    update: () => made.provider.update(index, standing, []),
    delete: () => made.provider.delete(standing),
  };

  it.each(Object.entries(asks))("keeps its code and its fix on %s", async (_, ask) => {
    const serving = new SyncError("GENERATION_SERVING", "searches use it", {
      subject: "orders (custom 1)",
      fix: "cut over first",
      retryable: false,
    });
    made.world.answer = { Status: "FAILED", Reason: serving.message };
    await expect(ask()).rejects.toMatchObject({ code: "GENERATION_SERVING", message: serving.message });
    expect(made.world.asked).toHaveLength(1);
  });

  it("is told with its reason where it is no SyncError's, and where there is none", async () => {
    made.world.answer = { Status: "FAILED", Reason: "out of memory" };
    await expect(asks.create()).rejects.toThrow(/^ENGINE_FAILED: .*Index: out of memory.*Fix: /);
    made.world.answer = { Status: "FAILED" };
    await expect(asks.create()).rejects.toThrow(/Index: no reason given/);
  });

  it("is passed on where the function died without an answer, or gave none", async () => {
    const call = async () => Promise.reject(new RangeError("timed out"));
    const dying = makeCustomResourceProvider({ aws: AWS, s3: made.s3, call });
    await expect(dying.create(index, [])).rejects.toThrow("timed out");
    const silent = makeCustomResourceProvider({ aws: AWS, s3: made.s3, call: async () => undefined });
    await expect(silent.create(index, [])).rejects.toThrow("no such key");
  });

  it("is not taken for success where the answer is none", async () => {
    made.world.answer = { PhysicalResourceId: "index-1" };
    await expect(asks.create()).rejects.toThrow("Status");
  });
});
