import { createHash } from "node:crypto";

/** What one source's log is called everywhere: in its database, in Kafka, in Kafka Connect. */
export interface LogNames {
  /** PostgreSQL's replication slot. */
  readonly slotName: string;
  readonly publicationName: string;
  /** First part of every topic. */
  readonly topicPrefix: string;
  /** The connector's; its offsets are kept under it, so it never changes while the log lives. */
  readonly connectorName: string;
  /** Where Kafka Connect keeps how far the connector came: a topic of the connector's own. */
  readonly offsetsTopic: string;
  /** Beats of the connector itself. */
  readonly heartbeatTopic: string;
}

/** What names a log. */
export interface LogIdentity {
  readonly environment: string;
  /** The entry under `sources:`. */
  readonly source: string;
  /** Raised when a log was lost and another one begins. The first has no number. */
  readonly revision: number;
}

/** PostgreSQL cuts longer identifiers. @see https://www.postgresql.org/docs/current/limits.html identifier length */
const LONGEST_IDENTIFIER = 63;
const HASH_DIGITS = 8;

/** Names the log of a source. The same identity always gives the same names. */
export function nameLog({ environment, source, revision }: LogIdentity): LogNames {
  const parts = ["trueup", environment, source, ...(revision === 1 ? [] : [String(revision)])];
  const topicPrefix = parts.join("-");
  const identifier = toIdentifier(parts.join("_"));
  return {
    slotName: identifier,
    publicationName: identifier,
    topicPrefix,
    connectorName: topicPrefix,
    offsetsTopic: `${topicPrefix}-offsets`,
    heartbeatTopic: `__debezium-heartbeat.${topicPrefix}`,
  };
}

/** What a slot may be called: a to z, 0 to 9 and `_`. */
function toIdentifier(name: string): string {
  const plain = name.toLowerCase().replaceAll(/[^a-z0-9_]/g, "_");
  if (plain.length <= LONGEST_IDENTIFIER) return plain;
  const hash = createHash("sha256").update(name).digest("hex").slice(0, HASH_DIGITS);
  return `${plain.slice(0, LONGEST_IDENTIFIER - HASH_DIGITS - 1)}_${hash}`;
}
