import { makeCloudFormationProvider } from "../../../local/deploy/cloudformation-provider.ts";
import type { ResourceProvider } from "../../../local/deploy/resource-provider.ts";
import type { DeclaredResource } from "../../../local/synth/declared-resource.ts";
import { failed, makeStacks, WELL } from "./fake-stacks.ts";

const queue: DeclaredResource = {
  logicalId: "Queue",
  type: "AWS::SQS::Queue",
  properties: { FifoQueue: true },
  dependsOn: [],
  protect: false,
  retain: false,
};
const changed = { ...queue, properties: { FifoQueue: false } };
const standing = { ...queue, outputs: { Ref: "Ref of it" } };
let stacks: ReturnType<typeof makeStacks>;
let provider: ResourceProvider;
beforeEach(() => {
  stacks = makeStacks();
  provider = makeCloudFormationProvider(stacks.client, "shop");
});

describe("creating", () => {
  it("makes a stack of the resource's own, and tells its reference and the attributes asked for", async () => {
    expect(await provider.create(queue, ["Arn"])).toEqual({ Ref: "Ref of it", Arn: "Arn of it" });
    expect(stacks.world.asked).toEqual(["create shop-Queue"]);
    expect(stacks.templateOf("shop-Queue")).toEqual({
      Resources: { Queue: { Type: "AWS::SQS::Queue", Properties: { FifoQueue: true } } },
      Outputs: { Ref: { Value: { Ref: "Queue" } }, Arn: { Value: { "Fn::GetAtt": ["Queue", "Arn"] } } },
    });
  });

  it("writes a role's policy as the type the emulator knows", async () => {
    const properties = { RoleName: "role", PolicyName: "p", PolicyDocument: {} };
    await provider.create({ ...queue, type: "AWS::IAM::RolePolicy", properties }, []);
    const Properties = { Roles: ["role"], PolicyName: "p", PolicyDocument: {} };
    expect(stacks.templateOf("shop-Queue")).toMatchObject({
      Resources: { Queue: { Type: "AWS::IAM::Policy", Properties } },
    });
  });

  it("waits until the stack is at rest", async () => {
    stacks.world.ending = { ...WELL, create: ["CREATE_IN_PROGRESS", "CREATE_COMPLETE"] };
    expect(await provider.create(queue, [])).toEqual({ Ref: "Ref of it" });
  });

  it("takes over what a deploy that was cut off has made, changed or not", async () => {
    await provider.create(queue, []);
    expect(await provider.create(queue, [])).toEqual({ Ref: "Ref of it" });
    expect(await provider.create(changed, ["Arn"])).toEqual({ Ref: "Ref of it", Arn: "Arn of it" });
    expect(stacks.world.asked.slice(1)).toEqual(["update shop-Queue", "update shop-Queue"]);
  });

  it("says why the emulator did not make it, and makes it anew the next time", async () => {
    stacks.world.ending = { ...WELL, create: ["ROLLBACK_COMPLETE"] };
    stacks.world.events = [
      failed("CREATE_FAILED", "creation cancelled"),
      failed("CREATE_FAILED", "too long"),
    ];
    await expect(provider.create(queue, [])).rejects.toThrow(/^ENGINE_FAILED: .*shop-Queue: too long.*Fix: /);
    stacks.world.ending = WELL;
    await provider.create(queue, []);
    expect(stacks.world.asked.slice(1)).toEqual(["delete shop-Queue", "create shop-Queue"]);
  });
});

describe("updating", () => {
  beforeEach(() => provider.create(queue, []));

  it("changes the stack, and is content where nothing is to be changed", async () => {
    expect(await provider.update(changed, standing, ["Arn"])).toMatchObject({ Arn: "Arn of it" });
    expect(await provider.update(changed, standing, ["Arn"])).toMatchObject({ Arn: "Arn of it" });
    expect(stacks.templateOf("shop-Queue")).toMatchObject({
      Resources: { Queue: { Properties: { FifoQueue: false } } },
    });
  });

  it("says why the emulator took a change back, instead of taking it for made", async () => {
    stacks.world.ending = { ...WELL, update: ["UPDATE_ROLLBACK_COMPLETE"] };
    stacks.world.events = [failed("UPDATE_FAILED", "a queue stays FIFO")];
    await expect(provider.update(changed, standing, [])).rejects.toThrow(
      /^ENGINE_FAILED: .*shop-Queue: a queue stays FIFO/,
    );
  });

  it("is content with what it was before a change that the emulator took back", async () => {
    stacks.world.ending = { ...WELL, update: ["UPDATE_ROLLBACK_COMPLETE"] };
    await provider.update(changed, standing, []).catch(() => undefined);
    expect(await provider.update(queue, standing, [])).toEqual({ Ref: "Ref of it" });
  });

  it("passes on a refusal of the call itself", async () => {
    await expect(provider.update({ ...queue, logicalId: "Gone" }, standing, [])).rejects.toThrow(
      "[shop-Gone] does not exist",
    );
  });
});

describe("deleting", () => {
  it("waits until the stack is gone, and is content with one that is", async () => {
    await provider.create(queue, []);
    stacks.world.ending = { ...WELL, delete: ["DELETE_IN_PROGRESS", "DELETE_COMPLETE"] };
    await provider.delete(standing);
    await provider.delete(standing);
    await provider.delete({ ...standing, logicalId: "Never" });
    expect(stacks.world.asked.slice(1)).toEqual([
      "delete shop-Queue",
      "delete shop-Queue",
      "delete shop-Never",
    ]);
  });

  it("says why the emulator did not delete it, of this try and not of an earlier one", async () => {
    await provider.create(queue, []);
    stacks.world.ending = { ...WELL, delete: ["DELETE_FAILED"] };
    stacks.world.events = [failed("DELETE_FAILED", "first reason")];
    await expect(provider.delete(standing)).rejects.toThrow(/^ENGINE_FAILED: .*first reason/);
    stacks.world.events.unshift(failed("DELETE_FAILED", "second reason"), {
      ...failed("DELETE_IN_PROGRESS", "User Initiated"),
      ResourceType: "AWS::CloudFormation::Stack",
    });
    await expect(provider.delete(standing)).rejects.toThrow("second reason");
  });
});
