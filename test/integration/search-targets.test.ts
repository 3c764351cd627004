import { randomUUID } from "node:crypto";
import { makeOpenSearchAdmin } from "../../adapters/opensearch-admin.ts";
import { makeSearchConnection, type SearchConnection } from "../../adapters/opensearch-connection.ts";
import {
  makeOpenSearchDocumentVersions,
  makeOpenSearchIdentity,
} from "../../adapters/opensearch-identity.ts";
import { makeOpenSearchIndex } from "../../adapters/opensearch-index.ts";
import { makeOpenSearchInspector } from "../../adapters/opensearch-inspector.ts";
import { makeOpenSearchSecurity } from "../../adapters/opensearch-security.ts";
import { makeSearchSend } from "../../adapters/opensearch-send.ts";
import { makeReadDialect } from "../../adapters/search-dialect.ts";
import { makeSearchTargetProbe } from "../../adapters/search-target-probe.ts";
import { planAliasDrop, planAliasMove } from "../../core/alias-move.ts";
import type { DocumentRow } from "../../core/audit-rows.ts";
import { toExternalVersion } from "../../core/external-version.ts";
import { toIndexBody } from "../../core/index-definition.ts";
import type { IndexWrite } from "../../core/ports/index-writer.ts";
import { shardOfDocument } from "../../core/shard-of-document.ts";
import { elasticsearch7, openSearch2, openSearch3 } from "../../local/setup/search-distribution.ts";
import { AuditWorld } from "../support/audit-world.ts";
import { documentedLacks } from "./documented-lacks.ts";
import { type OwnEngine, startOwnEngine } from "./search-engines.ts";

jest.setTimeout(240_000);

const WHOLE = { above: -1, through: Number.MAX_SAFE_INTEGER };
const START = { aboveSeqNo: -1, documents: 0 };
const soon = () => Date.now() + 30_000;
const toWrite = (id: string, version: bigint, source: string | undefined): IndexWrite => ({
  id,
  version: toExternalVersion(version, "test"),
  source,
});

/** An index as index-lifecycle makes it, with everything of the product that reaches it. */
async function makeIndex(connection: SearchConnection, shards = 3) {
  const index = `targets-${randomUUID()}`;
  const writeAlias = `${index}-write`;
  const send = makeSearchSend(connection);
  const admin = makeOpenSearchAdmin(send);
  const body = toIndexBody({
    environment: "test",
    table: "targets",
    generation: index,
    writeAlias,
    mapping: { dynamic: "strict", properties: { name: { type: "keyword" } } },
    settings: { number_of_shards: shards, number_of_replicas: 0 },
  });
  expect(await admin.createIndex(index, body)).toBe("created");
  const facts = await admin.findIndex(index);
  const indexUuid = facts?.indexUuid ?? "";
  const options = { writeAlias, now: Date.now };
  return {
    ...{ index, writeAlias, indexUuid, body, facts, send, admin },
    writer: makeOpenSearchIndex(connection, options),
    remover: makeOpenSearchIndex(connection, { ...options, removes: true }),
    identity: () => makeOpenSearchIdentity(connection, { writeAlias, indexUuid }, Date.now),
    versions: makeOpenSearchDocumentVersions(connection, writeAlias),
    inspector: makeOpenSearchInspector(connection),
    searchIds: async (name: string): Promise<readonly string[]> => {
      const answer = await send("POST", `/${name}/_search`, { query: { match_all: {} } });
      const { hits } = answer.body as { hits: { hits: { _id: string }[] } };
      return hits.hits.map(({ _id }) => _id).sort();
    },
  };
}

