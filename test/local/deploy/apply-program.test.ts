import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { applyProgram } from "../../../local/deploy/apply-program.ts";
import type { ResourceProvider } from "../../../local/deploy/resource-provider.ts";
import { StandingResources } from "../../../local/deploy/standing-resources.ts";
import type { DeclaredResource } from "../../../local/synth/declared-resource.ts";

/** A provider that remembers what it was asked, and fails where it is told to. */
function makeWorld(folder: string) {
  const asked: string[] = [];
  const failing = new Set<string>();
  const act = async (what: string, { logicalId }: { readonly logicalId: string }) => {
    asked.push(`${what} ${logicalId}`);
    if (failing.has(`${what} ${logicalId}`)) throw new Error(`${what} ${logicalId} failed`);
    return { Ref: `${logicalId}-name`, Arn: `arn:${logicalId}` };
  };
  const provider: ResourceProvider = {
    create: (resource) => act("create", resource),
    update: (resource) => act("update", resource),
    delete: async (resource) => void (await act("delete", resource)),
  };
  const file = join(folder, "resources.json");
  const apply = (resources: readonly DeclaredResource[]) => {
    asked.length = 0;
    return applyProgram(
      {
        standing: new StandingResources(file),
        providerOf: () => provider,
        pseudoParameters: { "AWS::Region": "here" },
        onStep: () => {},
      },
      { resources, environment: {}, assumptions: [] },
    );
  };
  return { asked, failing, apply, standing: () => new StandingResources(file) };
}

function declare(logicalId: string, properties = {}, ...dependsOn: string[]): DeclaredResource {
  return { logicalId, type: "Some::Type", properties, dependsOn, protect: false, retain: false };
}

const queue = declare("queue");
const role = declare("role", { Resource: "⟨queue.Arn⟩ in ⟨AWS::Region⟩" }, "queue");
const guard = declare("guard", {}, "queue", "role");

describe("applyProgram", () => {
  let folder: string;
  let world: ReturnType<typeof makeWorld>;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "trueup-apply-"));
    world = makeWorld(folder);
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it("makes what others need first, with what is known of it in their properties", async () => {
    await world.apply([guard, role, queue]);
    expect(world.asked).toEqual(["create queue", "create role", "create guard"]);
    expect(world.standing().find("role")?.properties).toEqual({ Resource: "arn:queue in here" });
  });

  it("touches nothing that is as declared", async () => {
    await world.apply([queue, role]);
    await world.apply([queue, role]);
    expect(world.asked).toEqual([]);
  });

  it("changes what is declared otherwise, and makes what is new", async () => {
    await world.apply([queue]);
    await world.apply([declare("queue", { Fifo: true }), role]);
    expect(world.asked).toEqual(["update queue", "create role"]);
  });

  it("deletes after everything else, dependents first", async () => {
    await world.apply([queue, role, guard]);
    await world.apply([declare("other")]);
    expect(world.asked).toEqual(["create other", "delete guard", "delete role", "delete queue"]);
    expect(world.standing().all.map(({ logicalId }) => logicalId)).toEqual(["other"]);
  });

  it("leaves everything a refused delete depends on standing, and deletes it once it is no longer refused", async () => {
    await world.apply([queue, role, guard]);
    world.failing.add("delete guard");
    await expect(world.apply([])).rejects.toThrow("delete guard failed");
    expect(world.asked).toEqual(["delete guard"]);
    world.failing.clear();
    await world.apply([]);
    expect(world.asked).toEqual(["delete guard", "delete role", "delete queue"]);
  });

  it("deletes nothing while a create or update fails, and goes on from there", async () => {
    await world.apply([queue]);
    world.failing.add("create role");
    await expect(world.apply([declare("role"), declare("after", {}, "role")])).rejects.toThrow("create role");
    expect(world.asked).toEqual(["create role"]);
    world.failing.clear();
    await world.apply([declare("role"), declare("after", {}, "role")]);
    expect(world.asked).toEqual(["create role", "create after", "delete queue"]);
  });

  it("asks a failed update again with what it was before", async () => {
    await world.apply([queue]);
    world.failing.add("update queue");
    await expect(world.apply([declare("queue", { Fifo: true })])).rejects.toThrow("update queue");
    expect(world.standing().find("queue")?.properties).toEqual({});
    world.failing.clear();
    await world.apply([declare("queue", { Fifo: true })]);
    expect(world.asked).toEqual(["update queue"]);
  });

  it("refuses the whole deploy, before its first step, where a protected resource would go", async () => {
    await world.apply([{ ...queue, protect: true }]);
    await expect(world.apply([role])).rejects.toThrow(/CONFIGURATION_INVALID.*queue/);
    expect(world.asked).toEqual([]);
  });

  it("takes a lifted protection over without touching the resource", async () => {
    await world.apply([{ ...queue, protect: true }]);
    await world.apply([queue]);
    expect(world.asked).toEqual([]);
    await world.apply([]);
    expect(world.asked).toEqual(["delete queue"]);
  });

  it("forgets a retained resource without deleting it", async () => {
    await world.apply([{ ...queue, retain: true }]);
    await world.apply([]);
    expect(world.asked).toEqual([]);
    expect(world.standing().all).toEqual([]);
  });

  it("asks a resource anew for an attribute that nobody needed before", async () => {
    await world.apply([queue]);
    await world.apply([queue, declare("reader", { Url: "⟨queue.Url⟩" }, "queue")]).catch(() => undefined);
    expect(world.asked).toContain("update queue");
  });
});
