import type { MoveAnswer } from "../../core/lifecycle-command.ts";
import type { TableDescriptor } from "../../core/table-descriptor.ts";
import type { TableStatus } from "../../core/table-status.ts";
import { makeHandleCommand } from "../../index-lifecycle/handle-command.ts";
import { makeLifecycleActions } from "../../index-lifecycle/lifecycle-actions.ts";
import { makeMark } from "../support/generation-controls.ts";
import { indexSpec, makeFakeDeps, tableOf } from "./fake-deps.ts";

const HOUR = 3_600_000;

/** An environment with one table, driven as deploys, builds, audits and people drive it. */
export function makeWorld(table = "orders") {
  const deps = makeFakeDeps();
  const actions = makeLifecycleActions(deps);
  const handle = makeHandleCommand(deps);
  const listed = new Set<number>();
  const name = (revision: number) => `${table}-custom-${revision}`;
  const guard = (revision: number) => JSON.stringify({ table, generation: name(revision) });
  const spec = (revision: number) => JSON.stringify(indexSpec(revision, {}, table));
  const descriptor = (changes: Partial<TableDescriptor> = {}): TableDescriptor => ({
    ...tableOf([...listed].sort(), table),
    ...changes,
  });
  const tick = () => {
    deps.knobs.now += HOUR;
    return new Date(deps.knobs.now).toISOString();
  };
  return {
    deps,
    name,
    descriptor,
    /** A deploy with one more generation. */
    add: async (revision: number) => {
      tick();
      await actions.get("Index")?.create(spec(revision));
      listed.add(revision);
      await actions.get("Guard")?.create(guard(revision));
    },
    /** A deploy with one generation less: the guard goes first. */
    remove: async (revision: number) => {
      await actions.get("Guard")?.delete(guard(revision));
      await actions.get("Index")?.delete(spec(revision));
      listed.delete(revision);
    },
    load: async (revision: number) => {
      const of = { table: descriptor(), generation: name(revision) };
      await handle({ command: "load-started", ...of, exportArn: "arn:export", exportTime: tick() });
      tick();
      await handle({ command: "load-finished", ...of, documents: 10 });
    },
    /** What the audit writes when it ends. */
    audit: async (revision: number, clean = true) => {
      const exportTime = tick();
      const mark = makeMark({ run: exportTime, exportTime, finishedAt: tick() });
      await deps.control.update(table, (control) => {
        const known = control.generations[name(revision)];
        if (known === undefined) return control;
        const changed = { ...known, lastAudit: mark, ...(clean ? { lastCleanAudit: mark } : {}) };
        return { ...control, generations: { ...control.generations, [name(revision)]: changed } };
      });
    },
    cutover: (rest: object = {}) =>
      handle({ command: "cutover", table: descriptor(), ...rest }) as Promise<MoveAnswer>,
    rollback: () => handle({ command: "rollback", table: descriptor() }) as Promise<MoveAnswer>,
    retire: () => handle({ command: "retire", table: descriptor() }) as Promise<TableStatus>,
    status: () => handle({ command: "status", table: descriptor() }) as Promise<TableStatus>,
    command: (event: object) => handle({ table: descriptor(), ...event }),
    declare: (rest: object = {}) =>
      actions.get("Table")?.create(JSON.stringify({ table, retire: false, ...rest })),
    aliasIndexes: async () => (await deps.admin.aliasMembers(table)).map(({ index }) => index),
  };
}

export type World = ReturnType<typeof makeWorld>;
