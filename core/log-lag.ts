import { SyncError } from "./errors.ts";
import type { ConnectorState } from "./log-horizon.ts";
import type { Clock } from "./ports/clock.ts";
import type { LagReader } from "./ports/lag-reader.ts";
import type { LogTopics } from "./ports/log-topics.ts";
import type { PositionReader } from "./ports/position-reader.ts";
import { type DatabaseLog, OWN_SCHEMA, type SqlTable, topicOf } from "./source-descriptor.ts";

export interface LogLagDeps {
  readonly positions: PositionReader;
  readonly topicsOf: (log: DatabaseLog) => LogTopics;
  readonly connectorOf: (source: SqlTable, log: DatabaseLog) => Promise<ConnectorState>;
  readonly now: Clock;
  /** Told why a lag is not known. */
  readonly onUnknown: (cause: unknown) => void;
}

/** The connector writes a heartbeat every few seconds; one that is this old says that it is behind. */
const LONGEST_SILENCE_MILLIS = 60_000;

/**
 * Measures lag from a database's log in Kafka: the age of the oldest change no manifest position has passed.
 *
 * What the connector has not brought to Kafka shows in the age of the newest heartbeat there. A slot that is lost or
 * that nobody reads gives no number, nor does a log that cannot be read.
 */
export function makeLogLag(deps: LogLagDeps): LagReader {
  const { positions, now, onUnknown } = deps;
  return {
    lagSeconds: async ({ source }, { mode, generation, indexUuid }) => {
      try {
        if (source.kind !== "sql" || source.log === undefined || mode !== "custom") throw unmeasured();
        const connector = await deps.connectorOf(source, source.log);
        if (connector.kind !== "reading") throw standing(connector, source.log.slotName);
        const topics = deps.topicsOf(source.log);
        const known = await positions.positions(generation, indexUuid);
        const next = new Map(known.map(({ shard, sequence }) => [shard, BigInt(sequence) + 1n]));
        const unread = await firstUnread(topics, topicOf(source.log, source.tableName), next);
        const beaten = await newestBeat(topics, topicOf(source.log, `${OWN_SCHEMA}.heartbeat`));
        const isSilent = now() - beaten > LONGEST_SILENCE_MILLIS;
        const oldest = Math.min(...unread, ...(isSilent ? [beaten] : []), now());
        return Math.floor((now() - oldest) / 1000);
      } catch (cause) {
        onUnknown(cause);
        return undefined;
      }
    },
  };
}

async function firstUnread(
  topics: LogTopics,
  topic: string,
  next: ReadonlyMap<string, bigint>,
): Promise<readonly number[]> {
  const times: number[] = [];
  for (const { shard, earliest, end } of await topics.partitions(topic)) {
    const known = next.get(shard) ?? earliest;
    const from = known < earliest ? earliest : known;
    const time = from < end ? await topics.timeAt(topic, shard, from) : undefined;
    if (time !== undefined) times.push(time);
  }
  return times;
}

/** When the newest heartbeat in Kafka was committed, epoch milliseconds; 0 when there is none. */
async function newestBeat(topics: LogTopics, topic: string): Promise<number> {
  let newest = 0;
  for (const { shard, earliest, end } of await topics.partitions(topic)) {
    const time = end > earliest ? await topics.timeAt(topic, shard, end - 1n) : undefined;
    newest = Math.max(newest, time ?? 0);
  }
  if (newest > 0) return newest;
  throw new SyncError("ENGINE_FAILED", "the connector has brought no heartbeat to Kafka", {
    subject: topic,
    fix: "check that the connector runs, and that its publication has the table",
    retryable: true,
  });
}

function standing(state: ConnectorState, slotName: string): SyncError {
  return new SyncError("ENGINE_FAILED", "no connector reads the database's replication slot", {
    subject: state.kind === "lost" ? state.cause : slotName,
    fix: "start the connector again; where the slot is lost, raise the generation's revision",
    retryable: true,
  });
}

function unmeasured(): SyncError {
  return new SyncError("COMMAND_INVALID", "the lag of this generation is not told by Kafka", {
    subject: "no log of a database that our consumer reads",
    fix: "look at the pipeline's own metrics",
    retryable: false,
  });
}
