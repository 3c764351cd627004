import { type AttributeMap, type AttributeValue, keyAttributes, type TableKey } from "./attribute-value.ts";
import type { ChangeEvent } from "./change-event.ts";
import type { DebeziumEnvelope } from "./debezium-envelope.ts";
import { toKey, toRecordId } from "./document-id.ts";
import { SyncError } from "./errors.ts";
import type { KafkaRecord } from "./kafka-record.ts";
import { parseExact, toExactObject } from "./parse-exact.ts";
import type { ExactObject } from "./plain-fingerprint.ts";
import { fromDebezium } from "./sql/from-debezium.ts";
import type { SqlColumn } from "./sql/sql-column.ts";
import { isUntold } from "./sql/untold-value.ts";

/** What a table is, as far as its events are to be understood. */
export interface DecodedTable {
  readonly key: TableKey;
  readonly columns: readonly SqlColumn[];
  /** `REPLICA IDENTITY FULL`: events carry the whole row before, and every value of the row after. */
  readonly tellsOldRows: boolean;
}

/** What one event of a row comes down to. */
export interface DecodedEvent {
  readonly event: ChangeEvent;
  /** The row after is not all there: the record must be read again, and its image must not be written. */
  readonly isPartial: boolean;
  /** The row before is not there: documents it made may be left. */
  readonly lacksOldRow: boolean;
}

/** Header of the `create` that a changed key becomes, beside a `delete` of the old key. */
const OLD_KEY_HEADER = "__debezium.oldkey";

/**
 * Reads what an event says of one row.
 *
 * @param envelope - of its value; not one of a truncate
 * @throws SyncError `EVENT_UNDECODABLE` when it has no key, or a value is not of its column's type (not retryable)
 */
export function decodeDebeziumEvent(
  { key: keyText, offset, headers }: KafkaRecord,
  { op, before, after, version, sourceTime }: DebeziumEnvelope,
  table: DecodedTable,
): DecodedEvent {
  const row = after ?? before ?? {};
  const recordKey = readKey(keyText, row, table);
  const recordId = toRecordId(recordKey, table.key);
  if (recordId === "") throw withoutKey("an empty text");
  const common = {
    recordId,
    key: toKey(recordKey, table.key),
    version,
    sourceTime,
    position: String(offset),
  };
  const oldImage = table.tellsOldRows && before !== undefined ? toImage(before, table.columns) : undefined;
  if (op === "d") {
    const old = oldImage === undefined ? {} : { oldImage };
    return {
      event: { ...common, op: "delete", ...old },
      isPartial: false,
      lacksOldRow: oldImage === undefined,
    };
  }
  if (after === undefined) throw lacking("after");
  const changes = op === "u" || headers.includes(OLD_KEY_HEADER);
  const isPartial = hasUntold(after, table, changes && !table.tellsOldRows);
  // A partial image is for nobody's eyes: the record's current state is read instead.
  const image = isPartial ? recordKey : toImage(after, table.columns);
  if (op === "u" && oldImage !== undefined) {
    return { event: { ...common, op: "update", image, oldImage }, isPartial, lacksOldRow: false };
  }
  return {
    event: { ...common, op: op === "r" ? "read" : "insert", image },
    isPartial,
    lacksOldRow: op === "u",
  };
}

/** Columns of an event that the table, as it is known, does not have. */
export function unknownColumns(
  { after }: DebeziumEnvelope,
  columns: readonly SqlColumn[],
): readonly string[] {
  const names = Object.keys(after ?? {});
  if (names.length === columns.length && columns.every(({ name }) => after?.[name] !== undefined)) return [];
  return names.filter((name) => columns.every((column) => column.name !== name));
}

function readKey(text: string | null, row: ExactObject, { key, columns }: DecodedTable): AttributeMap {
  if (text === null) throw withoutKey("null");
  const parsed = toExactObject(parseKey(text));
  const members = toExactObject(parsed?.["payload"]) ?? parsed ?? {};
  const found: Record<string, AttributeValue> = {};
  for (const { name } of keyAttributes(key)) {
    const value = members[name] ?? row[name];
    const column = columns.find((known) => known.name === name);
    if (value === undefined || column === undefined) throw withoutKey(`no ${name}`);
    found[name] = fromDebezium(value, column.type);
  }
  return found;
}

function parseKey(text: string) {
  try {
    return parseExact(text);
  } catch {
    throw withoutKey("no JSON");
  }
}

/** Columns that the table no longer has are left out: no read of the row shows them either. */
function toImage(row: ExactObject, columns: readonly SqlColumn[]): AttributeMap {
  const image: Record<string, AttributeValue> = {};
  for (const { name, type } of columns) {
    const value = row[name];
    if (value === undefined) continue;
    if (name === "__proto__")
      Object.defineProperty(image, name, { value: fromDebezium(value, type), enumerable: true });
    else image[name] = fromDebezium(value, type);
  }
  return image;
}

function hasUntold(row: ExactObject, { columns }: DecodedTable, mayBeSilent: boolean): boolean {
  return columns.some(({ name, type }) => {
    const value = row[name];
    return value !== undefined && isUntold(value, type, mayBeSilent);
  });
}

function withoutKey(what: string): SyncError {
  return new SyncError("EVENT_UNDECODABLE", "an event does not name its record", {
    subject: `key: ${what}`,
    fix: "give the table a primary key, and the connector's message keys no other columns",
    retryable: false,
  });
}

function lacking(member: string): SyncError {
  return new SyncError("EVENT_UNDECODABLE", "an event lacks what its change cannot be told without", {
    subject: member,
    fix: "let nothing but the connector write to the topic",
    retryable: false,
  });
}
