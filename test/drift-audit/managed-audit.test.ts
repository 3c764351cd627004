import { GENERATION, ManagedWorld } from "../support/managed-world.ts";

const MINUTE = 60_000;

async function withRecords(count: number): Promise<ManagedWorld> {
  const world = new ManagedWorld();
  for (let id = 0; id < count; id += 1) world.write(`r${id}`, id);
  await world.send();
  world.now += 60 * MINUTE;
  return world;
}

const NOTHING = {
  missing: { count: 0 },
  stale: { count: 0 },
  orphaned: { count: 0 },
  altered: { count: 0 },
};

describe("an audit of a managed generation", () => {
  it("finds nothing where nothing differs, marks it clean, and leaves no file behind", async () => {
    const world = await withRecords(50);
    const report = await world.audit("one");
    expect(report).toMatchObject({ drift: NOTHING, remaining: 0, notJudged: 0, ambiguous: 0 });
    expect(report.compared).toEqual({ records: 50, manifestEntries: 50, indexDocuments: 50 });
    expect(world.control.generations[GENERATION]?.lastCleanAudit?.run).toBe("one");
    expect(world.files("sent")).toEqual([]);
    expect(world.skipped).toEqual([]);
  });

  it("finds exactly what the pipeline never sent, and repairs it", async () => {
    const world = await withRecords(50);
    world.write("r1", 999);
    world.write("r2", undefined);
    world.write("new", 1);
    await world.send("dropped");
    world.now += MINUTE;
    const report = await world.audit("one");
    expect(report.drift).toMatchObject({
      stale: { ids: ["r1"] },
      orphaned: { ids: ["r2"] },
      missing: { ids: ["new"] },
      altered: { count: 0 },
    });
    expect(report).toMatchObject({ repaired: 3, remaining: 0 });
    expect(world.index.has("r2")).toBe(false);
    expect((await world.audit("two")).trend.map(({ drift }) => drift)).toEqual([3, 0]);
  });

  it("finds exactly what was sent and never arrived, and repairs it", async () => {
    const world = await withRecords(50);
    world.write("r1", 999);
    world.write("r2", undefined);
    world.write("new", 1);
    await world.send("lost");
    world.now += 10 * MINUTE;
    const report = await world.audit("one");
    expect(report.drift).toMatchObject({
      stale: { ids: ["r1"] },
      orphaned: { ids: ["r2"] },
      missing: { ids: ["new"] },
      altered: { count: 0 },
    });
    expect(report).toMatchObject({ repaired: 3, remaining: 0 });
    expect(await world.audit("two")).toMatchObject({ drift: NOTHING, remaining: 0 });
  });

  it("finds what was sent and never arrived since the last clean audit, without listing what is older", async () => {
    const world = await withRecords(50);
    await world.audit("one");
    world.now += 30 * MINUTE;
    world.write("r1", 999);
    world.write("new", 1);
    await world.send("lost");
    world.now += 10 * MINUTE;
    const report = await world.audit("two");
    expect(report.drift).toMatchObject({ ...NOTHING, missing: { ids: ["new"] }, stale: { ids: ["r1"] } });
    expect(report).toMatchObject({ repaired: 2, remaining: 0 });
  });

  // What an audit leaves unjudged because it is too young, the next one has to judge.
  it("finds a change that was lost while the last clean audit was running", async () => {
    const world = await withRecords(50);
    let waits = 0;
    world.onWait = async () => {
      waits += 1;
      if (waits !== 1) return;
      world.write("r1", 999);
      await world.send("lost");
    };
    expect(await world.audit("one")).toMatchObject({ drift: NOTHING, remaining: 0 });
    world.onWait = () => {};
    world.now += 60 * MINUTE;
    const report = await world.audit("two");
    expect(report.drift).toMatchObject({ ...NOTHING, stale: { ids: ["r1"] } });
    expect(report).toMatchObject({ repaired: 1, remaining: 0 });
  });

  it("finds what was lost or removed since the last clean audit, though the table is busy", async () => {
    const world = await withRecords(50);
    await world.audit("one");
    world.now += 30 * MINUTE;
    world.write("r1", undefined);
    await world.send("lost");
    world.remove("r2");
    world.now += 10 * MINUTE;
    let waits = 0;
    world.onWait = async () => {
      waits += 1;
      for (let id = 30; id < 40; id += 1) world.write(`r${id}`, 1_000 * waits + id);
      await world.send();
    };
    const report = await world.audit("two");
    expect(report.drift).toMatchObject({
      ...NOTHING,
      orphaned: { ids: ["r1"] },
      missing: { ids: ["r2"] },
    });
  });

  it("takes nothing for lost that arrived while the last clean audit was running", async () => {
    const world = await withRecords(50);
    let waits = 0;
    world.onWait = async () => {
      waits += 1;
      world.write(`r${waits % 50}`, 1_000 + waits);
      await world.send();
    };
    expect(await world.audit("one")).toMatchObject({ drift: NOTHING, remaining: 0 });
    world.onWait = () => {};
    world.now += 60 * MINUTE;
    expect(await world.audit("two")).toMatchObject({ drift: NOTHING, remaining: 0, notJudged: 0 });
  });

  it("H2: finds what was altered, added and removed behind the pipeline's back, old documents too", async () => {
    const world = await withRecords(50);
    await world.audit("one");
    world.now += 60 * MINUTE;
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
    expect(await world.audit("three")).toMatchObject({ drift: NOTHING, remaining: 0 });
  });

  it("counts a refused document as missing, and puts its letter on the queue once", async () => {
    const world = await withRecords(5);
    world.write("bad", 1);
    await world.send("refused");
    world.now += 10 * MINUTE;
    world.repairs = false;
    const report = await world.audit("one");
    expect(report.drift).toMatchObject({ ...NOTHING, missing: { ids: ["bad"] } });
    expect(world.letters).toMatchObject([
      {
        table: "orders",
        generation: GENERATION,
        recordId: "bad",
        documentId: "bad",
        key: { id: { S: "bad" } },
        cause: "MAPPING_REJECTED",
      },
    ]);
    expect(world.files("refused")).toEqual([]);
    expect((await world.audit("two")).drift.missing.ids).toEqual(["bad"]);
    expect(world.letters).toHaveLength(1);
  });

  it("no longer counts a refused document whose record was corrected", async () => {
    const world = await withRecords(5);
    world.write("bad", 1);
    await world.send("refused");
    world.now += 10 * MINUTE;
    world.write("bad", 2);
    await world.send();
    world.now += 10 * MINUTE;
    expect(await world.audit("one")).toMatchObject({ drift: NOTHING, remaining: 0 });
    expect(world.letters).toHaveLength(1);
  });

  it("keeps a letter whose document it has not seen sent, for ten minutes", async () => {
    const world = await withRecords(5);
    await world.refuse(400, { id: "strange", content: 1 });
    await world.audit("one");
    expect([world.letters.length, world.files("refused").length]).toEqual([0, 1]);
    world.now += 11 * MINUTE;
    await world.audit("two");
    expect([world.letters.length, world.files("refused").length]).toEqual([1, 0]);
  });

  it("drops the letter of a delete of what was not there", async () => {
    const world = await withRecords(5);
    world.write("r1", undefined);
    await world.send();
    await world.refuse(404, { id: "r1", content: undefined });
    world.now += 10 * MINUTE;
    expect(await world.audit("one")).toMatchObject({ drift: NOTHING, remaining: 0 });
    expect(world.letters).toEqual([]);
    expect(world.files("refused")).toEqual([]);
  });

  it("leaves a dead-letter file alone that it cannot read, and goes on", async () => {
    const world = await withRecords(5);
    await world.store.writeText(`manifest/${GENERATION}/uuid/refused/x.json`, "<html>");
    expect(await world.audit("one")).toMatchObject({ drift: NOTHING, remaining: 0 });
    expect(world.files("refused")).toHaveLength(1);
    expect(world.skipped.length).toBeGreaterThan(0);
  });

  it.each([
    ["without our members", '{"id":"r9"}'],
    ["cut off", '{"_trueup_id":"r'],
    ["without its version", '{"_trueup_id":"r9","_trueup_action":"index","_trueup_time":1764000000000}'],
    ["without its time", '{"_trueup_id":"r9","_trueup_action":"index","_trueup_version":1764000000000000}'],
  ])("leaves out a line %s, says so, and goes on", async (_what, line) => {
    const world = await withRecords(5);
    await world.store.writeText(`manifest/${GENERATION}/uuid/sent/y.ndjson.gz`, `${line}\n`);
    expect(await world.audit("one")).toMatchObject({ drift: NOTHING, remaining: 0 });
    expect(world.files("sent")).toEqual([]);
    expect(world.skipped).toHaveLength(1);
  });

  it("H10: waits for a pipeline that is a quarter of an hour behind instead of finding drift", async () => {
    const world = await withRecords(20);
    for (let change = 0; change < 90; change += 1) {
      world.write(`r${change % 20}`, 100 + change);
      world.now += 10_000;
    }
    let waits = 0;
    world.onWait = async () => {
      waits += 1;
      world.write(`r${waits % 20}`, 1_000 + waits);
      // It catches up by one change a wait.
      await world.send("indexed", 2);
    };
    const report = await world.audit("one");
    // Half of what comes out is new, so it takes as many waits as there are changes, by two.
    expect(waits).toBeGreaterThan(45);
    expect(report).toMatchObject({ drift: NOTHING, remaining: 0, repaired: 0 });
  });

  // It passed, and all that it had not sent was drift.
  it("waits for a pipeline that is silent for five minutes while it is behind", async () => {
    const world = await withRecords(20);
    world.write("r1", 100);
    world.write("new", 1);
    world.now += MINUTE;
    const began = world.now;
    world.onWait = async () => {
      if (world.now - began > 5 * MINUTE) await world.send();
    };
    expect(await world.audit("one")).toMatchObject({ drift: NOTHING, repaired: 0, remaining: 0 });
    expect(world.now - began).toBeGreaterThan(5 * MINUTE);
  });

  it("takes for lost what a pipeline has not sent after a quarter of an hour of silence", async () => {
    const world = await withRecords(20);
    world.write("r1", 100);
    await world.send("dropped");
    world.now += MINUTE;
    const began = world.now;
    expect((await world.audit("one")).drift).toMatchObject({ ...NOTHING, stale: { ids: ["r1"] } });
    expect(world.now - began).toBeGreaterThan(15 * MINUTE);
  });

  it("goes by silence alone where the stream holds too much to be looked through", async () => {
    const world = await withRecords(20);
    world.streamIsTooLong = true;
    world.write("r1", 100);
    await world.send("dropped");
    world.now += MINUTE;
    const began = world.now;
    expect((await world.audit("one")).drift).toMatchObject({ ...NOTHING, stale: { ids: ["r1"] } });
    expect(world.now - began).toBeLessThan(5 * MINUTE);
    expect(world.skipped).toContain("the stream was not asked what a silent pipeline has not sent");
  });

  it("finds a change that lost to an older one of the same second, which had the higher version", async () => {
    const world = await withRecords(20);
    world.write("r1", 100, 7);
    world.write("r1", 101, 3);
    await world.send();
    world.now += 10 * MINUTE;
    const report = await world.audit("one");
    expect(report.drift).toMatchObject({ ...NOTHING, stale: { ids: ["r1"] } });
    expect(report).toMatchObject({ repaired: 1, remaining: 0 });
    expect(await world.audit("two")).toMatchObject({ drift: NOTHING, remaining: 0 });
  });

  it("H1: reads changes of one version again without counting them", async () => {
    const world = await withRecords(5);
    world.write("r1", 100, 7);
    world.write("r1", 101, 7);
    await world.send();
    world.now += MINUTE;
    expect(await world.audit("one")).toMatchObject({ ambiguous: 1, remaining: 0, repaired: 0 });
    expect((await world.audit("two")).ambiguous).toBe(0);
  });

  it("H12: forgets deletes in the manifest alone, because the index has no tombstones", async () => {
    const world = await withRecords(10);
    world.write("r1", undefined);
    await world.send();
    world.now += 72 * 60 * MINUTE;
    await world.audit("one");
    const report = await world.audit("two");
    expect(report.compared.indexDocuments).toBe(9);
    expect(report).toMatchObject({ drift: NOTHING, remaining: 0, ambiguous: 0 });
  });

  it("reports as remaining what no re-read answered", async () => {
    const world = await withRecords(5);
    world.write("r1", 100);
    await world.send("lost");
    world.now += 10 * MINUTE;
    world.repairs = false;
    expect(await world.audit("one")).toMatchObject({ repaired: 0, remaining: 1 });
    expect(world.control.generations[GENERATION]?.lastCleanAudit).toBeUndefined();
  });
});

