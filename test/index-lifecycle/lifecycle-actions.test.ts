import { makeLifecycleActions } from "../../index-lifecycle/lifecycle-actions.ts";
import { indexSpec, makeFakeDeps, tableOf } from "./fake-deps.ts";

function setUp() {
  const deps = makeFakeDeps();
  const actions = makeLifecycleActions(deps);
  const act = (name: string) => {
    const action = actions.get(name);
    if (action === undefined) throw new RangeError(name);
    return {
      create: (spec: unknown) => action.create(JSON.stringify(spec)),
      update: (spec: unknown, before?: unknown) =>
        action.update(JSON.stringify(spec), before === undefined ? undefined : JSON.stringify(before)),
      delete: (spec: unknown) => action.delete(JSON.stringify(spec)),
    };
  };
  return {
    deps,
    index: act("Index"),
    table: act("Table"),
    guard: act("Guard"),
    build: act("Build"),
    security: act("Security"),
  };
}

const guardOf = (revision: number) => ({ table: "orders", generation: `orders-custom-${revision}` });

describe("Index", () => {
  it("makes an index with our mark, the tombstone field, the write alias and shards that can be computed", async () => {
    const { deps, index } = setUp();
    await index.create(indexSpec(1, { settings: { "index.number_of_shards": "3", refresh_interval: "1s" } }));
    const made = deps.admin.indexes.get("orders-custom-1");
    expect(made?.settings).toEqual({
      number_of_shards: 3,
      number_of_routing_shards: 768,
      refresh_interval: "1s",
    });
    expect(made?.mapping).toEqual({
      _meta: { trueup: { environment: "test", table: "orders", generation: "orders-custom-1" } },
      properties: {
        name: { type: "keyword" },
        _trueup_deleted_at: { type: "date", format: "epoch_millis" },
      },
    });
    expect([...(made?.aliases.keys() ?? [])]).toEqual(["orders-custom-1-write"]);
  });

  const lack = { capability: "refresh", neededBy: "index-audit", instead: "404" } as const;

  it("tries a target only where it is told to, before anything is made", async () => {
    const { deps, index } = setUp();
    await index.create(indexSpec(1));
    expect(deps.probed).toEqual([]);
    deps.knobs.lacks = [lack];
    const refused = index.create(indexSpec(2, { probe: { audits: true } }));
    await expect(refused).rejects.toMatchObject({
      code: "TARGET_UNSUPPORTED",
      message: expect.stringContaining("no refresh: 404"),
      retryable: false,
    });
    expect(deps.probed).toEqual(["orders-custom-2-probe"]);
    expect([...deps.admin.indexes.keys()]).toEqual(["orders-custom-1"]);
  });

  it("tries it again only when audits come to look at the index", async () => {
    const { deps, index } = setUp();
    deps.knobs.lacks = [lack];
    const [without, audited] = [
      indexSpec(1, { probe: { audits: false } }),
      indexSpec(1, { probe: { audits: true } }),
    ];
    await index.create(without);
    await index.update(without, without);
    expect(deps.probed).toHaveLength(1);
    await expect(index.update(audited, without)).rejects.toMatchObject({ code: "TARGET_UNSUPPORTED" });
  });

  it("refuses shards that routing cannot be computed for", async () => {
    const { index } = setUp();
    const settings = { number_of_shards: 3, number_of_routing_shards: 10 };
    await expect(index.create(indexSpec(1, { settings }))).rejects.toMatchObject({
      code: "CONFIGURATION_INVALID",
    });
  });

  it("refuses a third generation before anything of it exists", async () => {
    const { deps, index } = setUp();
    await index.create(indexSpec(1));
    await index.create(indexSpec(2));
    await expect(index.create(indexSpec(3))).rejects.toMatchObject({ code: "GENERATION_LIMIT" });
    expect([...deps.admin.indexes.keys()]).toEqual(["orders-custom-1", "orders-custom-2"]);
  });

  it("takes its fresh index away again when another generation was registered at the same moment", async () => {
    const { deps, index } = setUp();
    await index.create(indexSpec(1));
    const createIndex = deps.admin.createIndex.bind(deps.admin);
    deps.admin.createIndex = async (name, body) => {
      const made = await createIndex(name, body);
      deps.admin.createIndex = createIndex;
      await index.create(indexSpec(2));
      return made;
    };
    await expect(index.create(indexSpec(3))).rejects.toMatchObject({ code: "GENERATION_LIMIT" });
    expect([...deps.admin.indexes.keys()].sort()).toEqual(["orders-custom-1", "orders-custom-2"]);
  });

  it("picks up an empty index a create left behind half-way", async () => {
    const { deps, index } = setUp();
    await index.create(indexSpec(1));
    deps.control.records.clear();
    expect(await index.create(indexSpec(1))).toEqual({ indexUuid: "uuid-1" });
  });

  it("refuses an index of ours that holds documents nobody remembers", async () => {
    const { deps, index } = setUp();
    await index.create(indexSpec(1));
    deps.control.records.clear();
    const left = deps.admin.indexes.get("orders-custom-1");
    if (left !== undefined) left.documents = 7;
    await expect(index.create(indexSpec(1))).rejects.toMatchObject({ code: "INDEX_EXISTS" });
  });

  it("puts an additive mapping and a changed setting, and nothing when nothing changed", async () => {
    const { deps, index } = setUp();
    const before = indexSpec(1, { settings: { number_of_shards: 3, refresh_interval: "1s" } });
    await index.create(before);
    deps.admin.failNext = new TypeError("nothing may be put");
    await index.update(before, before);
    deps.admin.failNext = undefined;
    const properties = { name: { type: "keyword" }, city: { type: "text" } };
    await index.update(indexSpec(1, { mapping: { properties }, settings: { number_of_shards: 3 } }), before);
    const made = deps.admin.indexes.get("orders-custom-1");
    expect(made?.mapping["properties"]).toMatchObject(properties);
    expect(made?.settings["refresh_interval"]).toBeNull();
  });

  it.each([
    ["changed", { properties: { name: { type: "text" } } }],
    ["removed", { properties: {} }],
  ])("refuses a field that was %s, with the way out", async (_what, mapping) => {
    const { index } = setUp();
    await index.create(indexSpec(1));
    await expect(index.update(indexSpec(1, { mapping }), indexSpec(1))).rejects.toMatchObject({
      code: "INDEX_CHANGE_REFUSED",
      fix: expect.stringContaining('raise "revision"'),
    });
  });

  it("refuses another transform under one revision unless it is allowed, and then remembers it", async () => {
    const { deps, index } = setUp();
    await index.create(indexSpec(1));
    await expect(index.update(indexSpec(1, { transformHash: "b" }), indexSpec(1))).rejects.toMatchObject({
      code: "TRANSFORM_CHANGED",
    });
    await index.update(indexSpec(1, { transformHash: "b", allowTransformChange: true }), indexSpec(1));
    const control = await deps.control.read("orders");
    expect(control.generations["orders-custom-1"]?.transformHash).toBe("b");
  });

  it("records a gap, and tells of it once, when the table has another stream than before", async () => {
    const { deps, index } = setUp();
    const [first, second] = [
      indexSpec(1, { streamArn: "stream/1" }),
      indexSpec(1, { streamArn: "stream/2" }),
    ];
    await index.create(first);
    await index.update(first, first);
    expect(deps.announced).toEqual([]);
    await index.update(second, first);
    const { generations } = await deps.control.read("orders");
    expect(generations["orders-custom-1"]?.gap?.cause).toContain("stream/2");
    expect(deps.announced).toHaveLength(1);
  });

  it("takes a spec of an earlier release, which named no stream, for no gap", async () => {
    const { deps, index } = setUp();
    await index.create(indexSpec(1));
    await index.update(indexSpec(1, { streamArn: "stream/1" }), indexSpec(1));
    expect((await deps.control.read("orders")).generations["orders-custom-1"]?.gap).toBeUndefined();
  });

  it("notices that the index was deleted and made again behind our back", async () => {
    const { deps, index } = setUp();
    await index.create(indexSpec(1));
    const made = deps.admin.indexes.get("orders-custom-1");
    if (made !== undefined) made.uuid = "another";
    await expect(index.update(indexSpec(1), indexSpec(1))).rejects.toMatchObject({ code: "INDEX_REPLACED" });
    deps.admin.indexes.clear();
    await expect(index.update(indexSpec(1), indexSpec(1))).rejects.toMatchObject({ code: "INDEX_REPLACED" });
  });

  it("does not delete what searches use, nor what is not ours", async () => {
    const { deps, index } = setUp();
    await index.create(indexSpec(1));
    deps.admin.indexes.get("orders-custom-1")?.aliases.set("orders", {});
    await expect(index.delete(indexSpec(1))).rejects.toMatchObject({ code: "GENERATION_SERVING" });
    deps.admin.indexes.clear();
    deps.admin.addForeign("orders-custom-1");
    await index.delete(indexSpec(1));
    expect(deps.admin.indexes.has("orders-custom-1")).toBe(true);
    expect((await deps.control.read("orders")).generations).toEqual({});
  });
});

