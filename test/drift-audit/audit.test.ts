import { AuditWorld } from "../support/audit-world.ts";

async function withRecords(count: number): Promise<AuditWorld> {
  const world = new AuditWorld();
  for (let id = 0; id < count; id += 1) world.write(`r${id}`, id);
  await world.consume();
  world.now += 3_600_000;
  return world;
}

describe("an audit", () => {
  it("finds nothing where nothing differs, and marks it clean", async () => {
    const world = await withRecords(50);
    const report = await world.audit("one");
    expect(report).toMatchObject({ remaining: 0, notJudged: 0, ambiguous: 0, breaker: { state: "closed" } });
    expect(report.compared).toEqual({ records: 50, manifestEntries: 50, indexDocuments: 50 });
    expect(world.control.generations["orders-custom-1"]?.lastCleanAudit?.run).toBe("one");
    expect(world.announced).toEqual([]);
  });

  it("finds exactly what a consumer swallowed, and repairs it", async () => {
    const world = await withRecords(50);
    world.write("r1", 999);
    world.write("r2", undefined);
    world.write("new", 1);
    await world.consume(3, true);
    world.now += 60_000;
    const report = await world.audit("one");
    expect(report.drift).toMatchObject({
      stale: { ids: ["r1"] },
      orphaned: { ids: ["r2"] },
      missing: { ids: ["new"] },
      altered: { count: 0 },
    });
    expect(report).toMatchObject({ repaired: 3, remaining: 0 });
    expect((await world.audit("two")).trend.map(({ drift }) => drift)).toEqual([3, 0]);
  });

  it("H2: finds what was altered, added and removed behind the pipeline's back, old documents too", async () => {
    const world = await withRecords(50);
    await world.audit("one");
    world.now += 3_600_000;
    world.alter("r1");
    world.alter("foreign");
    world.remove("r2");
    const report = await world.audit("two");
    expect(report.drift).toMatchObject({
      altered: { ids: ["r1"] },
      orphaned: { ids: ["foreign"] },
      missing: { ids: ["r2"] },
      stale: { count: 0 },
    });
    expect(report).toMatchObject({ repaired: 3, remaining: 0 });
  });

  it("H10: waits for a consumer that lags instead of finding drift", async () => {
    const world = await withRecords(20);
    for (let id = 0; id < 10; id += 1) world.write(`r${id}`, 100 + id);
    world.now += 600_000;
    let waits = 0;
    world.onWait = () => {
      waits += 1;
      if (waits >= 90) void world.consume(1);
    };
    const report = await world.audit("one");
    expect(waits).toBeGreaterThan(90);
    expect(report).toMatchObject({ remaining: 0, repaired: 0 });
  });

  it("H1: reads tied documents again without counting them", async () => {
    const world = await withRecords(5);
    world.write("r1", 100);
    world.write("r1", 101);
    await world.consume();
    world.now += 60_000;
    const report = await world.audit("one");
    expect(report).toMatchObject({ ambiguous: 1, remaining: 0, repaired: 0, breaker: { state: "closed" } });
    expect((await world.audit("two")).ambiguous).toBe(0);
  });

  it("H16: repairs nothing above the breaker's limit until a person approves that run", async () => {
    const world = await withRecords(300);
    for (let id = 0; id < 150; id += 1) world.write(`r${id}`, 1_000 + id);
    await world.consume(150, true);
    world.now += 60_000;
    const held = await world.audit("one");
    expect(held).toMatchObject({ breaker: { state: "open" }, repaired: 0, remaining: 150 });
    expect(world.requests).toEqual([]);
    expect(world.announced).toHaveLength(1);
    const approved = await world.audit("two", { approved: "one" });
    expect(approved).toMatchObject({ breaker: { state: "approved" }, repaired: 150, remaining: 0 });
    expect((await world.audit("three")).drift.stale.count).toBe(0);
  });

  it("H16: takes an empty export for a fault, not for a reason to delete everything", async () => {
    const world = await withRecords(5);
    world.table.clear();
    expect(await world.audit("one")).toMatchObject({ breaker: { state: "open" }, repaired: 0 });
  });

  it("H12: purges old tombstones and does not miss them afterwards", async () => {
    const world = await withRecords(10);
    world.write("r1", undefined);
    await world.consume();
    world.now += 72 * 3_600_000;
    await world.audit("one");
    expect(world.index.has("r1")).toBe(false);
    const report = await world.audit("two");
    expect(report.compared.indexDocuments).toBe(9);
    expect(report).toMatchObject({ remaining: 0, ambiguous: 0, drift: { missing: { count: 0 } } });
  });

  it("H12: purges nothing while a load is open", async () => {
    const world = await withRecords(10);
    world.write("r1", undefined);
    await world.consume();
    world.now += 72 * 3_600_000;
    const known = world.control.generations["orders-custom-1"];
    if (known?.load === undefined) throw new Error("no load");
    const load = { ...known.load, state: "open" as const };
    world.control = { ...world.control, generations: { "orders-custom-1": { ...known, load } } };
    await world.audit("one", { generation: "orders-custom-1" });
    expect(world.index.has("r1")).toBe(true);
  });

  it("reports what the consumer never answered as remaining", async () => {
    const world = await withRecords(5);
    world.write("r1", 100);
    await world.consume(1, true);
    world.now += 60_000;
    world.repairs = false;
    expect(await world.audit("one")).toMatchObject({ repaired: 0, remaining: 1 });
    expect(world.control.generations["orders-custom-1"]?.lastCleanAudit).toBeUndefined();
  });
});