describe.each([
  { distribution: openSearch3, dialect: { engine: "opensearch", stillness: "point-in-time" } },
  { distribution: openSearch2, dialect: { engine: "opensearch", stillness: "point-in-time" } },
  { distribution: elasticsearch7, dialect: { engine: "elasticsearch", stillness: "scroll" } },
])("$distribution.product $distribution.version", ({ distribution, dialect }) => {
  let engine: OwnEngine | undefined;
  let connection: SearchConnection;

  beforeAll(async () => {
    // The engine of all integration tests runs already.
    const shared = distribution === openSearch3 ? process.env["TRUEUP_TEST_SEARCH"] : undefined;
    engine = shared === undefined ? await startOwnEngine(distribution) : undefined;
    const endpoint = shared ?? engine?.url ?? "";
    connection = makeSearchConnection({ endpoint, authentication: { kind: "none" } }, () => {
      throw new Error("no credentials are needed");
    });
  });

  afterAll(async () => {
    await connection?.({ method: "DELETE", path: "/targets-*", query: "expand_wildcards=all" });
    await engine?.stop();
  });

  it("is told by its root, and spoken to as it understands", async () => {
    const { version } = distribution;
    expect(await makeReadDialect(connection)()).toEqual({ ...dialect, version });
  });

  it("can do what docs/targets.md says", async () => {
    const lacks = await makeSearchTargetProbe(connection, Date.now).findLacks(
      `targets-${randomUUID()}-probe`,
    );
    const { product, version } = distribution;
    expect(lacks.map(({ capability }) => capability)).toEqual(documentedLacks(`${product} ${version}`));
  });

  it("makes an index once, with mark and write alias, and changes only what an index in use can take", async () => {
    const { index, writeAlias, body, facts, admin } = await makeIndex(connection);
    expect(facts?.mark).toEqual({ environment: "test", table: "targets", generation: index });
    expect(await admin.createIndex(index, body)).toBe("exists");
    expect(await admin.createIndex(writeAlias, {})).toBe("exists");
    expect((await admin.aliasMembers(writeAlias)).map((member) => member.index)).toEqual([index]);
    await admin.putMapping(index, { properties: { city: { type: "text" } } });
    await admin.putSettings(index, { refresh_interval: "5s" });
    const refused = { code: "INDEX_CHANGE_REFUSED" };
    const changed = { properties: { name: { type: "long" } } };
    await expect(admin.putMapping(index, changed)).rejects.toMatchObject(refused);
    await expect(admin.putSettings(index, { number_of_shards: 5 })).rejects.toMatchObject(refused);
    const unknown = { mappings: { properties: { name: { type: "nonsense" } } } };
    await expect(admin.createIndex(`${index}-x`, unknown)).rejects.toMatchObject({
      code: "CONFIGURATION_INVALID",
      message: expect.stringContaining("nonsense"),
    });
    await admin.deleteIndex(index);
    await admin.deleteIndex(index);
    expect(await admin.findIndex(index)).toBeUndefined();
  });

  it("moves the search alias in one step, hides tombstones behind it, and forgets it twice", async () => {
    const [first, second] = [await makeIndex(connection), await makeIndex(connection)];
    const { admin } = first;
    const alias = `${first.index}-alias`;
    for (const { writer, inspector, index } of [first, second]) {
      const gone = toWrite("gone", 5n, '{"_trueup_deleted_at":1700000000000}');
      await writer.write([toWrite("a", 5n, '{"name":"a"}'), gone], soon());
      await inspector.refresh(index);
    }
    await admin.changeAliases(planAliasMove(alias, first.index, [], { kind: "none" }));
    expect(await first.searchIds(alias)).toEqual(["a"]);
    expect(await admin.countDocuments(first.index)).toBe(1);
    const members = await admin.aliasMembers(alias);
    await admin.changeAliases(planAliasMove(alias, second.index, members, { kind: "none" }));
    expect((await admin.aliasMembers(alias)).map(({ index }) => index)).toEqual([second.index]);
    const move = planAliasMove(alias, `${first.index}-none`, members, { kind: "none" });
    await expect(admin.changeAliases(move)).rejects.toMatchObject({ code: "CUTOVER_REFUSED" });
    await admin.changeAliases(planAliasDrop(alias, [second.index]));
    await admin.changeAliases(planAliasDrop(alias, [second.index]));
    expect(await admin.aliasMembers(alias)).toEqual([]);
  });

  it("keeps the highest version, of 63 bits and all, and takes an equal one again", async () => {
    const { writer, versions } = await makeIndex(connection);
    const highest = 9_223_372_036_854_775_000n;
    const outcomes = [];
    for (const version of [highest, highest, highest - 1n]) {
      outcomes.push(...(await writer.write([toWrite("a", version, '{"name":"a"}')], soon())));
    }
    expect(outcomes).toMatchObject([
      { kind: "applied", seqNo: 0, primaryTerm: 1 },
      { kind: "applied", seqNo: 1, primaryTerm: 1 },
      { kind: "superseded" },
    ]);
    expect(await versions.read("a")).toBe(highest);
    expect(await versions.read("absent")).toBeUndefined();
  });

  it("refuses one document and takes the rest, without telling the document's values", async () => {
    const { writer } = await makeIndex(connection);
    const unknown = toWrite("b", 5n, '{"secret":"hush"}');
    const outcomes = await writer.write([toWrite("a", 5n, '{"name":"a"}'), unknown], soon());
    expect(outcomes).toMatchObject([{ kind: "applied" }, { kind: "rejected", cause: "MAPPING_REJECTED" }]);
    expect(JSON.stringify(outcomes)).not.toContain("hush");
  });

  it("makes no index of a write that comes after the index is gone", async () => {
    const { writer, admin, index, writeAlias } = await makeIndex(connection);
    await admin.deleteIndex(index);
    expect(await writer.write([toWrite("a", 5n, "{}")], soon())).toMatchObject([
      { kind: "unavailable", status: 404 },
    ]);
    expect(await admin.findIndex(writeAlias)).toBeUndefined();
  });

  it("removes by version, what is there and what is not", async () => {
    const { remover } = await makeIndex(connection);
    await remover.write([toWrite("a", 5n, "{}")], soon());
    const removals = [toWrite("a", 6n, undefined), toWrite("absent", 6n, undefined)];
    expect(await remover.write(removals, soon())).toMatchObject([{ kind: "applied" }, { kind: "applied" }]);
    expect(await remover.write([toWrite("a", 5n, "{}")], soon())).toEqual([{ kind: "superseded" }]);
  });

  it("shows when another index stands behind the write alias", async () => {
    const { identity, admin, index, body } = await makeIndex(connection);
    await identity().verify();
    await admin.deleteIndex(index);
    await admin.createIndex(index, body);
    await expect(identity().verify()).rejects.toMatchObject({ code: "INDEX_REPLACED" });
  });

  it("lists a shard of several pages as it was when it was opened, on the shards we compute", async () => {
    const { writer, inspector, index, indexUuid } = await makeIndex(connection, 2);
    const ids = Array.from({ length: 12_000 }, (_, place) => `é ${place}`);
    await writer.write(
      ids.map((id) => toWrite(id, 7n, '{"name":"a"}')),
      soon(),
    );
    await inspector.refresh(index);
    const seen = await inspector.observe(index);
    if (seen === undefined) throw new Error("no index");
    expect(seen).toMatchObject({ indexUuid, routing: { shards: 2, routingShards: 1024 } });
    const rows: DocumentRow[] = [];
    for (const { shard, checkpoint, historyUuid } of seen.shards) {
      expect(historyUuid).toMatch(/^[\w-]{20,}$/);
      const opened = await inspector.openShard(index, shard, { above: -1, through: checkpoint });
      const late = ids.filter((id) => shardOfDocument(id, seen.routing) === shard).slice(0, 50);
      await writer.write(
        late.map((id) => toWrite(id, 8n, '{"name":"b"}')),
        soon(),
      );
      await inspector.refresh(index);
      const before = rows.length;
      for await (const page of inspector.list(opened.name, shard, START, 0)) rows.push(...page);
      expect(opened.count).toBe(rows.length - before);
      await inspector.closeShard(opened.name);
    }
    expect(rows.map(({ id }) => id).sort()).toEqual(ids.sort());
    expect(rows.every(({ version }) => version === "7")).toBe(true);
    expect(rows.every(({ id, shard }) => shard === shardOfDocument(id, seen.routing))).toBe(true);
  });

  it("goes on with a listing where it stopped, and counts below the checkpoint whatever is listed", async () => {
    const { writer, inspector, index } = await makeIndex(connection, 1);
    await writer.write(
      Array.from({ length: 11_000 }, (_, place) => toWrite(`${place}`, 7n, "{}")),
      soon(),
    );
    await inspector.refresh(index);
    const { name, count } = await inspector.openShard(index, 0, { above: 99, through: 10_499 });
    expect(count).toBe(10_500);
    let from = { ...START, aboveSeqNo: 99 };
    for (let stops = 0; stops < 2; stops += 1) {
      for await (const page of inspector.list(name, 0, from, 0)) {
        expect(page[0]?.seqNo).toBe(from.aboveSeqNo + 1);
        from = { aboveSeqNo: page.at(-1)?.seqNo ?? -1, documents: from.documents + page.length };
        break;
      }
    }
    expect(from).toEqual({ aboveSeqNo: 10_099, documents: 10_000 });
    for await (const page of inspector.list(name, 0, from, 0)) {
      from = { aboveSeqNo: page.at(-1)?.seqNo ?? -1, documents: from.documents + page.length };
    }
    expect(from).toEqual({ aboveSeqNo: 10_999, documents: 10_900 });
    await inspector.closeShard(name);
    await expect(inspector.list(name, 0, from, 0)[Symbol.asyncIterator]().next()).rejects.toMatchObject({
      code: "INDEX_UNAVAILABLE",
      retryable: true,
    });
  });

  it("never takes a listing that lost a page for a whole one", async () => {
    const { writer, inspector, index } = await makeIndex(connection, 1);
    await writer.write(
      Array.from({ length: 11_000 }, (_, place) => toWrite(`${place}`, 7n, "{}")),
      soon(),
    );
    await inspector.refresh(index);
    const { name } = await inspector.openShard(index, 0, WHOLE);
    // A page that was read by an invocation which then died: nobody wrote down that it had come so far.
    await inspector.list(name, 0, START, 0)[Symbol.asyncIterator]().next();
    const listed = async () => {
      let documents = 0;
      for await (const page of inspector.list(name, 0, START, 0)) documents += page.length;
      return documents;
    };
    const outcome = await listed().catch((cause: unknown) => cause);
    if (dialect.stillness === "scroll") expect(outcome).toMatchObject({ code: "INDEX_UNAVAILABLE" });
    else expect(outcome).toBe(11_000);
  });

  it("H12: purges a tombstone only while the index holds that very write", async () => {
    const { writer, inspector, index } = await makeIndex(connection, 1);
    const put = async (id: string, version: bigint) => {
      const [outcome] = await writer.write([toWrite(id, version, "{}")], soon());
      if (outcome?.kind !== "applied") throw new Error(`not applied: ${outcome?.kind}`);
      return { id, seqNo: outcome.seqNo, primaryTerm: outcome.primaryTerm };
    };
    const [kept, gone] = [await put("kept", 5n), await put("gone", 5n)];
    await put("kept", 5n);
    const [first, second] = await inspector.purge(index, [kept, gone]);
    expect(first).toBeUndefined();
    expect(second?.primaryTerm).toBe(gone.primaryTerm);
    const live = await inspector.readLive(index, ["kept", "gone"]);
    expect(live.map((document) => document?.version)).toEqual(["5", undefined]);
    expect(await inspector.readDocument(index, "kept")).toBe("{}");
  });

  it("says so where there is no security plugin to map roles with", async () => {
    const { send, index } = await makeIndex(connection);
    const role = { role: "r", backendRoles: ["b"], indexPatterns: [index], actions: [], clusterActions: [] };
    await expect(makeOpenSearchSecurity(send).grant(role)).rejects.toMatchObject({
      code: "SECURITY_REFUSED",
      message: expect.stringContaining("no security plugin"),
    });
  });

  it("is audited: finds and repairs what was swallowed, altered, added and removed, and nothing else", async () => {
    const { writer, inspector, index, indexUuid } = await makeIndex(connection, 2);
    const world = new AuditWorld("dynamodb", {
      index,
      indexUuid,
      inspector,
      write: async (id, version) => {
        const [outcome] = await writer.write([toWrite(id, version, '{"name":"a"}')], soon());
        return outcome?.kind === "applied" ? outcome : undefined;
      },
    });
    for (let id = 0; id < 200; id += 1) world.write(`r${id}`, id);
    await world.consume();
    world.now += 3_600_000;
    expect(await world.audit("one")).toMatchObject({ remaining: 0, notJudged: 0, ambiguous: 0 });
    world.write("r1", 999);
    await world.consume(1, true);
    const { status } = await connection({ method: "PUT", path: `/${index}/_doc/r2`, body: "{}" });
    expect(status).toBe(200);
    await connection({ method: "PUT", path: `/${index}/_doc/foreign`, body: "{}" });
    await connection({ method: "DELETE", path: `/${index}/_doc/r3` });
    world.now += 3_600_000;
    const report = await world.audit("two");
    expect(report.drift).toMatchObject({
      stale: { ids: ["r1"] },
      altered: { ids: ["r2"] },
      orphaned: { ids: ["foreign"] },
      missing: { ids: ["r3"] },
    });
    expect(report).toMatchObject({ repaired: 4, remaining: 0 });
  });
});