describe("Guard", () => {
  it("refuses while the alias points at its generation, and lets go when it does not", async () => {
    const { deps, index, guard } = setUp();
    await index.create(indexSpec(1));
    await guard.create(guardOf(1));
    deps.admin.indexes.get("orders-custom-1")?.aliases.set("orders", {});
    await expect(guard.delete(guardOf(1))).rejects.toMatchObject({
      code: "GENERATION_SERVING",
      fix: expect.stringContaining("trueup wait orders"),
    });
    deps.admin.indexes.get("orders-custom-1")?.aliases.delete("orders");
    await guard.delete(guardOf(1));
    expect((await deps.control.read("orders")).generations["orders-custom-1"]?.leaving).toBe(true);
  });

  it("takes a begun removal back when its generation is listed again", async () => {
    const { deps, index, guard } = setUp();
    await index.create(indexSpec(1));
    await guard.delete(guardOf(1));
    await guard.create(guardOf(1));
    const control = await deps.control.read("orders");
    expect(control.generations["orders-custom-1"]).not.toHaveProperty("leaving");
  });

  it("lets go of a retired table's serving generation", async () => {
    const { deps, index, guard, table } = setUp();
    await index.create(indexSpec(1));
    deps.admin.indexes.get("orders-custom-1")?.aliases.set("orders", {});
    await table.update({ table: "orders", retire: true });
    expect(await deps.admin.aliasMembers("orders")).toEqual([]);
    await guard.delete(guardOf(1));
    await index.delete(indexSpec(1));
    await table.delete({ table: "orders", retire: true });
    expect(await deps.control.read("orders")).toEqual({ table: "orders", retired: false, generations: {} });
  });
});