describe("the load of a managed generation", () => {
  const DONE = { state: "done", items: 3, billedBytes: 1 } as const;
  function beginLoad(): ManagedWorld {
    const world = new ManagedWorld();
    for (const id of ["a", "b", "c"]) world.table.set(id, 1);
    world.beginLoad();
    return world;
  }
  function finishExport({ load }: ManagedWorld): void {
    if (load !== undefined) load.state = DONE;
  }

  it("runs while the pipeline has not asked for its export, and while that runs", async () => {
    const world = new ManagedWorld();
    expect(await world.checkLoad()).toEqual({ state: "running" });
    world.beginLoad();
    expect(await world.checkLoad()).toEqual({ state: "running" });
  });

  it("is done once as many documents were sent as the export has items, and nothing more comes", async () => {
    const world = beginLoad();
    const exportTime = new Date(world.now).toISOString();
    finishExport(world);
    await world.sendRows("a", "b");
    expect(await world.checkLoad()).toEqual({ state: "running" });
    expect(await world.checkLoad()).toEqual({ state: "running" });
    await world.sendRows("b", "c");
    expect(await world.checkLoad()).toEqual({ state: "running" });
    expect(await world.checkLoad()).toEqual({ state: "done", exportArn: "arn/load", exportTime });
  });

  it("does not take rows that came twice for more rows", async () => {
    const world = beginLoad();
    finishExport(world);
    await world.sendRows("a", "b");
    await world.sendRows("a", "b");
    await world.checkLoad();
    expect(await world.checkLoad()).toEqual({ state: "running" });
  });

  it("has failed when the export has, and says why", async () => {
    const world = beginLoad();
    if (world.load !== undefined) world.load.state = { state: "failed", cause: "no such bucket" };
    expect(await world.checkLoad()).toEqual({
      state: "failed",
      cause: "the pipeline's export failed: no such bucket",
    });
  });

  it("is done after a quiet quarter of an hour with rows missing, which the audit tells", async () => {
    const world = beginLoad();
    finishExport(world);
    await world.sendRows("a", "b");
    await world.checkLoad();
    world.now += 15 * MINUTE - 1;
    expect(await world.checkLoad()).toEqual({ state: "running" });
    world.now += 1;
    expect(await world.checkLoad()).toMatchObject({ state: "done" });
    world.now += MINUTE;
    expect((await world.audit("one")).drift).toMatchObject({ ...NOTHING, missing: { ids: ["c"] } });
  });

  it("is not done because the export took longer than a quarter of an hour", async () => {
    const world = beginLoad();
    for (let minute = 0; minute < 30; minute += 1) {
      expect(await world.checkLoad()).toEqual({ state: "running" });
      world.now += MINUTE;
    }
    finishExport(world);
    expect(await world.checkLoad()).toEqual({ state: "running" });
    await world.sendRows("a", "b", "c");
    expect(await world.checkLoad()).toEqual({ state: "running" });
    expect(await world.checkLoad()).toMatchObject({ state: "done" });
  });

  it("is refused of a generation that is none, by name", async () => {
    await expect(new ManagedWorld().checkLoad("orders-managed-9")).rejects.toThrow(
      /GENERATION_UNKNOWN.*orders-managed-9 of orders/,
    );
  });
});
