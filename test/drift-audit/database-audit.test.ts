import { AuditWorld } from "../support/audit-world.ts";

/** A database with ten rows, all of them indexed. */
async function settled(): Promise<AuditWorld> {
  const world = new AuditWorld("sql");
  for (let row = 0; row < 10; row += 1) world.write(`r${row}`, 1);
  world.deliver();
  await world.consume();
  world.now += 120_000;
  world.onWait = () => {
    world.deliver();
    void world.consume();
  };
  return world;
}

describe("an audit of a database's table", () => {
  it("is full whatever was asked for, and costs nothing that AWS bills when it reads by query", async () => {
    const world = await settled();
    await world.audit("first");
    world.now += 3_600_000;
    const report = await world.audit("second", { kind: "incremental" });
    expect(report).toMatchObject({ kind: "full", compared: { records: 10 }, cost: { dollars: 0 } });
  });

  it("does not judge what changed between its first row and its last, and the next one does", async () => {
    const world = await settled();
    let waits = 0;
    world.onWait = () => {
      waits += 1;
      if (waits === 1) {
        world.write("r0", 2);
        world.write("r9", 2);
        world.write("r5", undefined);
        world.write("r55", 3);
      }
      world.deliver();
      void world.consume();
    };
    const report = await world.audit("first");
    expect(report).toMatchObject({ remaining: 0, ambiguous: 0 });
    expect(report.notJudged).toBeGreaterThan(0);
    expect(Object.values(report.drift).map(({ count }) => count)).toEqual([0, 0, 0, 0]);
    world.now += 120_000;
    expect(await world.audit("second")).toMatchObject({ notJudged: 0, compared: { records: 10 } });
  });

  it("takes a consumer that went on past ends just read for no gap", async () => {
    const world = await settled();
    world.onEndsRead = async () => {
      for (const row of ["r1", "r2", "r3", "r4"]) world.write(row, world.now);
      world.deliver();
      await world.consume();
    };
    const report = await world.audit("first");
    expect(report).toMatchObject({ breaker: { state: "closed" }, remaining: 0 });
    expect(world.announced).toEqual([]);
  });

  it("waits for a person where the slot is lost: what it held back nobody can bring any more", async () => {
    const world = await settled();
    world.write("r3", 7);
    world.lostSlot = "replication slot trueup_dev_shop is gone";
    world.onWait = () => {};
    const report = await world.audit("first");
    expect(report).toMatchObject({
      breaker: { state: "open" },
      drift: { stale: { ids: ["r3"] } },
      repaired: 0,
    });
    expect(world.announced).toContainEqual(expect.stringMatching(/^STREAM_GAP: orders/));
    const approved = await world.audit("again", { approved: "first" });
    expect(approved).toMatchObject({ breaker: { state: "approved" }, remaining: 0 });
  });
});
