/** Whom a session trusts that a database is: a real PostgreSQL with a certificate that a test's own authority signed. */
import { chmodSync, chownSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { makePostgres } from "../../adapters/postgres-connection.ts";
import type { DatabaseConnection } from "../../core/source-descriptor.ts";
import { type PostgresEngine, startPostgres } from "../../local/engines/postgres.ts";
import { freePort, makeFolder } from "./streaming-engines.ts";
import { makeAuthority } from "./test-authority.ts";

jest.setTimeout(120_000);

/** The user that engines run as when root starts them; a key may be read by its owner alone. */
const NOBODY = 65_534;
const folder = makeFolder();
const { authority, certificate, key } = makeAuthority({ ip: [127, 0, 0, 1] });
let engine: PostgresEngine;

beforeAll(async () => {
  const place = join(folder, "tls");
  mkdirSync(place);
  const files = { ssl_cert_file: join(place, "server.crt"), ssl_key_file: join(place, "server.key") };
  writeFileSync(files.ssl_cert_file, certificate);
  writeFileSync(files.ssl_key_file, key);
  chmodSync(files.ssl_key_file, 0o600);
  if (process.getuid?.() === 0) chownSync(files.ssl_key_file, NOBODY, NOBODY);
  const settings = { ssl: "on", ...files };
  engine = await startPostgres({ port: await freePort(), folder: join(folder, "postgres"), settings });
});
afterAll(async () => {
  await engine?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Whether its session is encrypted, as the server sees it. */
async function ask(trust: Partial<DatabaseConnection>): Promise<unknown> {
  const { hostname: host, port, username, password } = new URL(engine.url);
  const session = makePostgres(
    {
      engine: "postgresql",
      host,
      port: Number(port),
      database: "postgres",
      secretArn: "s",
      tls: "verified",
      ...trust,
    },
    async () => ({ username, password }),
  );
  try {
    return await session.query("select ssl from pg_stat_ssl where pid = pg_backend_pid()");
  } finally {
    await session.end();
  }
}

it("believes a certificate that the given authority signed", async () => {
  expect(await ask({ certificateAuthority: authority })).toEqual([["t"]]);
});

it.each<[string, Partial<DatabaseConnection>]>([
  ["those of RDS", { authorities: "rds" }],
  ["Node's", {}],
])("refuses it where only authorities are trusted that did not sign it: %s", async (_whose, trust) => {
  await expect(ask(trust)).rejects.toThrow("the database did not answer");
});
