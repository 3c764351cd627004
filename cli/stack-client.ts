import type { AuditReport } from "../core/audit-report.ts";
import type { LifecycleCommand, MoveAnswer } from "../core/lifecycle-command.ts";
import type { ExecutionState } from "../core/ports/executions.ts";
import type { DeadLetter, ReindexRequest } from "../core/reindex-request.ts";
import type { EnvironmentDescriptor, TableDescriptor } from "../core/table-descriptor.ts";
import type { TableStatus } from "../core/table-status.ts";

/** A dead letter on its queue; hidden from others until it is given back or removed. */
export interface ReceivedLetter {
  readonly letter: DeadLetter;
  readonly receiptHandle: string;
}

/** What commands ask of a deployed stack. Every call may throw SyncErrors. */
export interface StackClient {
  readonly descriptor: EnvironmentDescriptor;
  readonly status: (table: TableDescriptor) => Promise<TableStatus>;
  readonly move: (
    command: Extract<LifecycleCommand, { command: "cutover" | "rollback" }>,
  ) => Promise<MoveAnswer>;
  readonly retire: (table: TableDescriptor) => Promise<TableStatus>;
  readonly startAudit: (name: string, input: unknown) => Promise<void>;
  readonly auditState: (name: string) => Promise<ExecutionState>;
  /** @returns undefined until the audit has written its report */
  readonly auditReport: (table: string, run: string) => Promise<AuditReport | undefined>;
  /** Takes up to a few letters off a queue for half a minute; empty when none is left. */
  readonly receiveLetters: (queueUrl: string) => Promise<readonly ReceivedLetter[]>;
  readonly giveBack: (queueUrl: string, letters: readonly ReceivedLetter[]) => Promise<void>;
  readonly removeLetters: (queueUrl: string, letters: readonly ReceivedLetter[]) => Promise<void>;
  readonly requestReindex: (queueUrl: string, requests: readonly ReindexRequest[]) => Promise<void>;
}
