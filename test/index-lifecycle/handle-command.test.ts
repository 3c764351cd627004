import { pauseBeforeAttempt } from "../../core/lifecycle-command.ts";
import { makeWorld, type World } from "./world.ts";

async function ready(world: World, revision: number): Promise<void> {
  await world.add(revision);
  await world.load(revision);
  await world.audit(revision);
}

describe("cutover", () => {
  it("moves the alias to the newest generation, hides tombstones, and tells people", async () => {
    const world = makeWorld();
    await ready(world, 1);
    expect(await world.cutover()).toEqual({ moved: true, serving: "orders-custom-1" });
    await ready(world, 2);
    const moved = { moved: true, serving: "orders-custom-2", previous: "orders-custom-1" };
    expect(await world.cutover()).toEqual(moved);
    const [member] = await world.deps.admin.aliasMembers("orders");
    expect(JSON.parse(member?.options ?? "")).toEqual({
      filter: { bool: { must_not: [{ exists: { field: "_trueup_deleted_at" } }] } },
    });
    expect(world.deps.announced.map(({ subject }) => subject)).toEqual([
      "Trueup: searches of orders now use orders-custom-1",
      "Trueup: searches of orders now use orders-custom-2",
    ]);
  });

  it("does nothing where it serves already", async () => {
    const world = makeWorld();
    await ready(world, 1);
    await world.cutover();
    expect(await world.cutover()).toEqual({ moved: false, kind: "serves", serving: "orders-custom-1" });
    expect(world.deps.announced).toHaveLength(1);
  });

  it.each<[string, (world: World) => Promise<unknown> | undefined, RegExp, string]>([
    ["nothing was loaded", (world) => world.add(2), /has not begun/, "stop"],
    [
      "the lag is not known",
      async (world) => {
        await ready(world, 2);
        world.deps.knobs.lagSeconds = undefined;
      },
      /lag is not known/,
      "wait",
    ],
    [
      "the lag is too large",
      async (world) => {
        await ready(world, 2);
        world.deps.knobs.lagSeconds = 31;
      },
      /lag is 31 s, the most allowed is 30 s/,
      "wait",
    ],
    [
      "dead letters are open",
      async (world) => {
        await ready(world, 2);
        world.deps.knobs.deadLetters = 3;
      },
      /3 dead letters are open/,
      "wait",
    ],
    [
      "no audit was clean since the load",
      async (world) => {
        await world.add(2);
        await world.audit(2);
        await world.load(2);
      },
      /older than the bulk load/,
      "audit",
    ],
    [
      "the newest audit was not clean",
      async (world) => {
        await ready(world, 2);
        await world.audit(2, false);
      },
      /did not find it clean/,
      "audit",
    ],
    [
      "the clean audit is too old",
      async (world) => {
        await ready(world, 2);
        world.deps.knobs.now += 40 * 86_400_000;
      },
      /40 days old/,
      "audit",
    ],
    [
      "a gap was found",
      async (world) => {
        await ready(world, 2);
        await world.command({ command: "gap", generation: "orders-custom-2", cause: "stopped for 30 h" });
      },
      /stopped for 30 h/,
      "stop",
    ],
    [
      "the index was replaced behind our back",
      async (world) => {
        await ready(world, 2);
        const index = world.deps.admin.indexes.get("orders-custom-2");
        if (index !== undefined) index.uuid = "another";
      },
      /replaced behind our back/,
      "stop",
    ],
  ])("is refused while %s, and a build is told what to do", async (_why, prepare, reason, next) => {
    const world = makeWorld();
    await ready(world, 1);
    await world.cutover();
    await prepare(world);
    await expect(world.cutover()).rejects.toMatchObject({
      code: "CUTOVER_REFUSED",
      message: expect.stringMatching(reason),
    });
    expect(await world.cutover({ automatic: true, attempt: 4 })).toEqual({
      moved: false,
      kind: "shut",
      waiting: expect.stringMatching(reason),
      next,
      waitSeconds: 4,
      attempt: 5,
    });
    expect(await world.aliasIndexes()).toEqual(["orders-custom-1"]);
  });

  it("leaves a manual table, a pinned one and a retired one to a person", async () => {
    const world = makeWorld();
    await ready(world, 1);
    await world.cutover();
    await ready(world, 2);
    const manual = await world.command({
      command: "cutover",
      automatic: true,
      table: world.descriptor({ cutover: "manual" }),
    });
    expect(manual).toMatchObject({ kind: "held", waiting: expect.stringContaining("trueup cutover orders") });
    await world.cutover();
    await world.rollback();
    expect(await world.cutover({ automatic: true })).toMatchObject({
      kind: "held",
      waiting: expect.stringContaining("pinned to orders-custom-1"),
    });
    await world.retire();
    expect(await world.cutover({ automatic: true })).toMatchObject({
      kind: "held",
      waiting: expect.stringContaining("retired"),
    });
  });

  it("never takes the alias back when the build of an older generation ends late", async () => {
    const world = makeWorld();
    await ready(world, 1);
    await ready(world, 2);
    await world.cutover();
    expect(await world.cutover({ automatic: true, generation: "orders-custom-1" })).toMatchObject({
      kind: "held",
      waiting: expect.stringContaining("newer orders-custom-2"),
    });
  });

  it("gives up asking after days, pausing ever longer", async () => {
    const world = makeWorld();
    await world.add(1);
    await world.load(1);
    expect(await world.cutover({ automatic: true, attempt: 1_200 })).toMatchObject({ next: "stop" });
    const pauses = Array.from({ length: 1_200 }, (_, attempt) => pauseBeforeAttempt(attempt));
    expect(pauses.slice(0, 6)).toEqual([1, 1, 2, 2, 4, 4]);
    expect(Math.max(...pauses)).toBe(300);
  });

  it("refuses a generation nobody deployed, and one that is being removed", async () => {
    const world = makeWorld();
    await ready(world, 1);
    await expect(world.cutover({ generation: "orders-custom-9" })).rejects.toMatchObject({
      code: "GENERATION_UNKNOWN",
    });
    await world.deps.control.update("orders", (control) => ({
      ...control,
      generations: Object.fromEntries(
        Object.entries(control.generations).map(([name, known]) => [name, { ...known, leaving: true }]),
      ),
    }));
    await expect(world.cutover()).rejects.toMatchObject({ code: "CUTOVER_REFUSED" });
  });

  it("names what it cannot read of a command", async () => {
    await expect(makeWorld().command({ command: "explode" })).rejects.toMatchObject({
      code: "COMMAND_INVALID",
    });
  });
});