describe("Table", () => {
  const adoptAlias = { table: "orders", retire: false, adopt: { alias: "orders" } };
  const adoptIndex = {
    table: "orders",
    retire: false,
    adopt: { index: "orders", deleteIndexAtCutover: true },
  };

  it("refuses an index or alias of its name that we did not make", async () => {
    const { deps, table } = setUp();
    deps.admin.addForeign("orders");
    await expect(table.create({ table: "orders", retire: false })).rejects.toMatchObject({
      code: "INDEX_EXISTS",
    });
    deps.admin.indexes.clear();
    deps.admin.addForeign("orders-v3", "orders");
    await expect(table.create({ table: "orders", retire: false })).rejects.toMatchObject({
      code: "INDEX_EXISTS",
    });
  });

  it("refuses an adoption that does not cover what is there", async () => {
    const { deps, table } = setUp();
    deps.admin.addForeign("orders");
    await expect(table.create(adoptAlias)).rejects.toMatchObject({ code: "ADOPTION_REFUSED" });
    const kept = { ...adoptIndex, adopt: { index: "orders" } };
    await expect(table.create(kept)).rejects.toMatchObject({
      code: "ADOPTION_REFUSED",
      fix: expect.stringContaining("no rollback"),
    });
    await table.create(adoptIndex);
    expect((await deps.control.read("orders")).adopt).toEqual(adoptIndex.adopt);
  });

  it("accepts the alias it is told to adopt, and its own alias always", async () => {
    const { deps, table, index } = setUp();
    deps.admin.addForeign("orders-v3", "orders");
    await table.create(adoptAlias);
    deps.admin.indexes.clear();
    await index.create(indexSpec(1));
    deps.admin.indexes.get("orders-custom-1")?.aliases.set("orders", {});
    await table.update({ table: "orders", retire: false });
  });

  it("is not forgotten while a generation of it serves", async () => {
    const { deps, table, index } = setUp();
    await index.create(indexSpec(1));
    deps.admin.indexes.get("orders-custom-1")?.aliases.set("orders", {});
    await expect(table.delete({ table: "orders", retire: false })).rejects.toMatchObject({
      code: "GENERATION_SERVING",
    });
  });
});

