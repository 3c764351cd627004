import { makeOpenSearchAdmin } from "../../adapters/opensearch-admin.ts";
import { makeSearchConnection } from "../../adapters/opensearch-connection.ts";
import { makeSearchSend } from "../../adapters/opensearch-send.ts";
import { planAliasDrop, planAliasMove, planAliasReturn } from "../../core/alias-move.ts";
import { toIndexBody } from "../../core/index-definition.ts";

const endpoint = process.env["TRUEUP_TEST_SEARCH"] ?? "";
const send = makeSearchSend(
  makeSearchConnection({ endpoint, authentication: { kind: "none" } }, () => {
    throw new Error("no credentials are needed");
  }),
);
const admin = makeOpenSearchAdmin(send);
const prefix = `lifecycle-${process.pid}`;
const name = (suffix: string) => `${prefix}-${suffix}`;
const ALIAS = name("alias");

function bodyOf(index: string, properties: object = { name: { type: "keyword" } }) {
  return toIndexBody({
    environment: "test",
    table: ALIAS,
    generation: index,
    writeAlias: `${index}-write`,
    mapping: { dynamic: "strict", properties },
    settings: { number_of_shards: 3, number_of_replicas: 0 },
  });
}

/** Documents `a` and `b`, and a tombstone, visible at once. */
async function fill(index: string): Promise<void> {
  const tombstone = { _trueup_deleted_at: 1_700_000_000_000 };
  for (const [id, source] of Object.entries({ a: { name: "a" }, b: { name: "b" }, gone: tombstone })) {
    const { status } = await send("PUT", `/${index}/_doc/${id}?refresh=true`, source);
    expect(status).toBe(201);
  }
}

async function searchIds(): Promise<readonly string[]> {
  const { status, body } = await send("POST", `/${ALIAS}/_search`, { query: { match_all: {} } });
  expect(status).toBe(200);
  const { hits } = body as { hits: { hits: { _id: string }[] } };
  return hits.hits.map(({ _id }) => _id).sort();
}

jest.setTimeout(120_000);

afterEach(async () => {
  await send("DELETE", `/${prefix}-*?expand_wildcards=all`);
});

describe("an index of a generation, on a real engine", () => {
  it("is made with mark, write alias and computable shards, and only once", async () => {
    const index = name("orders-custom-1");
    expect(await admin.createIndex(index, bodyOf(index))).toBe("created");
    expect(await admin.createIndex(index, bodyOf(index))).toBe("exists");
    const facts = await admin.findIndex(index);
    expect(facts?.mark).toEqual({ environment: "test", table: ALIAS, generation: index });
    expect(facts?.indexUuid).toMatch(/^[\w-]{20,}$/);
    expect((await admin.aliasMembers(`${index}-write`)).map((member) => member.index)).toEqual([index]);
    const { body } = await send("GET", `/${index}/_settings`);
    expect(body).toMatchObject({
      [index]: { settings: { index: { number_of_shards: "3", number_of_routing_shards: "768" } } },
    });
  });

  it("has another uuid after it was deleted and made again", async () => {
    const index = name("orders-custom-1");
    await admin.createIndex(index, bodyOf(index));
    const before = await admin.findIndex(index);
    await admin.deleteIndex(index);
    await admin.deleteIndex(index);
    expect(await admin.findIndex(index)).toBeUndefined();
    await admin.createIndex(index, bodyOf(index));
    expect((await admin.findIndex(index))?.indexUuid).not.toBe(before?.indexUuid);
  });

  it("is told from an alias of the same name, and from an index of others", async () => {
    await send("PUT", `/${name("foreign")}`, { aliases: { [ALIAS]: {} } });
    expect(await admin.findIndex(ALIAS)).toBeUndefined();
    expect(await admin.createIndex(ALIAS, bodyOf(ALIAS))).toBe("exists");
    expect(await admin.findIndex(name("foreign"))).not.toHaveProperty("mark");
  });

  it("takes an additive mapping and a dynamic setting, and refuses the rest with the way out", async () => {
    const index = name("orders-custom-1");
    await admin.createIndex(index, bodyOf(index));
    await admin.putMapping(index, { properties: { city: { type: "text" } } });
    await admin.putSettings(index, { refresh_interval: "5s" });
    const refused = { code: "INDEX_CHANGE_REFUSED", fix: expect.stringContaining('raise "revision"') };
    await expect(admin.putMapping(index, { properties: { name: { type: "long" } } })).rejects.toMatchObject(
      refused,
    );
    await expect(admin.putSettings(index, { number_of_shards: 5 })).rejects.toMatchObject(refused);
  });

  it("names what is wrong with a mapping nobody can use", async () => {
    const index = name("orders-custom-1");
    const body = bodyOf(index, { name: { type: "nonsense" } });
    await expect(admin.createIndex(index, body)).rejects.toMatchObject({
      code: "CONFIGURATION_INVALID",
      message: expect.stringContaining("nonsense"),
    });
  });
});

