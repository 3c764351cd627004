import { spawnSync } from "node:child_process";
import { rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { makePostgresColumns } from "../../adapters/postgres-columns.ts";
import { makePostgres } from "../../adapters/postgres-connection.ts";
import { makePostgresExport } from "../../adapters/postgres-export.ts";
import type { SqlSession } from "../../core/ports/sql-session.ts";
import { startPostgres, stopPostgres } from "../../local/engines/postgres.ts";
import { waitUntil } from "../../local/engines/wait-until.ts";
import { prepareStreaming } from "../../local/setup/prepare.ts";
import { MemoryObjects } from "../support/memory-objects.ts";
import { makeFolder } from "./streaming-engines.ts";

jest.setTimeout(180_000);

const folder = makeFolder();
const [primaryFolder, replicaFolder] = [join(folder, "primary"), join(folder, "replica")];
let primary: SqlSession;
let replica: SqlSession;

beforeAll(async () => {
  prepareStreaming();
  const [port, replicaPort] = [await freePort(), await freePort()];
  const first = await startPostgres({ port, folder: primaryFolder });
  await first.stop();
  // A stopped server's files are a base backup.
  spawnSync("cp", ["-a", primaryFolder, replicaFolder]);
  rmSync(join(replicaFolder, "process.json"), { force: true });
  writeFileSync(join(replicaFolder, "data/standby.signal"), "");
  await startPostgres({ port, folder: primaryFolder });
  const settings = { primary_conninfo: `host=127.0.0.1 port=${port} user=postgres` };
  await startPostgres({ port: replicaPort, folder: replicaFolder, settings });
  [primary, replica] = [connect(port), connect(replicaPort)];
  await primary.query("create table orders (id int primary key, state text not null)");
  await primary.query("insert into orders select n, 'open' from generate_series(1, 100) as n");
});
afterAll(async () => {
  await primary?.end();
  await replica?.end();
  await stopPostgres(replicaFolder);
  await stopPostgres(primaryFolder);
  rmSync(folder, { recursive: true, force: true });
});

function connect(port: number): SqlSession {
  const place = { engine: "postgresql", host: "127.0.0.1", port, database: "postgres" } as const;
  const user = async () => ({ username: "postgres", password: "trueup" });
  return makePostgres({ ...place, secretArn: "s", tls: "off" }, user);
}

async function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0));
    });
  });
}

describe("a table that is read from a replica", () => {
  it("is not read before the replica has replayed what was committed, and then has all of it", async () => {
    const store = new MemoryObjects();
    const exporter = makePostgresExport({
      tableName: "public.orders",
      primary,
      reader: replica,
      readerName: "replica",
      readColumns: () => makePostgresColumns(primary).read("public.orders"),
      store,
      bucket: "state",
      now: Date.now,
      newName: () => "n",
    });
    const isThere = async () => (await replica.query("select count(*) from orders"))[0]?.[0] === "100";
    await waitUntil("the replica has the rows", isThere, { withinMillis: 30_000, fix: "read its log" });
    await replica.query("select pg_wal_replay_pause()");
    const isPaused = async () =>
      (await replica.query("select pg_get_wal_replay_pause_state()"))[0]?.[0] === "paused";
    await waitUntil("the replica stands still", isPaused, { withinMillis: 30_000, fix: "read its log" });
    await primary.query("update orders set state = 'paid' where id = 7");
    const { exportArn } = await exporter.start({ bucket: "state", prefix: "exports/orders", token: "t" });
    expect(await exporter.check(exportArn, () => true)).toEqual({ state: "running" });
    expect(await exporter.files(exportArn)).toEqual([]);
    await replica.query("select pg_wal_replay_resume()");
    const isDone = async () => (await exporter.check(exportArn, () => true)).state === "done";
    await waitUntil("the table is read", isDone, { withinMillis: 30_000, fix: "read the replica's log" });
    const [file] = await exporter.files(exportArn);
    const lines = (await store.readText(file?.key ?? ""))?.trimEnd().split("\n") ?? [];
    expect(lines).toHaveLength(100);
    expect(JSON.parse(lines[6] ?? "{}")).toEqual({ Item: { id: { N: "7" }, state: { S: "paid" } } });
  });
});
