import { setTimeout as wait } from "node:timers/promises";
import pg from "pg";

/** A table of every kind of trouble: long texts outside the row, many digits, arrays, documents. */
export const THINGS = "public.things";
/** A table whose key has two columns, and which is emptied now and then. */
export const PARTS = "public.parts";

const SCHEMA = `
  CREATE SEQUENCE changes;
  CREATE TABLE things (
    id bigint PRIMARY KEY, amount numeric(30, 10), story text, tags text[], facts jsonb, seen timestamptz, change bigint NOT NULL
  );
  ALTER TABLE things ALTER COLUMN story SET STORAGE EXTERNAL;
  CREATE TABLE parts (region text, id int, body text, change bigint NOT NULL, PRIMARY KEY (region, id));
  INSERT INTO things SELECT n, n * 1.5, repeat('story ' || n || ' ', 600), ARRAY['a', 'b'], jsonb_build_object('n', n),
    now(), 0 FROM generate_series(1, 300) AS n;
  INSERT INTO parts SELECT 'north', n, 'part ' || n, 0 FROM generate_series(1, 200) AS n;`;

const THING_IDS = 400;
const PART_IDS = 250;
const MOVED = 1_000;
const WRITERS = 5;
const LONGEST_PAUSE_MILLIS = 60;
const RECONNECT_MILLIS = 100;
const EMPTIED_SHARE = 0.4;
const EMPTIED_WITHIN_MILLIS = 5_000;

/** Makes the tables, before the stack knows of them. */
export async function fillCrashDatabase(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(SCHEMA).finally(() => client.end());
}

/** What was written since the start; `failed` are statements that the database refused, or died over. */
export interface CrashCounts {
  readonly committed: number;
  readonly rolledBack: number;
  readonly failed: number;
}

/**
 * Writes from several connections at once in transactions that overlap, until it is stopped. A connection that is lost is
 * made again; what became of its transaction nobody knows, as in any application.
 */
export function startCrashTraffic(url: string, dice: () => number) {
  const counts = { committed: 0, rolledBack: 0, failed: 0 };
  let running = true;
  const writer = async (): Promise<void> => {
    while (running) {
      const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
      client.on("error", () => {});
      try {
        await client.connect();
        while (running) await transact(client, dice, counts);
      } catch {
        counts.failed += 1;
        await wait(RECONNECT_MILLIS);
      } finally {
        await client.end().catch(() => {});
      }
    }
  };
  const writers = Promise.all([...Array.from({ length: WRITERS }, writer), emptyOnce(url, dice, counts)]);
  return {
    stop: async (): Promise<CrashCounts> => {
      running = false;
      await writers;
      return counts;
    },
  };
}

/**
 * Empties a table in the middle of it all, in some runs. Not more often: until an index may be emptied, consumers wait out the
 * longest invocation that may not know of it.
 */
async function emptyOnce(
  url: string,
  dice: () => number,
  counts: { committed: number; failed: number },
): Promise<void> {
  const [empties, atMillis] = [dice() < EMPTIED_SHARE, dice() * EMPTIED_WITHIN_MILLIS];
  if (!empties) return;
  await wait(atMillis);
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
  client.on("error", () => {});
  try {
    await client.connect();
    await client.query("TRUNCATE parts");
    counts.committed += 1;
  } catch {
    counts.failed += 1;
  } finally {
    await client.end().catch(() => {});
  }
}

async function transact(
  client: pg.Client,
  dice: () => number,
  counts: { committed: number; rolledBack: number; failed: number },
): Promise<void> {
  await client.query("BEGIN");
  try {
    for (let left = 1 + Math.floor(dice() * 4); left > 0; left -= 1) {
      await client.query(pickStatement(dice));
      await wait(dice() * LONGEST_PAUSE_MILLIS);
    }
  } catch (cause) {
    // Two transactions waited for each other, or a key was taken: the application gives up on this one.
    if (!(cause instanceof pg.DatabaseError)) throw cause;
    counts.failed += 1;
    await client.query("ROLLBACK");
    return;
  }
  const keeps = dice() < 0.85;
  await client.query(keeps ? "COMMIT" : "ROLLBACK");
  if (keeps) counts.committed += 1;
  else counts.rolledBack += 1;
}

function pickStatement(dice: () => number): string {
  const thing = 1 + Math.floor(dice() * THING_IDS);
  const part = 1 + Math.floor(dice() * PART_IDS);
  const choice = dice();
  const change = "nextval('changes')";
  if (choice < 0.3)
    return `UPDATE things SET amount = amount + 0.0000000001, seen = now(), change = ${change} WHERE id = ${thing}`;
  if (choice < 0.45)
    return `INSERT INTO things SELECT ${thing}, ${thing}.25, repeat('new ' || ${thing}, 900), NULL, '{"n": [1.10, null]}', now(), ${change}
      ON CONFLICT (id) DO UPDATE SET tags = ARRAY['again', NULL], change = excluded.change`;
  if (choice < 0.52) return `DELETE FROM things WHERE id = ${thing}`;
  if (choice < 0.6)
    return `UPDATE things SET id = id + ${MOVED}, change = ${change} WHERE id = ${thing}
      AND NOT EXISTS (SELECT FROM things WHERE id = ${thing + MOVED})`;
  if (choice < 0.65) return `DELETE FROM things WHERE id = ${thing + MOVED}`;
  if (choice < 0.8)
    return `UPDATE parts SET body = body || '.', change = ${change} WHERE region = 'north' AND id = ${part}`;
  if (choice < 0.9)
    return `INSERT INTO parts VALUES ('${dice() < 0.5 ? "north" : "süd|\\%"}', ${part}, 'again', ${change})
      ON CONFLICT (region, id) DO UPDATE SET body = 'again', change = excluded.change`;
  return `DELETE FROM parts WHERE region = 'north' AND id = ${part}`;
}
