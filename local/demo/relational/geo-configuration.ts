/** The alias of the cities' documents, and the table they come from. */
export const CITIES = "cities";
export const CITIES_TABLE = "geo.cities";
/** A table whose key has two columns. */
const STATES = "states";

/** The database, as a stack of this machine names it: where it is and its Kafka are filled in. */
export const GEO_SOURCES = { geo: { kind: "postgresql", database: "geo" } };

/**
 * The tables of the database, as a person would list them.
 *
 * @param revisions - of the cities' generations, oldest first
 */
export function geoTables(revisions: readonly number[]) {
  const shared = { consumerTimeoutSeconds: 20, audit: { pollSeconds: 2 } };
  const mapping = (revision: number) =>
    revision === 1 ? {} : { mapping: "local/demo/relational/cities.v2.json" };
  return {
    [CITIES]: {
      source: { sql: "geo", table: CITIES_TABLE },
      generations: revisions.map((revision) => ({ mode: "custom", revision, ...mapping(revision) })),
      ...shared,
    },
    [STATES]: { source: { sql: "geo", table: "geo.states" }, mode: "custom", ...shared },
  };
}
