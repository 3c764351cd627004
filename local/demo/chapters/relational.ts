import { setTimeout as wait } from "node:timers/promises";
import { crashConnector, listConnectors, reviveConnector } from "../../machine/connectors.ts";
import type { Revision } from "../configuration.ts";
import { percentile, startDelayMeter } from "../delay-meter.ts";
import { isExact, judgeAudit, type PostgresReport, type SteadyDelay } from "../demo-report.ts";
import {
  applyRevisions,
  auditTable,
  describeCustom,
  readDatabaseUrl,
  waitUntilServing,
} from "../demo-stack.ts";
import type { DemoWorld } from "../demo-world.ts";
import { killFunction } from "../find-function-process.ts";
import { editIndex } from "../inject-drift.ts";
import type { LiveCounts } from "../live-writes.ts";
import { CITIES_ROWS } from "../options.ts";
import { proveCitiesEqual } from "../prove-equal.ts";
import { CITIES, GEO_SOURCES, geoTables } from "../relational/geo-configuration.ts";
import { fillGeoDatabase, type GeoDatabase, openGeoDatabase } from "../relational/geo-database.ts";
import { expectedGeoDrift, planGeoDrift, writeSwallowedRows } from "../relational/geo-drift.ts";
import { type CityRow, readCities } from "../relational/geo-rows.ts";
import { makeGeoWriter } from "../relational/geo-writes.ts";
import { chapter, count, say, startBar, verdict } from "../screen.ts";
import { startSearchProbe } from "../search-probe.ts";
import { deploySwallowingConsumer, withoutRows } from "../swallow-changes.ts";
import { showDrift, untilFound } from "./drift.ts";
import { showDelays } from "./steady.ts";

const BUILD_MILLIS = 15 * 60_000;
const BUILD_WRITES_PER_SECOND = 100;
const STEADY_WRITES_PER_SECOND = 400;
const STEADY_SECONDS = 30;
const DRIFT_WRITES_PER_SECOND = 50;
const SEARCHED = 200;
interface GeoWorld extends DemoWorld {
  /** The places' generations, which stay meanwhile. */
  readonly standing: readonly Revision[];
  readonly url: string;
  readonly database: GeoDatabase;
  readonly cities: readonly CityRow[];
  readonly geo: ReturnType<typeof makeGeoWriter>;
}

/**
 * The same story with a relational database: PostgreSQL, Debezium and Kafka before our consumer.
 *
 * @param standing - the places' generations, which stay as they are
 */
export async function tellOfPostgres(
  world: DemoWorld,
  standing: readonly Revision[],
): Promise<PostgresReport> {
  chapter("A relational database: PostgreSQL, Debezium, Kafka");
  const geo = await openGeoWorld(world, standing);
  try {
    const built = await build(geo);
    const steady = await writeSteadily(geo);
    const drifted = await driftAndRepair(geo);
    const raised = await raise(geo);
    const survived = await killConnector(geo);
    const live = {
      writes: steady.counts.writes + built.counts.writes,
      deletes: steady.counts.deletes + built.counts.deletes,
      ...steady.delay,
    };
    return {
      records: geo.cities.length,
      backfill: built.backfill,
      live,
      outage: { connectorsKilled: survived.connectorsKilled, consumersKilled: steady.consumersKilled },
      drift: drifted.drift,
      cutover: raised.cutover,
      checks: {
        bootstrap: built.check,
        drift: drifted.check,
        revision: raised.check,
        outage: survived.check,
      },
    };
  } finally {
    await geo.database.end();
  }
}

async function openGeoWorld(world: DemoWorld, standing: readonly Revision[]): Promise<GeoWorld> {
  await applyRevisions(standing, { sources: GEO_SOURCES, tables: {} });
  const url = readDatabaseUrl();
  const database = openGeoDatabase(url);
  const cities = readCities(Math.min(CITIES_ROWS, world.options.records));
  const bar = startBar("loading", cities.length);
  await fillGeoDatabase(database, cities, bar.show);
  bar.end();
  say(
    `${count(cities.length)} cities and their states are in PostgreSQL, with long texts, documents, arrays and bytes.`,
  );
  return { ...world, standing, url, database, cities, geo: makeGeoWriter(database, cities) };
}

function apply({ standing }: GeoWorld, revisions: readonly number[]): Promise<void> {
  return applyRevisions(standing, { sources: GEO_SOURCES, tables: geoTables(revisions) });
}

async function build(world: GeoWorld) {
  const { stack, url, geo, cities } = world;
  const traffic = geo.start(BUILD_WRITES_PER_SECOND);
  const started = performance.now();
  await apply(world, [1]);
  say(
    "Slot, publication, connector and topics are there. The build reads the table while transactions go on.",
  );
  const bar = startBar("building", cities.length);
  let documents = 0;
  await waitUntilServing(
    1,
    (status) => {
      documents = status.documents;
      bar.show(documents);
    },
    BUILD_MILLIS,
    CITIES,
  );
  bar.end();
  const seconds = (performance.now() - started) / 1000;
  const counts = await traffic.stop();
  say(
    `${count(documents)} documents in ${seconds.toFixed(0)} s, ${count(counts.writes)} rows written meanwhile.`,
  );
  return { backfill: { documents, seconds }, counts, check: await proveCitiesEqual(stack, url) };
}

