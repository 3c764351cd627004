import pg from "pg";
import { type CityRow, digestOf, readStates, type StateRow, storyOf } from "./geo-rows.ts";

/** A database of an application's own, there before Trueup is. */
export type GeoDatabase = pg.Pool;

const ROWS_A_STATEMENT = 2_000;
const CONNECTIONS = 16;

const SCHEMA = `
  CREATE SCHEMA geo;
  CREATE SEQUENCE geo.change;
  CREATE TABLE geo.states (
    country_code text, code text, name text NOT NULL, change bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (country_code, code)
  );
  CREATE TABLE geo.cities (
    id bigint PRIMARY KEY,
    country_code text NOT NULL,
    state_code text NOT NULL,
    name text NOT NULL,
    latitude numeric(12, 8),
    longitude numeric(12, 8),
    digits numeric(38, 10) NOT NULL,
    tags text[] NOT NULL,
    facts jsonb NOT NULL,
    surveyed date,
    visited_at timestamptz,
    checksum bytea NOT NULL,
    populated boolean NOT NULL,
    story text,
    change bigint NOT NULL
  );
  ALTER TABLE geo.cities ALTER COLUMN story SET STORAGE EXTERNAL;
`;

/** Opens the database with room for long transactions beside short ones. */
export function openGeoDatabase(url: string): GeoDatabase {
  return new pg.Pool({ connectionString: url, max: CONNECTIONS });
}

/** Makes the tables and fills them. @param loaded - hears how many cities there are */
export async function fillGeoDatabase(
  database: GeoDatabase,
  cities: readonly CityRow[],
  loaded: (count: number) => void,
): Promise<void> {
  await database.query(SCHEMA);
  await insertStates(database, readStates());
  for (let start = 0; start < cities.length; start += ROWS_A_STATEMENT) {
    const some = cities.slice(start, start + ROWS_A_STATEMENT);
    await insertCities(database, some);
    loaded(start + some.length);
  }
}

async function insertStates(database: GeoDatabase, states: readonly StateRow[]): Promise<void> {
  await database.query(
    `INSERT INTO geo.states (country_code, code, name)
     SELECT * FROM unnest($1::text[], $2::text[], $3::text[]) ON CONFLICT DO NOTHING`,
    [
      states.map(({ countryCode }) => countryCode),
      states.map(({ code }) => code),
      states.map(({ name }) => name),
    ],
  );
}

/** One of every kind of value that people index: digits, arrays, documents, dates, bytes, long texts, nothing. */
async function insertCities(database: GeoDatabase, cities: readonly CityRow[]): Promise<void> {
  await database.query(
    `INSERT INTO geo.cities
     SELECT id, country_code, state_code, name, latitude, longitude,
            ('7' || lpad(id::text, 27, '1') || '.0000000003')::numeric,
            ARRAY[country_code, state_code, 'city'],
            jsonb_build_object('country', country_code, 'names', jsonb_build_array(name), 'rank', id * 1.5),
            DATE '1970-01-01' + (id % 20000)::int,
            CASE WHEN id % 3 = 0 THEN NULL ELSE TIMESTAMPTZ '2020-01-01 00:00:00.123456+00' + id * INTERVAL '1 minute' END,
            decode(digest, 'hex'), id % 2 = 0, story, 0
     FROM unnest($1::bigint[], $2::text[], $3::text[], $4::text[], $5::numeric[], $6::numeric[], $7::text[], $8::text[])
          AS row(id, country_code, state_code, name, latitude, longitude, digest, story)`,
    [
      cities.map(({ id }) => id),
      cities.map(({ countryCode }) => countryCode),
      cities.map(({ stateCode }) => stateCode),
      cities.map(({ name }) => name),
      cities.map(({ latitude }) => latitude),
      cities.map(({ longitude }) => longitude),
      cities.map(({ id }) => digestOf(String(id)).slice(0, 24)),
      cities.map(({ id }) => storyOf(id)),
    ],
  );
}
