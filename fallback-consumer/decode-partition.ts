import { type DebeziumEnvelope, parseEnvelope } from "../core/debezium-envelope.ts";
import { type DecodedTable, decodeDebeziumEvent, unknownColumns } from "../core/decode-debezium-event.ts";
import { SyncError } from "../core/errors.ts";
import type { KafkaRecord } from "../core/kafka-record.ts";
import type { ReindexRequest } from "../core/reindex-request.ts";
import { afterTruncation, isUncertain, type Truncation } from "../core/truncation.ts";
import type { LogRecord } from "./consume-batch.ts";
import type { KafkaDeps } from "./kafka-deps.ts";

/** One record of a partition, and what it asks for beside a write. */
export interface PartitionRecord extends LogRecord {
  /** The record is to be read again, because the event does not tell all of it. */
  readonly reread?: ReindexRequest;
  /** The table was emptied here. */
  readonly truncation?: Truncation;
}

interface Parsed {
  readonly record: KafkaRecord;
  readonly envelope?: DebeziumEnvelope;
  readonly fault?: unknown;
}

/** Decodes the records of one partition, in their order. Asks the database's catalog where a column is new. */
export async function decodePartition(
  deps: KafkaDeps,
  records: readonly KafkaRecord[],
): Promise<readonly PartitionRecord[]> {
  const parsed = records.map((record) => parse(deps, record));
  const table = await readTable(deps, parsed);
  const truncation = await deps.truncations.newest();
  return parsed.map((one) => decode(deps, one, table, truncation));
}

function parse(deps: KafkaDeps, record: KafkaRecord): Parsed {
  if (record.value === null || record.topic !== deps.topic) return { record };
  try {
    const envelope = parseEnvelope(record.value);
    return envelope === undefined ? { record } : { record, envelope };
  } catch (fault) {
    return { record, fault };
  }
}

async function readTable(deps: KafkaDeps, parsed: readonly Parsed[]): Promise<DecodedTable> {
  const { columns: known, tableName, generation } = deps;
  let columns = await known.read(tableName);
  for (const { envelope } of parsed) {
    if (envelope === undefined) continue;
    for (const name of unknownColumns(envelope, columns)) columns = await known.read(tableName, name);
  }
  return { key: generation.key, columns, tellsOldRows: await known.tellsOldRows(tableName) };
}

function decode(
  deps: KafkaDeps,
  { record, envelope, fault }: Parsed,
  table: DecodedTable,
  truncation: Truncation | undefined,
): PartitionRecord {
  const place = { sequence: String(record.offset), time: envelope?.sourceTime ?? record.timestamp };
  if (fault !== undefined) return undecodable(place, fault);
  if (envelope === undefined) return { place, content: { kind: "nothing" } };
  if (envelope.op === "t") {
    const { version, sourceTime } = envelope;
    return { place, content: { kind: "nothing" }, truncation: { version, sourceTime } };
  }
  try {
    const { event, isPartial, lacksOldRow } = decodeDebeziumEvent(record, envelope, table);
    const uncertain = isPartial || (deps.several && lacksOldRow) || isUncertain(event, truncation);
    const written = afterTruncation(event, truncation);
    const isWritten = !isPartial || written !== event;
    return {
      place,
      content: isWritten ? { kind: "change", event: written } : { kind: "nothing" },
      ...(uncertain ? { reread: toRequest(deps, event.recordId, event.key) } : {}),
    };
  } catch (cause) {
    return undecodable(place, cause);
  }
}

function undecodable(place: NonNullable<LogRecord["place"]>, fault: unknown): PartitionRecord {
  const cause = fault instanceof SyncError ? fault.code : "EVENT_UNDECODABLE";
  const reason = fault instanceof SyncError ? fault.message : "the event cannot be read";
  return { place, content: { kind: "undecodable", key: {}, cause, reason } };
}

function toRequest(
  { newRequestId }: KafkaDeps,
  recordId: string,
  key: NonNullable<ReindexRequest["key"]>,
): ReindexRequest {
  return { requestId: newRequestId(), reason: "rebuild", recordId, key, attempt: 1, notBefore: 0 };
}
