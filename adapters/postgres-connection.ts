import { Pool, type PoolConfig } from "pg";
import { SyncError } from "../core/errors.ts";
import type { SqlQuery, SqlSession } from "../core/ports/sql-session.ts";
import type { DatabaseConnection } from "../core/source-descriptor.ts";
import { SESSION_SETTINGS } from "../core/sql/from-text.ts";
import { listRdsAuthorities } from "./rds-authorities.ts";
import type { ReadUser } from "./secret-reader.ts";

const MOST_CONNECTIONS = 4;
const CONNECT_MILLIS = 10_000;
const STATEMENT_MILLIS = 120_000;

/** Of answers that a new look at the secret may change: an unknown user, or its old password. */
const REFUSED_LOGINS = new Set(["28000", "28P01"]);
/** Classes of answers that no repetition changes: the statement, a value, what it names, rights. */
const FINAL_CLASSES = new Set(["22", "42", "3F", "3D"]);

type Connected = Pick<Pool, "query">;

/**
 * Makes sessions with a PostgreSQL. Connects when first asked, reads the secret anew where the login is refused, and
 * goes on by itself after a failover.
 */
export function makePostgres(connection: DatabaseConnection, readUser: ReadUser): SqlSession {
  let opened: Promise<Pool> | undefined;
  const close = async (): Promise<void> => {
    const pool = opened;
    opened = undefined;
    await (await pool?.catch(() => undefined))?.end();
  };
  const use = async <Result>(work: (pool: Pool) => Promise<Result>): Promise<Result> => {
    try {
      opened ??= open(connection, readUser).catch((cause: unknown) => {
        opened = undefined;
        throw cause;
      });
      return await work(await opened);
    } catch (cause) {
      if (!(cause instanceof SyncError)) throw await unanswered(cause, connection, close);
      throw cause;
    }
  };
  return {
    query: (statement, values) => use((pool) => run(pool, statement, values)),
    transaction: (work) => use((pool) => inTransaction(pool, work)),
    end: close,
  };
}

/** Works with a PostgreSQL and disconnects, whatever became of the work. */
export async function withPostgres<Result>(
  connection: DatabaseConnection,
  readUser: ReadUser,
  work: (session: SqlSession) => Promise<Result>,
): Promise<Result> {
  const session = makePostgres(connection, readUser);
  try {
    return await work(session);
  } finally {
    await session.end();
  }
}

async function open(connection: DatabaseConnection, readUser: ReadUser): Promise<Pool> {
  const { username, password } = await readUser(connection.secretArn);
  const pool = new Pool({ ...toConfig(connection), user: username, password });
  // An idle connection that breaks is replaced; without a listener it would end the process.
  pool.on("error", () => undefined);
  return pool;
}

function toConfig(connection: DatabaseConnection): PoolConfig {
  const { host, port, database, tls } = connection;
  return {
    host,
    port,
    database,
    ssl: tls === "off" ? false : { ...trusted(connection), rejectUnauthorized: true },
    max: MOST_CONNECTIONS,
    connectionTimeoutMillis: CONNECT_MILLIS,
    statement_timeout: STATEMENT_MILLIS,
    application_name: "trueup",
    keepAlive: true,
    // Nobody waits for idle connections: a frozen function would find them closed.
    idleTimeoutMillis: 60_000,
    allowExitOnIdle: true,
    onConnect: async (client) => {
      await client.query(SET_SESSION);
    },
    types: { getTypeParser: () => (text: unknown) => text },
  };
}

/** Nothing said: those that Node trusts. */
function trusted({ certificateAuthority, authorities }: DatabaseConnection): {
  readonly ca?: string | string[];
} {
  if (certificateAuthority !== undefined) return { ca: certificateAuthority };
  return authorities === "rds" ? { ca: [...listRdsAuthorities()] } : {};
}

const SET_SESSION = Object.entries(SESSION_SETTINGS)
  .map(([name, value]) => `set ${name} = '${value}'`)
  .join("; ");

async function run(client: Connected, text: string, values: readonly (string | null)[] = []) {
  const { rows } = await client.query<(string | null)[]>({ text, values: [...values], rowMode: "array" });
  return rows;
}

async function inTransaction<Result>(
  pool: Pool,
  work: (query: SqlQuery) => Promise<Result>,
): Promise<Result> {
  const client = await pool.connect();
  try {
    await client.query("begin");
    const result = await work((statement, values) => run(client, statement, values));
    await client.query("commit");
    client.release();
    return result;
  } catch (cause) {
    // A connection that may be in the middle of something is not used again.
    client.release(true);
    throw cause;
  }
}

async function unanswered(
  cause: unknown,
  { host, database }: DatabaseConnection,
  close: () => Promise<void>,
): Promise<SyncError> {
  const hasCode = typeof cause === "object" && cause !== null && "code" in cause;
  const code = hasCode ? String(cause.code) : "no code";
  const subject = `${host} ${database}, ${code}`;
  if (REFUSED_LOGINS.has(code)) await close();
  if (FINAL_CLASSES.has(code.slice(0, 2)) && code.length === 5) {
    return new SyncError("QUERY_REFUSED", "the database refused a statement", {
      subject: `${subject}${cause instanceof Error && code.startsWith("42") ? `, ${cause.message}` : ""}`,
      fix: "check the table, its columns and the user's rights against docs/runbook.md",
      retryable: false,
      cause,
    });
  }
  return new SyncError("ENGINE_FAILED", "the database did not answer", {
    subject,
    fix: "wait until it is reachable again; what was asked stays on its queue",
    retryable: true,
    cause,
  });
}
