import { SyncError } from "../../core/errors.ts";
import type { CustomResourceAnswer } from "../../core/ports/custom-resource-responder.ts";
import {
  ANSWER_BEFORE_MILLIS,
  makeHandleCustomResource,
} from "../../index-lifecycle/handle-custom-resource.ts";
import { makeLifecycleActions } from "../../index-lifecycle/lifecycle-actions.ts";
import { indexSpec, makeFakeDeps } from "./fake-deps.ts";

const PLENTY = 60_000;

function setUp() {
  const deps = makeFakeDeps();
  const answers: CustomResourceAnswer[] = [];
  const responder = {
    respond: async (_url: string, answer: CustomResourceAnswer) => {
      answers.push(answer);
    },
  };
  const handle = makeHandleCustomResource({ actions: makeLifecycleActions(deps), responder });
  return { deps, answers, handle };
}

function request(RequestType: "Create" | "Update" | "Delete", action: string, spec: unknown, rest = {}) {
  return {
    RequestType,
    ResponseURL: "http://answers.test/1",
    StackId: "stack",
    RequestId: "request-1",
    LogicalResourceId: "ordersIndex",
    ResourceType: "Custom::TrueupIndex",
    ResourceProperties: {
      ServiceToken: "arn",
      action,
      spec: typeof spec === "string" ? spec : JSON.stringify(spec),
    },
    ...rest,
  };
}

const PHYSICAL_ID = "Index/orders/orders-custom-1";

