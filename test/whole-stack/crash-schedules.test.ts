/** PostgreSQL, Debezium, Kafka, consumers and OpenSearch die at random moments, under transactions that overlap. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { drawSchedule, parseSchedule, writeSchedule } from "../support/crash-schedule.ts";
import { makeDice } from "../support/pick-toggles.ts";
import { SOAK_FACTOR } from "../support/runs.ts";
import { startCrashTraffic } from "./crash-traffic.ts";
import { type CrashWorld, startCrashWorld } from "./crash-world.ts";
import { requireNoStack } from "./local-stack.ts";

const ASKED = process.env["TRUEUP_CRASHES"];
const SCHEDULES = Number(process.env["TRUEUP_CRASH_SCHEDULES"] ?? 5 * SOAK_FACTOR);
/**
 * The first schedule's; the others follow. Together they kill everything, the connector and the search engine, which take
 * long to start, once each. `TRUEUP_CRASH_SEED` draws others; a soak does so by itself.
 */
const IN_EVERY_TEST = 19;
const SEED = Number(
  process.env["TRUEUP_CRASH_SEED"] ?? (SOAK_FACTOR === 1 ? IN_EVERY_TEST : Date.now() % 1_000_000),
);
/** Writes go on for so long after everything runs again. */
const AFTERWARDS_MILLIS = 1_000;
/**
 * Until what failed meanwhile is tried again may take minutes, so `npm test` compares once, after all of its schedules; a
 * soak after each.
 */
const COMPARE_EVERY = SOAK_FACTOR === 1 ? SCHEDULES : 1;
/** An audit takes its time, so in a soak not every schedule has one. */
const AUDIT_EVERY = 5;

jest.setTimeout(240_000 + SCHEDULES * 300_000);

describe("tables of a database, everything around which crashes", () => {
  const folder = mkdtempSync(join(tmpdir(), "crash-schedules-"));
  let world: CrashWorld | undefined;

  beforeAll(requireNoStack);
  afterAll(async () => {
    await world?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it(`are equal to their indexes after ${ASKED === undefined ? SCHEDULES : 1} schedules, and audits find nothing`, async () => {
    world = await startCrashWorld(folder);
    const seeds =
      ASKED === undefined ? Array.from({ length: SCHEDULES }, (_, place) => SEED + place) : [SEED];
    for (const [place, seed] of seeds.entries()) {
      const dice = makeDice(seed);
      const schedule = ASKED === undefined ? drawSchedule(dice) : parseSchedule(ASKED);
      const started = performance.now();
      const traffic = startCrashTraffic(world.url, dice);
      await world.crash(schedule).catch(blame(seed, schedule));
      await wait(AFTERWARDS_MILLIS);
      const counts = await traffic.stop();
      expect(counts.committed).toBeGreaterThan(0);
      const words = `seed ${seed}, TRUEUP_CRASHES="${writeSchedule(schedule)}"`;
      const isLast = place === seeds.length - 1;
      tell(words, started, counts);
      if (place % COMPARE_EVERY !== COMPARE_EVERY - 1 && !isLast) continue;
      const compared = await world.compare().catch(blame(seed, schedule));
      expect({ words, equal: compared.map(({ equal }) => equal), compared }).toEqual({
        words,
        equal: [true, true],
        compared,
      });
      const isAudited = place % AUDIT_EVERY === AUDIT_EVERY - 1 || isLast;
      if (isAudited) expect({ words, found: await world.audit() }).toEqual({ words, found: [] });
      tell("equal", started, {});
    }
  });
});

function blame(seed: number, schedule: ReturnType<typeof drawSchedule>) {
  return (cause: unknown): never => {
    throw new Error(`seed ${seed}, TRUEUP_CRASHES="${writeSchedule(schedule)}"`, { cause });
  };
}

function tell(words: string, started: number, counts: object): void {
  const seconds = ((performance.now() - started) / 1000).toFixed(0);
  process.stderr.write(`${words}: ${seconds} s, ${JSON.stringify(counts)}\n`);
}