describe("the search alias, on a real engine", () => {
  it("hides tombstones and counts without them", async () => {
    const index = name("orders-custom-1");
    await admin.createIndex(index, bodyOf(index));
    await fill(index);
    await admin.changeAliases(planAliasMove(ALIAS, index, [], { kind: "none" }));
    expect(await searchIds()).toEqual(["a", "b"]);
    expect(await admin.countDocuments(index)).toBe(2);
    expect(await admin.countDocuments(name("none"))).toBe(0);
  });

  it("moves to and fro with searches running, none failing or returning less", async () => {
    const indexes = [name("orders-custom-1"), name("orders-custom-2")];
    for (const index of indexes) {
      await admin.createIndex(index, bodyOf(index));
      await fill(index);
    }
    await admin.changeAliases(planAliasMove(ALIAS, indexes[0] ?? "", [], { kind: "none" }));
    let moving = true;
    let searches = 0;
    const searchers = Array.from({ length: 4 }, async () => {
      while (moving) {
        expect(await searchIds()).toEqual(["a", "b"]);
        searches += 1;
      }
    });
    for (let move = 1; move <= 16; move += 1) {
      const members = await admin.aliasMembers(ALIAS);
      await admin.changeAliases(planAliasMove(ALIAS, indexes[move % 2] ?? "", members, { kind: "none" }));
    }
    moving = false;
    await Promise.all(searchers);
    expect(searches).toBeGreaterThan(15);
    expect((await admin.aliasMembers(ALIAS)).map(({ index }) => index)).toEqual([indexes[0]]);
  });

  it("takes the name of a foreign index in the step that deletes it: no search finds the name gone", async () => {
    const index = name("orders-custom-1");
    await admin.createIndex(ALIAS, { settings: { number_of_replicas: 0 } });
    await fill(ALIAS);
    await send("DELETE", `/${ALIAS}/_doc/gone?refresh=true`);
    await admin.createIndex(index, bodyOf(index));
    await fill(index);
    let moving = true;
    const statuses = new Set<number>();
    const searcher = (async () => {
      while (moving) statuses.add((await send("POST", `/${ALIAS}/_search`, {})).status);
    })();
    await admin.changeAliases(planAliasMove(ALIAS, index, [], { kind: "index", index: ALIAS }));
    expect(await searchIds()).toEqual(["a", "b"]);
    moving = false;
    await searcher;
    // A search that is inside the deleted index at that instant fails with 503, and succeeds when repeated.
    expect([...statuses].filter((status) => status !== 200 && status !== 503)).toEqual([]);
    expect(await admin.findIndex(ALIAS)).toBeUndefined();
    expect((await admin.aliasMembers(ALIAS)).map((member) => member.index)).toEqual([index]);
  });

  it("gives an adopted alias back with the options it had", async () => {
    const [index, foreign] = [name("orders-custom-1"), name("foreign")];
    await admin.createIndex(index, bodyOf(index));
    const filter = { term: { name: "a" } };
    await send("PUT", `/${foreign}`, { aliases: { [ALIAS]: { filter, routing: "1" } } });
    const adopted = await admin.aliasMembers(ALIAS);
    await admin.changeAliases(planAliasMove(ALIAS, index, adopted, { kind: "alias", indexes: [foreign] }));
    expect((await admin.aliasMembers(ALIAS)).map((member) => member.index)).toEqual([index]);
    await admin.changeAliases(planAliasReturn(ALIAS, await admin.aliasMembers(ALIAS), adopted));
    expect(await admin.aliasMembers(ALIAS)).toEqual(adopted);
    await admin.changeAliases(planAliasDrop(ALIAS, [foreign]));
    expect(await admin.aliasMembers(ALIAS)).toEqual([]);
  });

  it("changes nothing when one of the changes cannot be made", async () => {
    const index = name("orders-custom-1");
    await admin.createIndex(index, bodyOf(index));
    await admin.changeAliases(planAliasMove(ALIAS, index, [], { kind: "none" }));
    const members = await admin.aliasMembers(ALIAS);
    const move = planAliasMove(ALIAS, name("none"), members, { kind: "none" });
    await expect(admin.changeAliases(move)).rejects.toMatchObject({ code: "CUTOVER_REFUSED" });
    expect(await admin.aliasMembers(ALIAS)).toEqual(members);
  });
});

it("reports an engine that is away as something to be tried again", async () => {
  const away = makeOpenSearchAdmin(
    makeSearchSend(
      makeSearchConnection({ endpoint: "http://127.0.0.1:9", authentication: { kind: "none" } }, () => {
        throw new Error("no credentials are needed");
      }),
    ),
  );
  await expect(away.findIndex("x")).rejects.toMatchObject({ code: "INDEX_UNAVAILABLE", retryable: true });
});