describe("Build", () => {
  const spec = {
    table: "orders",
    generation: "orders-custom-1",
    stateMachine: "arn:aws:states:eu-central-1:1:stateMachine:build",
    input: JSON.stringify({ table: tableOf([1]), generation: "orders-custom-1" }),
  };
  const first = "orders-custom-1-uuid-1";

  it("starts one execution, named after generation and index, however often it is asked", async () => {
    const { deps, build } = setUp();
    const started = await build.create(spec);
    expect(await build.create(spec)).toEqual(started);
    expect(await build.update(spec, spec)).toEqual(started);
    expect([...deps.executions.states]).toEqual([[first, "running"]]);
  });

  it("leaves one that succeeded alone and starts the next after one that failed", async () => {
    const { deps, build } = setUp();
    await build.create(spec);
    deps.executions.states.set(first, "succeeded");
    await build.update(spec, spec);
    deps.executions.states.set(first, "failed");
    const again = await build.update(spec, spec);
    expect(again["execution"]).toMatch(/-uuid-1-2$/);
    expect([...deps.executions.states.keys()]).toEqual([first, `${first}-2`]);
  });

  it("stops what runs when the generation is removed", async () => {
    const { deps, build } = setUp();
    await build.create(spec);
    deps.executions.states.set(first, "failed");
    await build.update(spec, spec);
    await build.delete(spec);
    expect([...deps.executions.states.values()]).toEqual(["failed", "stopped"]);
  });

  it("refuses an input that does not describe its generation", async () => {
    const { build } = setUp();
    await expect(build.create({ ...spec, input: "{}" })).rejects.toMatchObject({
      code: "CONFIGURATION_INVALID",
    });
  });
});

describe("Security", () => {
  const grant = (backendRoles: readonly string[]) => ({
    backendRoles,
    indexPatterns: ["orders-*"],
    actions: ["indices:data/write/*"],
    clusterActions: [],
  });

  it("grants what is declared and revokes only what is not declared any more", async () => {
    const { deps, security } = setUp();
    await security.create({ roles: { writer: grant(["a", "b"]), reader: grant(["c"]) } });
    deps.security.calls.length = 0;
    await security.update(
      { roles: { writer: grant(["a"]) } },
      { roles: { writer: grant(["a", "b"]), reader: grant(["c"]) } },
    );
    expect(deps.security.calls.map(({ kind, role }) => [kind, role.role, ...role.backendRoles])).toEqual([
      ["grant", "writer", "a"],
      ["revoke", "writer", "b"],
      ["revoke", "reader", "c"],
    ]);
  });
});
