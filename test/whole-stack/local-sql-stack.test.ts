import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "pg";
import { stringify } from "yaml";
import * as z from "zod";
import { killProcess } from "../../local/engines/process.ts";
import { waitUntil } from "../../local/engines/wait-until.ts";
import { localFiles } from "../../local/machine/local-folder.ts";
import { runCli } from "../support/run-cli.ts";
import { requireNoStack } from "./local-stack.ts";

jest.setTimeout(420_000);

const patience = { withinMillis: 180_000, fix: "look at the outputs under .trueup/local" };
const endpointsSchema = z.object({ search: z.string(), postgres: z.string(), kafka: z.string() });
const hitsSchema = z.object({ hits: z.object({ hits: z.array(z.object({ _source: z.unknown() })) }) });
const CITIES = { source: { sql: "geo", table: "public.cities" }, mode: "custom", audit: { pollSeconds: 1 } };

describe("a local stack with a database", () => {
  const folder = mkdtempSync(join(tmpdir(), "local-sql-"));
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

  const bringUp = async (
    tables: object,
    sources: object = { geo: { kind: "postgresql", database: "geo" } },
  ) => {
    const file = join(folder, "stack.yaml");
    writeFileSync(file, stringify({ config: { "trueup:sources": sources, "trueup:tables": tables } }));
    const { status, notes } = await runCli("local", "up", "--stack", "local", "--config", file);
    expect({ status, notes }).toMatchObject({ status: 0, notes: expect.stringContaining("The stack runs.") });
  };
  const find = async (words: string): Promise<readonly unknown[]> => {
    const answer = await fetch(`${search}/cities/_search?q=${words}`);
    return hitsSchema.parse(await answer.json()).hits.hits.map(({ _source }) => _source);
  };

  it("makes the database empty, and says where it and Kafka are", async () => {
    await bringUp({});
    const endpoints = endpointsSchema.parse(JSON.parse(readFileSync(localFiles.endpoints, "utf8")));
    expect(endpoints.kafka).toMatch(/^127\.0\.0\.1:\d+$/);
    search = endpoints.search;
    database = new Client({ connectionString: endpoints.postgres });
    await database.connect();
    await database.query("CREATE TABLE cities (id bigint PRIMARY KEY, name text, area numeric(20, 5))");
    await database.query("INSERT INTO cities SELECT n, 'city', n FROM generate_series(1, 50) AS n");
  });

  it("loads a table, and brings its changes through Debezium and Kafka into the index", async () => {
    await bringUp({ cities: CITIES });
    await database.query("UPDATE cities SET name = 'changed' WHERE id = 3");
    await waitUntil(
      "it serves with the change",
      async () => (await find("name:changed")).length === 1,
      patience,
    );
    expect(await find("name:changed")).toEqual([{ id: 3, name: "changed", area: 3 }]);
  });

  it("brings what changed while the connector was dead, when it is brought up again", async () => {
    await killProcess(join(localFiles.connect, "trueup-local-geo/process.json"));
    await database.query("UPDATE cities SET name = 'later' WHERE id = 4");
    await bringUp({ cities: CITIES });
    await waitUntil("the change is found", async () => (await find("name:later")).length === 1, patience);
  });

  it("leaves no slot, publication or connector of a source that goes", async () => {
    await bringUp({ cities: { ...CITIES, retire: true } });
    await bringUp({});
    await bringUp({}, {});
    const { rows } = await database.query("SELECT slot_name FROM pg_replication_slots");
    const { rows: publications } = await database.query("SELECT pubname FROM pg_publication");
    expect([rows, publications]).toEqual([[], []]);
    const { output } = await runCli("local", "status");
    expect(output).not.toContain("Kafka Connect");
  });
});
