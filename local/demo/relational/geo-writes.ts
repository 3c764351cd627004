import { setTimeout as wait } from "node:timers/promises";
import pg from "pg";
import type { CommittedPut, LiveCounts, LiveTraffic } from "../live-writes.ts";
import type { GeoDatabase } from "./geo-database.ts";
import type { CityRow } from "./geo-rows.ts";

const TICK_MILLIS = 20;
/** Of our own, which come, change their key and go. */
const FIRST_INVENTED = 10_000_000;
const INVENTED = 2_000;
const ROWS_A_TRANSACTION = 5;
/** One change in so many is a transaction that stays open for a while. */
const LONG_EVERY = 25;
const LONG_MILLIS = 150;
/** @see https://www.postgresql.org/docs/current/errcodes-appendix.html */
const UNIQUE_VIOLATION = "23505";

type OnPut = ((put: CommittedPut) => void) | undefined;

/** What one write came to: rows written, rows deleted. */
interface Written {
  readonly writes: number;
  readonly deletes: number;
}

/**
 * An application that writes a database: short transactions, long ones that write a row twice and overtake each other,
 * some that are rolled back, keys that change.
 */
export function makeGeoWriter(database: GeoDatabase, cities: readonly CityRow[]) {
  const moving = cities.filter(({ still }) => !still);
  let turn = 1;

  async function writeOnce(onPut: OnPut): Promise<Written> {
    turn += 1;
    if (turn % LONG_EVERY === 0) return writeLong(database, pickSome(turn), turn % 4 === 0, onPut);
    const invented = FIRST_INVENTED + ((turn * 31) % INVENTED);
    if (turn % 9 === 4) return remove(database, invented);
    if (turn % 9 === 5) return moveKey(database, invented);
    if (turn % 5 === 0) return invent(database, invented, onPut);
    return update(database, moving[(turn * 7_919) % moving.length]?.id ?? 1, onPut);
  }

  /** In one order everywhere, so that no two transactions wait for each other. */
  function pickSome(now: number): readonly number[] {
    const picked = Array.from(
      { length: ROWS_A_TRANSACTION },
      (_, place) => moving[(now * 104_729 + place * 15_485_863) % moving.length]?.id ?? 1,
    );
    return [...new Set(picked)].sort((left, right) => left - right);
  }

  /** Starts writing at a steady rate; `onPut` hears of every row that was committed. */
  function start(perSecond: number, onPut?: (put: CommittedPut) => void): LiveTraffic {
    const [counts, open] = [{ writes: 0, deletes: 0 }, new Set<Promise<void>>()];
    let [running, failure] = [true, undefined as unknown];
    const write = async () => {
      try {
        const { writes, deletes } = await writeOnce(onPut);
        counts.writes += writes;
        counts.deletes += deletes;
      } catch (cause) {
        failure ??= cause;
      }
    };
    const loop = async () => {
      const started = performance.now();
      for (let sent = 0; running; await wait(TICK_MILLIS)) {
        const due = ((performance.now() - started) / 1000) * perSecond;
        for (; sent < due; sent += 1) {
          const writing = write().finally(() => open.delete(writing));
          open.add(writing);
        }
      }
      await Promise.all(open);
    };
    const ended = loop();
    const report = (): LiveCounts => ({ ...counts });
    return {
      counts: report,
      stop: async () => {
        running = false;
        await ended;
        if (failure !== undefined) throw failure;
        return report();
      },
    };
  }

  return { start };
}

const UPDATE = `UPDATE geo.cities SET change = nextval('geo.change'), digits = digits + 1,
  facts = facts || jsonb_build_object('turn', $1::bigint), visited_at = now() WHERE id = $1 RETURNING change`;

async function update(database: pg.Pool | pg.PoolClient, id: number, onPut: OnPut): Promise<Written> {
  const { rows } = await database.query<{ change: string }>(UPDATE, [id]);
  tell(id, rows, onPut);
  return { writes: rows.length, deletes: 0 };
}

async function invent(database: GeoDatabase, id: number, onPut: OnPut): Promise<Written> {
  const { rows } = await database.query<{ change: string }>(
    `INSERT INTO geo.cities SELECT $1::bigint, country_code, state_code, name || ' ' || $1::bigint, latitude, longitude, digits, tags,
       facts, surveyed, now(), checksum, populated, story, nextval('geo.change') FROM geo.cities WHERE id = 1
     ON CONFLICT (id) DO UPDATE SET change = excluded.change, tags = ARRAY['again'] RETURNING change`,
    [id],
  );
  tell(id, rows, onPut);
  return { writes: rows.length, deletes: 0 };
}

async function remove(database: GeoDatabase, id: number): Promise<Written> {
  const { rowCount } = await database.query("DELETE FROM geo.cities WHERE id = $1", [id]);
  return { writes: 0, deletes: rowCount ?? 0 };
}

/** A row that gets another key is one document less and another one more; nothing where that key is taken. */
async function moveKey(database: GeoDatabase, id: number): Promise<Written> {
  const { rowCount } = await database
    .query("UPDATE geo.cities SET id = id + $2, change = nextval('geo.change') WHERE id = $1", [id, INVENTED])
    .catch((cause: unknown) => {
      if (cause instanceof pg.DatabaseError && cause.code === UNIQUE_VIOLATION) return { rowCount: 0 };
      throw cause;
    });
  return { writes: rowCount ?? 0, deletes: rowCount ?? 0 };
}

/** Writes rows twice, with a pause between in which others commit. */
async function writeLong(
  database: GeoDatabase,
  ids: readonly number[],
  rollsBack: boolean,
  onPut: OnPut,
): Promise<Written> {
  const client = await database.connect();
  const puts: CommittedPut[] = [];
  try {
    await client.query("BEGIN");
    for (const id of ids) await update(client, id, undefined);
    await wait(LONG_MILLIS);
    for (const id of ids) await update(client, id, (put) => puts.push(put));
    await client.query(rollsBack ? "ROLLBACK" : "COMMIT");
  } finally {
    client.release();
  }
  if (rollsBack) return { writes: 0, deletes: 0 };
  const acknowledgedAt = performance.timeOrigin + performance.now();
  for (const put of puts) onPut?.({ ...put, acknowledgedAt });
  return { writes: 2 * ids.length, deletes: 0 };
}

function tell(id: number, rows: readonly { readonly change: string }[], onPut: OnPut): void {
  const acknowledgedAt = performance.timeOrigin + performance.now();
  for (const { change } of rows) onPut?.({ id: String(id), change: Number(change), acknowledgedAt });
}
