import type { DriftIds } from "../inject-drift.ts";
import type { GeoDatabase } from "./geo-database.ts";
import type { CityRow } from "./geo-rows.ts";

/** Which cities the demo breaks, and how; every id is in one list only. */
export interface GeoDriftPlan {
  readonly swallowed: {
    readonly inserts: readonly string[];
    readonly updates: readonly string[];
    readonly deletes: readonly string[];
  };
  readonly outside: {
    readonly removed: readonly string[];
    readonly added: readonly string[];
    readonly altered: readonly string[];
  };
}

/** Keys that no row and no live traffic has. */
const FIRST_SWALLOWED = 20_000_000;
const FIRST_ADDED = 30_000_000;
const CANARY = 40_000_000;
const COUNTS = { inserts: 20, updates: 30, deletes: 25, removed: 15, added: 12, altered: 18 };

/**
 * Chooses the documents to break among cities that nobody else writes.
 *
 * @param scale - 1 breaks 120 of them; more of a small table would be more than an audit repairs by itself
 */
export function planGeoDrift(still: readonly CityRow[], scale: number): GeoDriftPlan {
  const scaled = (full: number) => Math.max(3, Math.round(full * scale));
  const ids = still.map(({ id }) => String(id))[Symbol.iterator]();
  const take = (full: number) => Array.from({ length: scaled(full) }, () => ids.next().value ?? "");
  const invent = (first: number, full: number) =>
    Array.from({ length: scaled(full) }, (_, place) => String(first + place));
  return {
    swallowed: {
      inserts: invent(FIRST_SWALLOWED, COUNTS.inserts),
      updates: take(COUNTS.updates),
      deletes: take(COUNTS.deletes),
    },
    outside: {
      removed: take(COUNTS.removed),
      added: invent(FIRST_ADDED, COUNTS.added),
      altered: take(COUNTS.altered),
    },
  };
}

/** What an audit has to find, id by id. */
export function expectedGeoDrift({ swallowed, outside }: GeoDriftPlan): DriftIds {
  return {
    missing: [...swallowed.inserts, ...outside.removed],
    stale: swallowed.updates,
    orphaned: [...swallowed.deletes, ...outside.added],
    altered: outside.altered,
  };
}

/** Writes the changes that a swallowing consumer loses, then a row that shows when they have been through it. */
export async function writeSwallowedRows(
  database: GeoDatabase,
  { swallowed }: GeoDriftPlan,
): Promise<string> {
  await database.query(copyOf("unnest($1::bigint[])"), [swallowed.inserts]);
  await database.query(
    "UPDATE geo.cities SET name = name || ' (moved)', change = nextval('geo.change') WHERE id = ANY($1::bigint[])",
    [swallowed.updates],
  );
  await database.query("DELETE FROM geo.cities WHERE id = ANY($1::bigint[])", [swallowed.deletes]);
  await database.query(copyOf("unnest($1::bigint[])"), [[CANARY]]);
  return String(CANARY);
}

/** New rows like the first one. */
function copyOf(ids: string): string {
  return `INSERT INTO geo.cities SELECT invented, country_code, state_code, name, latitude, longitude, digits, tags, facts,
    surveyed, visited_at, checksum, populated, story, nextval('geo.change')
    FROM geo.cities, ${ids} AS invented WHERE id = 1`;
}
