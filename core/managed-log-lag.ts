import { SyncError } from "./errors.ts";
import { pipelinePatienceMillis } from "./horizon.ts";
import type { ConnectorState } from "./log-horizon.ts";
import type { Clock } from "./ports/clock.ts";
import type { LagReader } from "./ports/lag-reader.ts";
import type { ManagedDatabase } from "./ports/managed-database.ts";
import { requireSql, type SqlTable } from "./source-descriptor.ts";
import type { ManagedGeneration } from "./table-descriptor.ts";

export interface ManagedLogLagDeps {
  /** Works with the database of a table, and ends the connections. */
  readonly withDatabase: <Result>(
    source: SqlTable,
    work: (database: ManagedDatabase) => Promise<Result>,
  ) => Promise<Result>;
  /** The newest change a managed pipeline has sent, epoch milliseconds; undefined when it has sent none. */
  readonly sentUntilOf: (generation: ManagedGeneration) => Promise<number | undefined>;
  readonly now: Clock;
  readonly pause: (millis: number) => Promise<void>;
  /** Told why a lag is not known. */
  readonly onUnknown: (cause: unknown) => void;
}

/** A reader says how far it is every ten seconds or so. */
const CONFIRMED_WITHIN_MILLIS = 12_000;
const PAUSE_MILLIS = 1_000;

/**
 * Measures the lag of a managed pipeline by the newest change it has sent, and, once it is silent, by how far it has read the
 * database's log: where it has read all, 0; else the time since its newest change, which is the most that the lag can be.
 *
 * A slot that is lost or that nobody reads gives no number.
 */
export function makeManagedLogLag(deps: ManagedLogLagDeps): LagReader {
  return {
    lagSeconds: async (table, generation, loadedUntil) => {
      try {
        if (generation.mode !== "managed") throw unmeasured(generation.generation);
        const source = requireSql(table.source);
        const newest = Math.max(loadedUntil, (await deps.sentUntilOf(generation)) ?? 0);
        const silence = deps.now() - newest;
        const patience = pipelinePatienceMillis(generation.pipeline.collectSeconds * 1000, true);
        const waits = silence < patience ? 0 : CONFIRMED_WITHIN_MILLIS;
        const hasRead = await deps.withDatabase(source, (database) =>
          hasReadAll(deps, database, generation.pipeline.name, waits),
        );
        return hasRead || silence < patience ? 0 : Math.floor(silence / 1000);
      } catch (cause) {
        deps.onUnknown(cause);
        return undefined;
      }
    },
  };
}

/** Whether everything committed by now has been read, within so many milliseconds. */
async function hasReadAll(
  { now, pause }: ManagedLogLagDeps,
  database: ManagedDatabase,
  pipelineName: string,
  withinMillis: number,
): Promise<boolean> {
  const until = now() + withinMillis;
  const end = await database.readLogEnd();
  for (;;) {
    const state = await database.readerState(pipelineName);
    if (state.kind !== "reading") throw unread(state, pipelineName);
    if (state.confirmedLsn >= end) return true;
    if (now() >= until) return false;
    await pause(PAUSE_MILLIS);
  }
}

function unread(state: Exclude<ConnectorState, { kind: "reading" }>, pipelineName: string): SyncError {
  return new SyncError("ENGINE_FAILED", "the managed pipeline does not read the database's log", {
    subject: state.kind === "lost" ? state.cause : pipelineName,
    fix: "look at the pipeline's status and log; where the slot is lost, raise the generation's revision",
    retryable: true,
  });
}

function unmeasured(generation: string): SyncError {
  return new SyncError("COMMAND_INVALID", "the lag of this generation is not told by a pipeline", {
    subject: generation,
    fix: "deploy the functions and the configuration of one version of this program together",
    retryable: false,
  });
}
