import fc from "fast-check";
import { driftKinds } from "../../core/audit-report.ts";
import { AuditWorld, type WorldSource } from "../support/audit-world.ts";
import { runs } from "../support/runs.ts";

const RECORDS = 12;

const id = fc.nat({ max: RECORDS - 1 }).map((number) => `r${number}`);
const step = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant("write" as const), id, content: fc.nat({ max: 5 }) }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("delete" as const), id }) },
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant("consume" as const), count: fc.integer({ min: 1, max: 4 }) }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("pass" as const), seconds: fc.nat({ max: 20 }) }) },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant("deliver" as const), count: fc.integer({ min: 1, max: 4 }) }),
  },
);
/** For how many of the workflow's waits the consumer stands still once nobody writes any more. */
const rest = fc.nat({ max: 8 });
/** What goes wrong, each to a record of its own that nothing else touches any more. */
const faults = fc.record({
  swallowedUpdates: fc.nat({ max: 2 }),
  swallowedDeletes: fc.nat({ max: 2 }),
  swallowedInserts: fc.nat({ max: 2 }),
  altered: fc.nat({ max: 2 }),
  removed: fc.nat({ max: 2 }),
  added: fc.nat({ max: 2 }),
});

describe("audits of random histories", () => {
  it("H10: find exactly the injected drift while writes continue and the consumer lags, and repair it", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { maxLength: 30 }),
        faults,
        fc.array(step, { maxLength: 25 }),
        fc.boolean(),
        rest,
        (...history) => check("dynamodb", ...history),
      ),
      runs(150),
    );
  });

  it("find exactly that in a database too, whose rows are read one after the other between its changes", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { maxLength: 30 }),
        faults,
        fc.array(step, { maxLength: 40 }),
        fc.boolean(),
        rest,
        (...history) => check("sql", ...history),
      ),
      runs(150),
    );
  });
});

type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never;
type Faults = typeof faults extends fc.Arbitrary<infer Value> ? Value : never;

async function check(
  source: WorldSource,
  before: readonly Step[],
  wrong: Faults,
  during: readonly Step[],
  auditBefore: boolean,
  restWaits: number,
): Promise<void> {
  const world = new AuditWorld(source);
  for (const name of ["u0", "u1", "d0", "d1", "a0", "a1", "x0", "x1"]) world.write(name, 1);
  for (const one of before) await apply(world, one);
  await catchUp(world);
  world.now += 120_000;
  if (auditBefore) await world.audit("earlier");
  const injected = await inject(world, wrong);
  world.now += 10_000;
  const later = [...during];
  let resting = restWaits;
  world.onWait = () => {
    const next = later.shift();
    if (next !== undefined) return void apply(world, next);
    if (resting === 0) return void catchUp(world);
    resting -= 1;
    world.deliver();
  };
  const report = await world.audit("now");
  for (const kind of driftKinds)
    expect([kind, ...report.drift[kind].ids]).toEqual([kind, ...injected[kind].sort()]);
  expect(report).toMatchObject({ remaining: 0, unrepairable: { count: 0 } });
  world.onWait = () => void catchUp(world);
  await catchUp(world);
  world.now += 120_000;
  const after = await world.audit("after");
  expect(driftKinds.map((kind) => after.drift[kind].count)).toEqual([0, 0, 0, 0]);
  expect(after.compared.records).toBe(world.table.size);
}

async function inject(world: AuditWorld, wrong: Faults) {
  const names = (prefix: string, count: number) =>
    Array.from({ length: count }, (_, index) => `${prefix}${index}`);
  const updates = names("u", wrong.swallowedUpdates);
  const deletes = names("d", wrong.swallowedDeletes);
  const inserts = names("new", wrong.swallowedInserts);
  for (const name of updates) world.write(name, 999);
  for (const name of deletes) world.write(name, undefined);
  for (const name of inserts) world.write(name, 7);
  world.deliver();
  await world.consume(Number.POSITIVE_INFINITY, true);
  const altered = names("a", wrong.altered);
  const removed = names("x", wrong.removed);
  const added = names("foreign", wrong.added);
  for (const name of [...altered, ...added]) world.alter(name);
  for (const name of removed) world.remove(name);
  return {
    missing: [...inserts, ...removed],
    stale: updates,
    orphaned: [...deletes, ...added],
    altered,
  };
}

async function apply(world: AuditWorld, one: Step): Promise<void> {
  if (one.kind === "write") world.write(one.id, one.content);
  else if (one.kind === "delete") world.write(one.id, undefined);
  else if (one.kind === "consume") await world.consume(one.count);
  else if (one.kind === "deliver") world.deliver(one.count);
  else world.now += one.seconds * 1000;
}

async function catchUp(world: AuditWorld): Promise<void> {
  world.deliver();
  await world.consume();
}
