import { GENERATION, ManagedWorld } from "../support/managed-world.ts";

const MINUTE = 60_000;
const DROPPED = { missing: { ids: ["new"] }, stale: { count: 0 }, orphaned: { count: 0 } };

async function withRows(count: number): Promise<ManagedWorld> {
  const world = new ManagedWorld("sql");
  for (let id = 0; id < count; id += 1) world.write(`r${id}`, id);
  await world.send();
  world.now += 60 * MINUTE;
  return world;
}

describe("an audit of a database's managed generation", () => {
  it("reads rows as the pipeline sends them, and finds nothing where nothing differs", async () => {
    const world = await withRows(20);
    expect(await world.audit("one")).toMatchObject({ remaining: 0, notJudged: 0, ambiguous: 0 });
    expect(world.forms).toEqual(["sent"]);
    expect(world.control.generations[GENERATION]?.lastCleanAudit?.run).toBe("one");
  });

  it("waits for a pipeline that is still reading the log", async () => {
    const world = await withRows(20);
    world.write("new", 1);
    world.reader = { kind: "reading", confirmedLsn: 99n };
    let waits = 0;
    world.onWait = async () => {
      waits += 1;
      if (waits !== 30) return;
      await world.send();
      world.reader = { kind: "reading", confirmedLsn: 100n };
    };
    expect(await world.audit("one")).toMatchObject({ remaining: 0, drift: { missing: { count: 0 } } });
    expect(waits).toBeGreaterThan(30);
  });

  it("finds what a pipeline has read and not sent", async () => {
    const world = await withRows(20);
    world.write("new", 1);
    await world.send("dropped");
    world.now += MINUTE;
    const report = await world.audit("one");
    expect(report.drift).toMatchObject(DROPPED);
    expect(report).toMatchObject({ repaired: 1, remaining: 0 });
  });

  it.each([
    ["nobody reads", { kind: "standing" }],
    ["is read and never comes to its end", { kind: "reading", confirmedLsn: 99n }],
  ] as const)(
    "gives up on a log that %s after a silent quarter of an hour, and tells what is missing",
    async (_, reader) => {
      const world = await withRows(20);
      world.write("new", 1);
      await world.send("dropped");
      world.now += MINUTE;
      world.reader = reader;
      const began = world.now;
      expect((await world.audit("one")).drift).toMatchObject(DROPPED);
      expect(world.now - began).toBeGreaterThan(15 * MINUTE);
    },
  );
});

describe("the load of a database's managed generation", () => {
  function beginLoad(...ids: readonly string[]): ManagedWorld {
    const world = new ManagedWorld("sql");
    for (const id of ids) world.table.set(id, 1);
    world.reader = { kind: "standing" };
    world.beginLoad();
    return world;
  }

  async function afterPatience(world: ManagedWorld) {
    await world.checkLoad();
    world.now += 2 * MINUTE;
    return world.checkLoad();
  }

  const reading = { kind: "reading", confirmedLsn: 1n } as const;

  it("runs for as long as nothing comes out of it: a snapshot may take hours", async () => {
    const world = beginLoad("a", "b");
    for (let hours = 0; hours < 5; hours += 1) {
      expect(await world.checkLoad()).toEqual({ state: "running" });
      world.now += 60 * MINUTE;
    }
  });

  it("is done once the log is read and as many rows were sent as the table holds, at the export's time", async () => {
    const world = beginLoad("a", "b", "c");
    const exportTime = new Date(world.now).toISOString();
    world.now += 30 * MINUTE;
    await world.sendRows("a", "b");
    expect(await afterPatience(world)).toEqual({ state: "running" });
    world.reader = reading;
    expect(await world.checkLoad()).toEqual({ state: "running" });
    await world.sendRows("c");
    expect(await world.checkLoad()).toEqual({ state: "running" });
    world.now += 2 * MINUTE;
    expect(await world.checkLoad()).toEqual({
      state: "done",
      exportArn: "exports/orders/orders-managed-1/uuid",
      exportTime,
    });
  });

  it("is done of an empty table once the log is read", async () => {
    const world = beginLoad();
    expect(await afterPatience(world)).toEqual({ state: "running" });
    world.reader = reading;
    expect(await world.checkLoad()).toMatchObject({ state: "done" });
  });

  it("is done in a table that is written to all the time, once no more of the export comes", async () => {
    const world = beginLoad("a", "b");
    await world.sendRows("a", "b");
    world.reader = reading;
    await world.checkLoad();
    world.write("first", 1);
    for (let minute = 0; minute < 4; minute += 1) {
      world.now += MINUTE;
      world.write(`new${minute}`, minute);
      await world.send("indexed", 1);
      expect(await world.checkLoad()).toEqual({ state: "running" });
    }
    world.now += MINUTE;
    expect(await world.checkLoad()).toMatchObject({ state: "done" });
  });

  it("is done after a quiet quarter of an hour with rows missing, which the audit tells", async () => {
    const world = beginLoad("a", "b", "c");
    await world.sendRows("a", "b");
    await world.checkLoad();
    world.now += 15 * MINUTE - 1;
    expect(await world.checkLoad()).toEqual({ state: "running" });
    world.now += 1;
    expect(await world.checkLoad()).toMatchObject({ state: "done" });
  });
});
