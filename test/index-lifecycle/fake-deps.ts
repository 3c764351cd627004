import type { Announcement } from "../../core/ports/announcer.ts";
import type { ControlStore } from "../../core/ports/control-store.ts";
import type { ExecutionState, Executions } from "../../core/ports/executions.ts";
import type { SecurityAdmin, SecurityRole } from "../../core/ports/security-admin.ts";
import type { TargetLack } from "../../core/ports/target-probe.ts";
import type { Measure } from "../../core/ports/write-measures.ts";
import type { SlotLook } from "../../core/slot-look.ts";
import type { TableControl } from "../../core/table-control.ts";
import type { TableDescriptor } from "../../core/table-descriptor.ts";
import type { LifecycleDeps } from "../../index-lifecycle/lifecycle-deps.ts";
import { FakeEngine } from "./fake-engine.ts";
import { FakeDatabase, FakeKafka } from "./fake-source.ts";

/** Control records in memory; `failNext` breaks the next write. */
class FakeControl implements ControlStore {
  readonly records = new Map<string, TableControl>();
  failNext: Error | undefined;

  async read(table: string): Promise<TableControl> {
    return this.records.get(table) ?? { table, retired: false, generations: {} };
  }

  async update(table: string, change: (control: TableControl) => TableControl): Promise<TableControl> {
    const failure = this.failNext;
    this.failNext = undefined;
    if (failure !== undefined) throw failure;
    const changed = change(await this.read(table));
    this.records.set(table, changed);
    return changed;
  }
}

/** Executions in memory; what becomes of them is set by the test. */
class FakeExecutions implements Executions {
  readonly states = new Map<string, ExecutionState>();

  async start(stateMachineArn: string, name: string) {
    const kind = this.states.has(name) ? ("exists" as const) : ("started" as const);
    if (kind === "started") this.states.set(name, "running");
    return { kind, executionArn: `${stateMachineArn}:${name}` };
  }

  async state(_stateMachineArn: string, name: string): Promise<ExecutionState> {
    return this.states.get(name) ?? "absent";
  }

  async stop(_stateMachineArn: string, name: string): Promise<void> {
    this.states.set(name, "stopped");
  }
}

/** Remembers who was granted what. */
class FakeSecurity implements SecurityAdmin {
  readonly calls: { readonly kind: "grant" | "revoke"; readonly role: SecurityRole }[] = [];

  async grant(role: SecurityRole): Promise<void> {
    this.calls.push({ kind: "grant", role });
  }

  async revoke(role: SecurityRole): Promise<void> {
    this.calls.push({ kind: "revoke", role });
  }
}

/** Everything index-lifecycle reaches, in memory, with the knobs tests turn. */
export interface FakeDeps extends LifecycleDeps {
  readonly control: FakeControl;
  readonly admin: FakeEngine;
  readonly security: FakeSecurity;
  readonly executions: FakeExecutions;
  readonly database: FakeDatabase;
  readonly kafka: FakeKafka;
  readonly announced: Announcement[];
  /** Names of indexes that the target was tried with. */
  readonly probed: string[];
  /** What was measured, with its dimensions. */
  readonly measured: Readonly<Record<string, string | number>>[];
  readonly knobs: {
    now: number;
    lagSeconds: number | undefined;
    deadLetters: number;
    lacks: readonly TargetLack[];
    slot: SlotLook;
  };
}

/** Measures by name. */
function toValues(measures: readonly Measure[]): Readonly<Record<string, number>> {
  return Object.fromEntries(measures.flatMap(({ name, values }) => values.map((value) => [name, value])));
}

export function makeFakeDeps(): FakeDeps {
  const knobs: FakeDeps["knobs"] = {
    now: Date.parse("2026-11-23T10:00:00Z"),
    lagSeconds: 0,
    deadLetters: 0,
    lacks: [],
    slot: {
      kind: "there",
      active: true,
      walStatus: "reserved",
      retainedBytes: 2_000_000,
      unconfirmedBytes: 1_000,
    },
  };
  const announced: Announcement[] = [];
  const probed: string[] = [];
  const measured: Readonly<Record<string, string | number>>[] = [];
  const executions = new FakeExecutions();
  const [database, kafka] = [new FakeDatabase(), new FakeKafka()];
  return {
    environment: "test",
    maximumCutoverLagSeconds: 30,
    control: new FakeControl(),
    admin: new FakeEngine(),
    security: new FakeSecurity(),
    probe: {
      findLacks: async (index) => {
        probed.push(index);
        return knobs.lacks;
      },
    },
    executions,
    accessAs: () => ({
      executions,
      lag: { lagSeconds: async () => knobs.lagSeconds },
      deadLetters: { count: async () => knobs.deadLetters },
      slot: async () => knobs.slot,
    }),
    sourceAs: () => ({ database: () => database, kafka: () => kafka, slot: async () => knobs.slot }),
    database,
    kafka,
    pause: async () => {},
    announcer: {
      announce: async (announcement) => {
        announced.push(announcement);
      },
    },
    now: () => knobs.now,
    measure: (dimensions, measures) => {
      measured.push({ ...dimensions, ...toValues(measures) });
    },
    measured,
    announced,
    probed,
    knobs,
  };
}

/** A table with the generations of the given revisions. */
export function tableOf(revisions: readonly number[], table = "orders"): TableDescriptor {
  return {
    table,
    alias: table,
    source: {
      kind: "dynamodb",
      tableName: `${table}-source`,
      tableArn: "arn:table",
      streamArn: "arn:stream",
      key: { partitionKey: { name: "id", type: "S" } },
    },
    access: {
      auditRoleArn: "arn:aws:iam::123456789012:role/audit",
      lifecycleRoleArn: "arn:aws:iam::123456789012:role/lifecycle",
    },
    generations: revisions.map((revision) => ({
      generation: `${table}-custom-${revision}`,
      mode: "custom",
      revision,
      index: `${table}-custom-${revision}`,
      writeAlias: `${table}-custom-${revision}-write`,
      indexUuid: `uuid-${revision}`,
      transformHash: "identity",
      consumerFunction: "c",
      loaderFunction: "l",
      reindexQueueUrl: "r",
      deadLetterQueueUrl: "d",
      buildStateMachine: "b",
    })),
    cutover: "automatic",
    audit: {
      verifyIndex: true,
      breaker: { share: 0.01, minimumCount: 100 },
      fullEveryDays: 30,
      pollSeconds: 1,
    },
    consumerTimeoutSeconds: 60,
    manifestBuckets: 16,
  };
}

/** The spec of an Index resource. */
export function indexSpec(
  revision: number,
  changes: Readonly<Record<string, unknown>> = {},
  table = "orders",
) {
  return {
    table,
    generation: `${table}-custom-${revision}`,
    mode: "custom",
    revision,
    index: `${table}-custom-${revision}`,
    writeAlias: `${table}-custom-${revision}-write`,
    mapping: { properties: { name: { type: "keyword" } } },
    settings: { number_of_shards: 3 },
    transformHash: "identity",
    allowTransformChange: false,
    ...changes,
  };
}
