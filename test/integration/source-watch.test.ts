/** What index-lifecycle sees of a replication slot of a real PostgreSQL that runs out of the log it may keep. */
import { rmSync } from "node:fs";
import { join } from "node:path";
import { makePostgres } from "../../adapters/postgres-connection.ts";
import { lookAtSlot } from "../../adapters/postgres-slot.ts";
import type { SlotLook } from "../../core/slot-look.ts";
import type { DatabaseConnection } from "../../core/source-descriptor.ts";
import type { TableDescriptor } from "../../core/table-descriptor.ts";
import { makeHandleCommand } from "../../index-lifecycle/handle-command.ts";
import type { LifecycleDeps } from "../../index-lifecycle/lifecycle-deps.ts";
import { type PostgresEngine, startPostgres } from "../../local/engines/postgres.ts";
import { makeFakeDeps } from "../index-lifecycle/fake-deps.ts";
import { orders } from "../support/sql-table.ts";
import { freePort, makeFolder } from "./streaming-engines.ts";

jest.setTimeout(180_000);

const SLOT = "trueup_dev_shop";
const SEGMENT_BYTES = 16 * 1024 * 1024;
const folder = makeFolder();
let engine: PostgresEngine;
let connection: DatabaseConnection;

beforeAll(async () => {
  const settings = { max_slot_wal_keep_size: "32MB", min_wal_size: "32MB", max_wal_size: "64MB" };
  engine = await startPostgres({ port: await freePort(), folder: join(folder, "postgres"), settings });
  const { hostname: host, port } = new URL(engine.url);
  connection = {
    engine: "postgresql",
    host,
    port: Number(port),
    database: "postgres",
    secretArn: "s",
    tls: "off",
  };
  await run(`select pg_create_logical_replication_slot('${SLOT}', 'pgoutput')`);
});
afterAll(async () => {
  await engine?.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function withSession<Result>(
  work: (session: ReturnType<typeof makePostgres>) => Promise<Result>,
): Promise<Result> {
  const { username, password } = new URL(engine.url);
  const session = makePostgres(connection, async () => ({ username, password }));
  try {
    return await work(session);
  } finally {
    await session.end();
  }
}

const run = (statement: string) => withSession(({ query }) => query(statement));
const look = (): Promise<SlotLook> => withSession((session) => lookAtSlot(session, SLOT));

/** Writes one segment of log that the slot's reader has not read, and lets the server tidy up. */
async function writeSegment(): Promise<void> {
  await run(
    "select pg_logical_emit_message(false, 'filler', repeat('x', 1000000)) from generate_series(1, 17)",
  );
  await run("select pg_switch_wal()");
  await run("checkpoint");
}

it("sees log pile up behind a slot until it is lost, and each generation of its tables has a gap", async () => {
  const seen: SlotLook[] = [await look()];
  expect(seen[0]).toMatchObject({ kind: "there", active: false, walStatus: "reserved" });
  for (let segment = 0; segment < 12 && !isLost(seen.at(-1)); segment += 1) {
    await writeSegment();
    seen.push(await look());
  }
  expect(isLost(seen.at(-1))).toBe(true);
  const kept = seen.flatMap((slot) => (slot.kind === "there" && !isLost(slot) ? [slot.retainedBytes] : []));
  expect(kept.at(-1)).toBeGreaterThan(SEGMENT_BYTES);

  const fake = makeFakeDeps();
  const deps: LifecycleDeps = {
    ...fake,
    accessAs: (roleArn) => ({ ...fake.accessAs(roleArn), slot: () => look() }),
    sourceAs: (roleArn) => ({ ...fake.sourceAs(roleArn), slot: () => look() }),
  };
  const handle = makeHandleCommand(deps);
  await fake.control.update("orders", (known) => ({ ...known, generations: made }));
  const source = { source: "shop", roleArn: "role", connection, slotName: SLOT };
  const cause = `replication slot ${SLOT} lost its WAL`;
  expect(await handle({ command: "watch-source", source })).toEqual({ lost: cause });
  expect(await handle({ command: "watch-table", table })).toEqual({ lost: cause });
  expect(fake.measured).toContainEqual(expect.objectContaining({ source: "shop", SlotLost: 1 }));
  const { generations } = await fake.control.read("orders");
  expect(Object.values(generations).map(({ gap }) => gap?.cause)).toEqual([cause, cause]);
  expect(fake.announced).toHaveLength(2);
});

it("says that a slot is gone which somebody dropped", async () => {
  await run(`select pg_drop_replication_slot('${SLOT}')`);
  expect(await look()).toEqual({ kind: "gone" });
});

function isLost(slot: SlotLook | undefined): boolean {
  return slot?.kind === "there" && slot.walStatus === "lost";
}

const [first] = orders.generations;
if (first === undefined) throw new RangeError("the table has a generation");
const second = { ...first, generation: "orders-custom-2", revision: 2, index: "orders-custom-2" };
const table: TableDescriptor = { ...orders, generations: [first, second] };
const made = Object.fromEntries(
  table.generations.map(({ generation, index, indexUuid, mode, revision, transformHash }) => [
    generation,
    { generation, index, indexUuid, mode, revision, transformHash, createdAt: "2026-11-25T10:00:00.000Z" },
  ]),
);
