/** A table of a PostgreSQL in managed mode on this machine: built, served, broken in the ways Data Prepper breaks it, toggled. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "pg";
import { stringify } from "yaml";
import { z } from "zod";
import { waitUntil } from "../../local/engines/wait-until.ts";
import { localFiles } from "../../local/machine/local-folder.ts";
import { runCli } from "../support/run-cli.ts";
import { ask, requireNoStack } from "./local-stack.ts";

jest.setTimeout(420_000);

const patience = { withinMillis: 300_000, fix: "look at the outputs under .trueup/local" };
const endpointsSchema = z.object({ search: z.string(), postgres: z.string() });
const hitSchema = z.object({ _id: z.string(), _source: z.record(z.string(), z.unknown()) });
const hitsSchema = z.object({ hits: z.object({ hits: z.array(hitSchema) }) });
const foundSchema = z.object({ count: z.number(), ids: z.array(z.string()) });
const reportSchema = z.object({
  drift: z.object({ missing: foundSchema, stale: foundSchema, orphaned: foundSchema }),
  repaired: z.number(),
  remaining: z.number(),
});
const statusSchema = z.object({ serving: z.string().optional() });

const shop = {
  kind: "aurora-postgresql",
  cluster: "shop",
  database: "shop",
  export: { keyArn: "arn:aws:kms:us-east-1:123456789012:key/exports" },
};
const ORDERS = {
  source: { sql: "shop", table: "public.orders" },
  consumerTimeoutSeconds: 15,
  audit: { pollSeconds: 1 },
};
const managed = { mode: "managed", pipeline: { collectSeconds: 1 } };
const ROWS = `INSERT INTO orders SELECT n, 'order', n * 1.25, TIMESTAMPTZ '2026-11-25 10:11:12.5+02', repeat('long', 2000)
  FROM generate_series($1::int, $2::int) AS n`;

describe("a local stack with a managed table of a database", () => {
  const folder = mkdtempSync(join(tmpdir(), "local-managed-sql-"));
  let isOurs = false;
  let database: Client;
  let search: string;

  beforeAll(() => {
    requireNoStack();
    isOurs = true;
  });
  afterAll(async () => {
    await database?.end();
    if (isOurs) await runCli("local", "down");
    rmSync(folder, { recursive: true, force: true });
  });

  const bringUp = async (tables: object, sources: object = { shop }) => {
    const file = join(folder, "stack.yaml");
    writeFileSync(file, stringify({ config: { "trueup:sources": sources, "trueup:tables": tables } }));
    const { status, notes } = await runCli("local", "up", "--stack", "local", "--config", file);
    expect({ status, notes }).toMatchObject({ notes: expect.stringContaining("The stack runs.") });
    return status;
  };
  /** What searches find, by id. */
  const readAll = async (): Promise<ReadonlyMap<string, Readonly<Record<string, unknown>>>> => {
    const answer = await fetch(`${search}/orders/_search?size=1000`);
    if (!answer.ok) return new Map();
    return new Map(hitsSchema.parse(await answer.json()).hits.hits.map(({ _id, _source }) => [_id, _source]));
  };
  const isServing = async (generation: string) =>
    statusSchema.parse(await ask("status", "orders")).serving === generation;
  const namesOf = async (sql: string) =>
    (await database.query<{ name: string }>(sql)).rows.map(({ name }) => name).sort();
  const logNames = () =>
    namesOf(
      "SELECT slot_name::text AS name FROM pg_replication_slots UNION SELECT pubname::text FROM pg_publication",
    );

  it("loads a table by its pipeline and serves it once an audit is clean", async () => {
    await bringUp({});
    const endpoints = endpointsSchema.parse(JSON.parse(readFileSync(localFiles.endpoints, "utf8")));
    search = endpoints.search;
    database = new Client({ connectionString: endpoints.postgres });
    await database.connect();
    await database.query(`
      CREATE TABLE orders (id bigint PRIMARY KEY, name text, price numeric(20, 5), placed_at timestamptz, note text);
      ALTER TABLE orders ALTER COLUMN note SET STORAGE EXTERNAL`);
    await database.query(ROWS, [1, 50]);
    await bringUp({ orders: { ...ORDERS, ...managed } });
    await waitUntil("it serves", () => isServing("orders-managed-1"), patience);
    expect((await readAll()).size).toBe(50);
    expect((await readAll()).get("3")).toEqual({
      id: 3,
      name: "order",
      price: "3.75000",
      placed_at: Date.parse("2026-11-25T10:11:12.5+02:00"),
      note: "long".repeat(2000),
    });
  });

  it("follows changes, and an audit finds nothing", async () => {
    await database.query(ROWS, [51, 60]);
    await database.query("UPDATE orders SET name = 'changed', note = 'short' WHERE id = 4");
    await database.query("DELETE FROM orders WHERE id = 5");
    await waitUntil(
      "the changes are found",
      async () => {
        const all = await readAll();
        return all.size === 59 && all.get("4")?.["name"] === "changed" && !all.has("5");
      },
      patience,
    );
    expect(await ask("audit", "orders", "--wait", "--timeout", "5m")).toMatchObject({
      generation: "orders-managed-1",
      drift: { missing: { count: 0 }, stale: { count: 0 }, orphaned: { count: 0 }, altered: { count: 0 } },
      remaining: 0,
    });
  });

  it("is found without a long value that did not change, and with rows that a truncation took, and is put right", async () => {
    await database.query("UPDATE orders SET name = 'named' WHERE id = 6");
    await waitUntil(
      "the change is found",
      async () => (await readAll()).get("6")?.["name"] === "named",
      patience,
    );
    expect((await readAll()).get("6")).not.toHaveProperty("note");
    const kept = "SELECT * FROM orders WHERE id BETWEEN 6 AND 40";
    await database.query(`CREATE TEMPORARY TABLE kept AS ${kept}; TRUNCATE orders`);
    await database.query("UPDATE kept SET name = 'again' WHERE id = 7");
    await database.query("INSERT INTO orders SELECT * FROM kept WHERE id <> 6");
    await database.query("INSERT INTO orders SELECT * FROM kept WHERE id = 6");
    // Changes of one millisecond have one version, and are ambiguous instead of stale.
    await waitUntil(
      "the row is found again",
      async () => (await readAll()).get("7")?.["name"] === "again",
      patience,
    );
    await database.query("UPDATE orders SET price = 0 WHERE id = 7");
    await waitUntil(
      "the later changes are found",
      async () => String((await readAll()).get("7")?.["price"]).startsWith("0"),
      patience,
    );
    expect((await readAll()).size).toBe(59);
    // What changed in the last seconds before an audit, the next one judges.
    const reports: z.infer<typeof reportSchema>[] = [];
    const audit = async () => {
      reports.push(reportSchema.parse(await ask("audit", "orders", "--wait", "--timeout", "5m")));
      return reports.some(({ drift }) => drift.stale.ids.length > 0);
    };
    await waitUntil("the lost value is found", audit, patience);
    expect(reports.flatMap(({ drift }) => drift.stale.ids)).toEqual(["7"]);
    expect(reports.map(({ drift }) => drift.orphaned.count).filter((count) => count > 0)).toEqual([24]);
    expect(reports.reduce((sum, { repaired }) => sum + repaired, 0)).toBe(25);
    expect(reports.map(({ drift, remaining }) => drift.missing.count + remaining)).toEqual(
      reports.map(() => 0),
    );
    await fetch(`${search}/orders/_refresh`, { method: "POST" });
    const all = await readAll();
    expect(all.size).toBe(35);
    expect(all.get("7")).toMatchObject({ price: "0.00000", note: "long".repeat(2000) });
  });

  it("is toggled to the custom mode without a gap for searches, and leaves nothing in the database's log", async () => {
    const generations = [managed, { mode: "custom" }];
    await bringUp({ orders: { ...ORDERS, generations } });
    let fewest = Number.POSITIVE_INFINITY;
    await waitUntil(
      "the custom generation serves",
      async () => {
        fewest = Math.min(fewest, (await readAll()).size);
        return isServing("orders-custom-1");
      },
      patience,
    );
    expect(fewest).toBe(35);
    expect((await readAll()).get("7")).toMatchObject({ price: 0, placed_at: "2026-11-25T08:11:12.5Z" });
    expect(await logNames()).toContainEqual(expect.stringMatching(/^data_prepper_t[0-9a-f]{8}_slot_/));
    expect(await bringUp({ orders: { ...ORDERS, mode: "custom" } })).toBe(0);
    expect(await logNames()).toEqual(["trueup_local_shop", "trueup_local_shop"].slice(1));
  });
});
