import type { Announcer } from "../core/ports/announcer.ts";
import type { Clock } from "../core/ports/clock.ts";
import type { ControlStore } from "../core/ports/control-store.ts";
import type { DatabaseAdmin } from "../core/ports/database-admin.ts";
import type { DeadLetterCounter } from "../core/ports/dead-letter-counter.ts";
import type { Executions } from "../core/ports/executions.ts";
import type { IndexAdmin } from "../core/ports/index-admin.ts";
import type { KafkaAdmin } from "../core/ports/kafka-admin.ts";
import type { LagReader } from "../core/ports/lag-reader.ts";
import type { SecurityAdmin } from "../core/ports/security-admin.ts";
import type { TargetProbe } from "../core/ports/target-probe.ts";
import type { WriteMeasures } from "../core/ports/write-measures.ts";
import type { SlotLook } from "../core/slot-look.ts";
import type { DatabaseConnection, KafkaConnection } from "../core/source-descriptor.ts";

/** Looks at a replication slot of a database. @throws SyncError `ENGINE_FAILED` (retryable) */
export type LookAtSlot = (connection: DatabaseConnection, slotName: string) => Promise<SlotLook>;

/** What index-lifecycle reaches of one table, under that table's role. */
export interface LifecycleAccess {
  readonly executions: Executions;
  readonly lag: LagReader;
  readonly deadLetters: DeadLetterCounter;
  readonly slot: LookAtSlot;
}

/** What index-lifecycle reaches of one source, under that source's role. */
export interface SourceAccess {
  readonly database: (connection: DatabaseConnection) => DatabaseAdmin;
  readonly kafka: (connection: KafkaConnection) => KafkaAdmin;
  readonly slot: LookAtSlot;
}

/** Everything index-lifecycle reaches; entries make it, tests fake it. */
export interface LifecycleDeps {
  readonly environment: string;
  readonly maximumCutoverLagSeconds: number;
  readonly control: ControlStore;
  readonly admin: IndexAdmin;
  readonly security: SecurityAdmin;
  readonly probe: TargetProbe;
  /** Reaches one table as the role that may. */
  readonly accessAs: (roleArn: string) => LifecycleAccess;
  /** Reaches one source as the role that may. */
  readonly sourceAs: (roleArn: string) => SourceAccess;
  readonly announcer: Announcer;
  readonly measure: WriteMeasures;
  readonly now: Clock;
  readonly pause: (millis: number) => Promise<void>;
}