describe("the contract of custom resources", () => {
  it("answers a successful create with the physical id and the data", async () => {
    const { answers, handle } = setUp();
    await handle(request("Create", "Index", indexSpec(1)), PLENTY);
    expect(answers).toEqual([
      {
        Status: "SUCCESS",
        StackId: "stack",
        RequestId: "request-1",
        LogicalResourceId: "ordersIndex",
        PhysicalResourceId: PHYSICAL_ID,
        Data: { indexUuid: "uuid-1" },
      },
    ]);
  });

  it("sends no physical id when a create fails, so that nothing is kept as if it existed", async () => {
    const { deps, answers, handle } = setUp();
    deps.admin.addForeign("orders-custom-1");
    await handle(request("Create", "Index", indexSpec(1)), PLENTY);
    expect(answers).toHaveLength(1);
    expect(answers[0]).toMatchObject({ Status: "FAILED", Reason: expect.stringMatching(/^INDEX_EXISTS: /) });
    expect(answers[0]).not.toHaveProperty("PhysicalResourceId");
  });

  it("keeps the physical id through an update, and through one that fails", async () => {
    const { answers, handle } = setUp();
    await handle(request("Create", "Index", indexSpec(1)), PLENTY);
    const update = { PhysicalResourceId: PHYSICAL_ID };
    await handle(request("Update", "Index", indexSpec(1), update), PLENTY);
    await handle(request("Update", "Index", indexSpec(1, { transformHash: "other" }), update), PLENTY);
    expect(answers.map(({ Status, PhysicalResourceId }) => [Status, PhysicalResourceId])).toEqual([
      ["SUCCESS", PHYSICAL_ID],
      ["SUCCESS", PHYSICAL_ID],
      ["FAILED", PHYSICAL_ID],
    ]);
    expect(answers[2]?.Reason).toMatch(/^TRANSFORM_CHANGED: .* Fix: raise "revision"/);
  });

  it("refuses an update that would be another resource", async () => {
    const { answers, handle } = setUp();
    await handle(request("Update", "Index", indexSpec(2), { PhysicalResourceId: PHYSICAL_ID }), PLENTY);
    expect(answers[0]).toMatchObject({ Status: "FAILED", PhysicalResourceId: PHYSICAL_ID });
    expect(answers[0]?.Reason).toMatch(/resource name of its own/);
  });

  it.each([
    ["a create", request("Create", "Index", indexSpec(1)), false],
    ["an update", request("Update", "Index", indexSpec(1), { PhysicalResourceId: PHYSICAL_ID }), true],
  ])("answers %s before 10 s are left, however long the work takes", async (_what, event, keepsId) => {
    const { deps, answers, handle } = setUp();
    deps.admin.findIndex = () => new Promise(() => {});
    deps.admin.createIndex = () => new Promise(() => {});
    await handle(event, ANSWER_BEFORE_MILLIS + 20);
    expect(answers).toHaveLength(1);
    expect(answers[0]).toMatchObject({
      Status: "FAILED",
      Reason: expect.stringMatching(/^INDEX_UNAVAILABLE: /),
    });
    expect("PhysicalResourceId" in (answers[0] ?? {})).toBe(keepsId);
  });

  it.each([
    ["an unknown action", request("Create", "Nonsense", {})],
    ["a spec that is no JSON", request("Create", "Index", "{")],
    ["a spec with a misspelt member", request("Create", "Index", { ...indexSpec(1), setings: {} })],
    ["properties that are missing", { ...request("Create", "Index", {}), ResourceProperties: {} }],
    ["a request type nobody knows", { ...request("Create", "Index", {}), RequestType: "Replace" }],
  ])("answers %s instead of throwing", async (_what, event) => {
    const { answers, handle } = setUp();
    await handle(event, PLENTY);
    expect(answers.map(({ Status }) => Status)).toEqual(["FAILED"]);
  });

  it("answers whatever an action throws, and cuts a reason that would not fit", async () => {
    const { deps, answers, handle } = setUp();
    deps.admin.failNext = new TypeError("x".repeat(9_000));
    await handle(request("Create", "Index", indexSpec(1)), PLENTY);
    expect(JSON.stringify(answers[0]).length).toBeLessThan(4_096);
  });

  it("does the same once when a request is delivered twice", async () => {
    const { deps, answers, handle } = setUp();
    const create = request("Create", "Index", indexSpec(1));
    await handle(create, PLENTY);
    await handle(create, PLENTY);
    expect(answers[1]).toEqual(answers[0]);
    expect(deps.admin.made).toBe(1);
    const remove = request("Delete", "Index", indexSpec(1), { PhysicalResourceId: PHYSICAL_ID });
    await handle(remove, PLENTY);
    await handle(remove, PLENTY);
    expect(answers.map(({ Status }) => Status)).toEqual(["SUCCESS", "SUCCESS", "SUCCESS", "SUCCESS"]);
  });

  it.each([
    ["Table", { table: "orders", retire: false }, "Table/orders"],
    ["Index", indexSpec(1), PHYSICAL_ID],
    ["Guard", { table: "orders", generation: "orders-custom-1" }, "Guard/orders/orders-custom-1"],
    ["Security", { roles: {} }, "Security/roles"],
  ])("deletes a %s that was never created", async (action, spec, PhysicalResourceId) => {
    const { answers, handle } = setUp();
    await handle(request("Delete", action, spec, { PhysicalResourceId }), PLENTY);
    expect(answers[0]).toMatchObject({ Status: "SUCCESS", PhysicalResourceId });
  });

  it("deletes nothing for a physical id that no create of ours answered", async () => {
    const { deps, answers, handle } = setUp();
    await handle(request("Create", "Index", indexSpec(1)), PLENTY);
    await handle(request("Delete", "Index", "{", { PhysicalResourceId: "stack-ordersIndex-ABC" }), PLENTY);
    expect(answers[1]).toMatchObject({ Status: "SUCCESS", PhysicalResourceId: "stack-ordersIndex-ABC" });
    expect(deps.admin.indexes.has("orders-custom-1")).toBe(true);
  });

  it("reads structure from JSON text, because properties arrive as strings", async () => {
    const { deps, handle } = setUp();
    await handle(request("Create", "Index", indexSpec(1)), PLENTY);
    expect(deps.admin.indexes.get("orders-custom-1")?.settings["number_of_shards"]).toBe(3);
  });

  it("fails the invocation only when the answer itself cannot be delivered", async () => {
    const lost = new SyncError("ENGINE_FAILED", "no", { subject: "s", fix: "f", retryable: true });
    const handle = makeHandleCustomResource({
      actions: makeLifecycleActions(makeFakeDeps()),
      responder: { respond: () => Promise.reject(lost) },
    });
    await expect(handle(request("Create", "Index", indexSpec(1)), PLENTY)).rejects.toBe(lost);
  });
});