async function writeSteadily({ stack, geo }: GeoWorld): Promise<{
  readonly counts: LiveCounts;
  readonly delay: SteadyDelay;
  readonly consumersKilled: number;
}> {
  const meter = startDelayMeter(stack.search, CITIES);
  const bar = startBar("writing", STEADY_SECONDS);
  const traffic = geo.start(STEADY_WRITES_PER_SECOND, meter.hear);
  for (let second = 0; second < STEADY_SECONDS; second += 1) {
    await wait(1000);
    bar.show(second);
  }
  const counts = await traffic.stop();
  const delays = await meter.stop();
  bar.end();
  showDelays(delays);
  return {
    consumersKilled: await killConsumer(geo),
    counts,
    delay: {
      lagP50Millis: Math.round(percentile(delays, 0.5)),
      lagP99Millis: Math.round(percentile(delays, 0.99)),
      samples: delays.length,
      writesPerSecond: Math.round((counts.writes + counts.deletes) / STEADY_SECONDS),
    },
  };
}

/** A consumer dies in the middle of its work. */
async function killConsumer(geo: GeoWorld["geo"]): Promise<number> {
  const { consumerFunction } = await describeCustom(1, CITIES);
  const traffic = geo.start(BUILD_WRITES_PER_SECOND);
  await wait(1000);
  const consumersKilled = killFunction(consumerFunction);
  await wait(1000);
  await traffic.stop();
  say(`kill -9: ${consumersKilled} consumer in the middle of its work.`);
  return consumersKilled;
}

/**
 * Kafka Connect dies with the connector in it; rows are written all the while. At the end of the story, so that it changes
 * nothing of the drift that is counted before.
 */
async function killConnector({ stack, url, geo }: GeoWorld) {
  const traffic = geo.start(BUILD_WRITES_PER_SECOND);
  await wait(1000);
  const died = performance.now();
  const connectors = listConnectors();
  for (const name of connectors) await crashConnector(name);
  say(`kill -9: Kafka Connect is gone, and ${connectors.length} connector with it. Rows are written on.`);
  await wait(1000);
  for (const name of connectors) await reviveConnector(name);
  const { writes } = await traffic.stop();
  const seconds = ((performance.now() - died) / 1000).toFixed(0);
  say(`It was away for ${seconds} s and ${count(writes)} rows, and goes on from its offsets.`);
  return { connectorsKilled: connectors.length, check: await proveCitiesEqual(stack, url) };
}

async function driftAndRepair({ stack, url, database, geo, cities }: GeoWorld) {
  const plan = planGeoDrift(
    cities.filter(({ still }) => still),
    cities.length / CITIES_ROWS,
  );
  const traffic = geo.start(DRIFT_WRITES_PER_SECOND);
  const { consumerFunction, index } = await describeCustom(1, CITIES);
  const lost = Object.values(plan.swallowed).flat();
  const restore = await deploySwallowingConsumer(stack.lambda, consumerFunction, withoutRows(lost));
  try {
    await untilFound(stack.search, CITIES, await writeSwallowedRows(database, plan));
  } finally {
    await restore();
  }
  await editIndex(stack.search, index, plan);
  say(
    `A consumer with a bug lost ${count(lost.length)} changes, and somebody edited the index. The audit runs …`,
  );
  const { report } = await auditTable(stack, CITIES);
  const drift = judgeAudit(expectedGeoDrift(plan), report);
  showDrift(drift, report.seconds);
  await traffic.stop();
  verdict(isExact(drift), "Just that was found, and repaired by reading the rows again.");
  return { drift, check: await proveCitiesEqual(stack, url) };
}

async function raise(world: GeoWorld) {
  const { stack, url, geo, cities } = world;
  const untouched = cities.filter(({ still }) => still).slice(-SEARCHED);
  const probe = startSearchProbe(
    stack.search,
    CITIES,
    untouched.map(({ id }) => String(id)),
  );
  const traffic = geo.start(DRIFT_WRITES_PER_SECOND);
  const started = performance.now();
  await apply(world, [1, 2]);
  say("Revision 2, with a mapping of its own, is built from the same slot and topics.");
  await waitUntilServing(2, () => {}, BUILD_MILLIS, CITIES);
  const seconds = (performance.now() - started) / 1000;
  await apply(world, [2]);
  const counts = await probe.stop();
  const { searches, failures, shortResults } = counts;
  verdict(
    failures + shortResults === 0,
    `${seconds.toFixed(0)} s, ${count(searches)} searches: ${failures} failed, ${shortResults} found less than there is.`,
  );
  await traffic.stop();
  return { cutover: { ...counts, seconds }, check: await proveCitiesEqual(stack, url) };
}
