import { parseJson } from "../parse-json.ts";
import type { IncrementalSnapshots, SnapshotState } from "../ports/incremental-snapshots.ts";
import type { LogTopics } from "../ports/log-topics.ts";
import type { SqlSession } from "../ports/sql-session.ts";
import { notificationsTopic } from "./connector-configuration.ts";
import { SIGNAL_TABLE } from "./own-tables.ts";

export interface IncrementalSnapshotsDeps {
  readonly session: Pick<SqlSession, "query">;
  readonly topics: Pick<LogTopics, "partitions" | "valuesFrom">;
  readonly topicPrefix: string;
  /** `schema.table`. */
  readonly tableName: string;
}

const ASK = `insert into ${SIGNAL_TABLE.name} (id, type, data) values ($1, 'execute-snapshot', $2) on conflict (id) do nothing`;

/**
 * Asks by a row of the signal table, and hears by the notifications that the connector writes to a topic of its own.
 *
 * @see https://debezium.io/documentation/reference/3.3/connectors/postgresql.html#postgresql-incremental-snapshots
 * @see https://debezium.io/documentation/reference/3.3/configuration/notification.html
 */
export function makeIncrementalSnapshots({
  session,
  topics,
  topicPrefix,
  tableName,
}: IncrementalSnapshotsDeps): IncrementalSnapshots {
  const topic = notificationsTopic({ topicPrefix });
  return {
    ask: async (id) => {
      // A name is a regular expression there.
      const collection = tableName.replaceAll(/[.$^{[(|)*+?\\]/g, "\\$&");
      const order = { "data-collections": [collection], type: "incremental" };
      await session.query(ASK, [id, JSON.stringify(order)]);
    },
    look: async (id) => {
      let state: SnapshotState = { kind: "running" };
      for (const { shard, earliest, end } of await topics.partitions(topic)) {
        for (let next = earliest; next < end; ) {
          const page = await topics.valuesFrom(topic, shard, next);
          state = page.values.reduce<SnapshotState>((before, text) => judge(before, text, id), state);
          if (page.next <= next) break;
          next = page.next;
        }
      }
      return state;
    },
  };
}

/** A failure stays; so does an end. */
function judge(before: SnapshotState, text: string, id: string): SnapshotState {
  const { id: of, aggregate, type, status } = readNotification(text);
  if (of !== id || aggregate !== "Incremental Snapshot" || before.kind === "failed") return before;
  if (type === "ABORTED") return { kind: "failed", cause: "the connector gave the snapshot up" };
  if (type === "TABLE_SCAN_COMPLETED" && status !== "SUCCEEDED" && status !== "EMPTY")
    return { kind: "failed", cause: `the connector could not read the table: ${status}` };
  return type === "COMPLETED" ? { kind: "done" } : before;
}

interface Notification {
  readonly id: string;
  readonly aggregate: string;
  readonly type: string;
  /** What became of a table; empty where the notification is of none. */
  readonly status: string;
}

/** Anything else has no type that means something here. */
function readNotification(text: string): Notification {
  const found = parseJson(text);
  const more = memberOf(found, "additional_data");
  return {
    id: String(memberOf(found, "id")),
    aggregate: String(memberOf(found, "aggregate_type")),
    type: String(memberOf(found, "type")),
    status: String(memberOf(more, "status") ?? ""),
  };
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
}
