import { setTimeout as wait } from "node:timers/promises";
import type { Client } from "pg";
import { toReason } from "../../to-reason.ts";
import { makeAcknowledgementSet, NO_RECEIPT } from "../acknowledgement-set.ts";
import type { ConvertedRecord } from "../source/convert-record.ts";
import type { RunningSource } from "../source/run-source.ts";
import type { SourceControls } from "../source/weakness.ts";
import { makeStop, type StopSwitch } from "../stop-switch.ts";
import { makeDatabaseClient } from "./database.ts";
import type { RdsDeps } from "./rds-deps.ts";
import { readLog } from "./read-log.ts";
import { readSnapshot } from "./read-snapshot.ts";

const RETRY_MILLIS = 1_000;
const POLL_MILLIS = 200;

/** Starts a snapshot, where an export is declared, and then the log, from a slot that was made before. */
export function startRdsSource(deps: RdsDeps): RunningSource {
  const stop = makeStop();
  const running = run(deps, stop);
  return {
    // The log has one reader, which goes on from its slot by itself.
    resumeShards: async () => {},
    stop: async () => {
      stop.trigger();
      await running;
    },
  };
}

async function run(deps: RdsDeps, stop: StopSwitch): Promise<void> {
  while (!stop.isStopping()) {
    try {
      await prepare(deps);
      if (deps.options.export !== undefined && deps.state.exported !== "loaded") await load(deps, stop);
      if (!deps.options.stream) return;
      await readLog(deps, stop, (records) => handOn(deps, stop, records));
    } catch (cause) {
      deps.state.lastError = toReason(cause);
      await stop.pause(RETRY_MILLIS);
    }
  }
}

/** The slot marks where the log begins; it is there before the snapshot. */
async function prepare({ url, state, tables, options }: RdsDeps): Promise<void> {
  if (state.slotMade || !options.stream) return;
  const client = makeDatabaseClient(url);
  await client.connect();
  try {
    const names = tables.map(({ schema, table }) => `"${schema}"."${table}"`).join(", ");
    await client.query(`CREATE PUBLICATION ${state.publicationName} FOR TABLE ${names}`);
    await client.query("SELECT pg_create_logical_replication_slot($1, 'pgoutput')", [state.slotName]);
    state.slotMade = true;
  } finally {
    await client.end();
  }
}

async function load(deps: RdsDeps, stop: StopSwitch): Promise<void> {
  const client = makeDatabaseClient(deps.url);
  await client.connect();
  try {
    deps.state.exported = "loading";
    await loadAll(deps, stop, client);
    if (!stop.isStopping()) deps.state.exported = "loaded";
  } finally {
    await client.end();
  }
}

async function loadAll(deps: RdsDeps, stop: StopSwitch, client: Client): Promise<void> {
  deps.state.exportedRows = 0;
  for await (const records of readSnapshot(deps, client)) {
    if (stop.isStopping()) return;
    await handOn(deps, stop, records);
    deps.state.exportedRows += records.length;
  }
}

/** Waits until every sink took what it was given; what is refused without a dead letter is given again. */
async function handOn(deps: RdsDeps, stop: StopSwitch, records: readonly ConvertedRecord[]): Promise<void> {
  while (deps.controls.paused && !stop.isStopping()) await stop.pause(POLL_MILLIS);
  const kept = dropSome(deps.controls, records);
  if (kept.length === 0 || stop.isStopping()) return;
  if (!deps.options.acknowledgments) {
    await deps.accept(kept.map((record) => ({ ...record, receipt: NO_RECEIPT })));
    return;
  }
  const told = Promise.withResolvers<boolean>();
  const set = makeAcknowledgementSet(told.resolve);
  set.hold(kept.length);
  await deps.accept(kept.map((record) => ({ ...record, receipt: set })));
  set.complete();
  const late = wait(deps.options.stream_acknowledgment_timeout, false, { ref: false });
  const stopped = untilStopped(stop);
  const taken = await Promise.race([told.promise, late, stopped]);
  if (!taken && !stop.isStopping()) await handOn(deps, stop, records);
}

async function untilStopped(stop: StopSwitch): Promise<boolean> {
  while (!stop.isStopping()) await stop.pause(POLL_MILLIS);
  return false;
}

function dropSome(controls: SourceControls, records: readonly ConvertedRecord[]): readonly ConvertedRecord[] {
  const dropped = Math.min(controls.dropRecords, records.length);
  controls.dropRecords -= dropped;
  return records.slice(dropped);
}