describe("rollback", () => {
  it("moves back through the gate and pins; cutover lifts the pin", async () => {
    const world = makeWorld();
    await ready(world, 1);
    await world.cutover();
    await ready(world, 2);
    await world.cutover();
    world.deps.knobs.deadLetters = 1;
    await expect(world.rollback()).rejects.toMatchObject({ code: "CUTOVER_REFUSED" });
    world.deps.knobs.deadLetters = 0;
    expect(await world.rollback()).toEqual({
      moved: true,
      serving: "orders-custom-1",
      previous: "orders-custom-2",
    });
    expect(await world.status()).toMatchObject({ serving: "orders-custom-1", pinned: "orders-custom-1" });
    await world.cutover();
    expect(await world.status()).not.toHaveProperty("pinned");
  });

  it("lets a newer generation lift the pin", async () => {
    const world = makeWorld();
    await ready(world, 1);
    await world.cutover();
    await ready(world, 2);
    await world.cutover();
    await world.rollback();
    await world.remove(2);
    await ready(world, 3);
    expect(await world.cutover({ automatic: true })).toMatchObject({
      moved: true,
      serving: "orders-custom-3",
    });
  });

  it("has nothing to go back to with one generation", async () => {
    const world = makeWorld();
    await ready(world, 1);
    await world.cutover();
    await expect(world.rollback()).rejects.toMatchObject({ code: "CUTOVER_REFUSED" });
  });
});

describe("adoption", () => {
  it("takes an alias over from a foreign index, and gives it back", async () => {
    const world = makeWorld();
    world.deps.admin.addForeign("orders-v3", "orders");
    await world.declare({ adopt: { alias: "orders" } });
    await ready(world, 1);
    expect(await world.cutover()).toMatchObject({ moved: true });
    expect(await world.aliasIndexes()).toEqual(["orders-custom-1"]);
    expect(world.deps.admin.indexes.has("orders-v3")).toBe(true);
    expect(await world.rollback()).toMatchObject({ moved: true, serving: "adopted" });
    expect(await world.aliasIndexes()).toEqual(["orders-v3"]);
    expect(await world.cutover({ automatic: true })).toMatchObject({ kind: "held" });
    expect(await world.cutover()).toMatchObject({ moved: true, serving: "orders-custom-1" });
  });

  it("deletes an index of the alias's own name in the step that makes the alias", async () => {
    const world = makeWorld();
    world.deps.admin.addForeign("orders");
    await world.declare({ adopt: { index: "orders", deleteIndexAtCutover: true } });
    await ready(world, 1);
    await world.cutover();
    expect([...world.deps.admin.indexes.keys()]).toEqual(["orders-custom-1"]);
    expect(await world.aliasIndexes()).toEqual(["orders-custom-1"]);
    await expect(world.rollback()).rejects.toMatchObject({ code: "CUTOVER_REFUSED" });
  });

  it("does not take what appeared under the name meanwhile", async () => {
    const world = makeWorld();
    await world.declare();
    await ready(world, 1);
    world.deps.admin.addForeign("orders");
    await expect(world.cutover()).rejects.toMatchObject({ code: "INDEX_EXISTS" });
  });
});

describe("status", () => {
  it("follows a generation from loading to serving", async () => {
    const world = makeWorld();
    const phase = async () => (await world.status()).generations.map((generation) => generation.phase);
    await world.add(1);
    expect(await phase()).toEqual(["loading"]);
    await world.load(1);
    world.deps.knobs.lagSeconds = 100;
    expect(await phase()).toEqual(["catching-up"]);
    world.deps.knobs.lagSeconds = 2;
    expect(await phase()).toEqual(["auditing"]);
    await world.audit(1);
    expect(await phase()).toEqual(["ready"]);
    await world.cutover();
    expect(await phase()).toEqual(["serving"]);
    await world.add(2);
    await world.command({
      command: "load-started",
      generation: "orders-custom-2",
      exportArn: "a",
      exportTime: "2026-11-23T10:00:00Z",
    });
    await world.command({ command: "load-failed", generation: "orders-custom-2", cause: "no space" });
    expect(await phase()).toEqual(["serving", "failed"]);
    expect(world.deps.announced.at(-1)).toMatchObject({ subject: "Trueup: build failed of orders-custom-2" });
  });

  it("shows what blocks, also for the serving one", async () => {
    const world = makeWorld();
    await ready(world, 1);
    await world.cutover();
    world.deps.knobs.deadLetters = 2;
    expect((await world.status()).generations[0]).toMatchObject({
      phase: "serving",
      deadLetters: 2,
      lagSeconds: 0,
      blockedBy: "2 dead letters are open",
    });
  });
});

describe("load-resume", () => {
  it("begins, goes on with a fresh export, and does not repeat a load that is done", async () => {
    const world = makeWorld();
    const resume = () => world.command({ command: "load-resume", generation: "orders-custom-1" });
    await world.add(1);
    expect(await resume()).toEqual({ load: "start" });
    const exportTime = new Date(world.deps.knobs.now).toISOString();
    const started = { command: "load-started", generation: "orders-custom-1", exportArn: "a", exportTime };
    await world.command(started);
    await world.command({ command: "load-failed", generation: "orders-custom-1", cause: "killed" });
    expect(await resume()).toEqual({ load: "resume", exportArn: "a", exportTime });
    world.deps.knobs.now += 25 * 3_600_000;
    expect(await resume()).toEqual({ load: "start" });
    await world.command(started);
    await world.command({ command: "load-finished", generation: "orders-custom-1" });
    await world.command({ command: "load-failed", generation: "orders-custom-1", cause: "audit failed" });
    expect(await resume()).toEqual({ load: "done" });
  });
});
