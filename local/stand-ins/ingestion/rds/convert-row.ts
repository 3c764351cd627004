import type { AttributeValue } from "../../../../core/attribute-value.ts";
import { ExactNumber } from "../../../../core/exact-number.ts";
import { toManagedValue } from "../../../../core/sql/managed/managed-value.ts";
import type { EventData, EventValue } from "../event.ts";
import type { ConvertedRecord } from "../source/convert-record.ts";
import type { SourceTableOfDatabase } from "./database.ts";
import type { Tuple } from "./pgoutput.ts";

/** What is told of a row beside its values. */
export interface RowFacts {
  readonly database: string;
  /** Epoch milliseconds: of the commit, or of the snapshot. */
  readonly time: number;
  readonly version: bigint;
  readonly action: "index" | "delete";
  readonly ingestion: "EXPORT" | "STREAM";
  readonly change?: "insert" | "update" | "delete";
}

/**
 * Turns a row into an event. A value that the log left out, because it is long and did not change, is not in it.
 *
 * @see https://github.com/opensearch-project/data-prepper `rds-source/…/converter/RecordConverter.java`
 */
export function convertRow(row: Tuple, table: SourceTableOfDatabase, facts: RowFacts): ConvertedRecord {
  const types = new Map(table.columns.map(({ name, typeName }) => [name, typeName]));
  const data = Object.fromEntries(
    [...row].map(([name, value]) => [name, toEventValue(toManagedValue(value, types.get(name) ?? "text"))]),
  );
  return {
    data,
    metadata: {
      primary_key: table.keyNames.map((name) => keyText(data[name])).join("|"),
      document_version: facts.version,
      event_timestamp: facts.time,
      opensearch_action: facts.action,
      ...(facts.change === undefined ? {} : { change_event_type: facts.change }),
      database_name: facts.database,
      schema_name: table.schema,
      table_name: table.table,
      ingestion_type: facts.ingestion,
    },
  };
}

/** `event.get(key, String.class)`. */
function keyText(value: EventValue | undefined): string {
  return value === undefined || value === null ? "null" : String(value);
}

function toEventValue(value: AttributeValue): EventValue {
  if ("S" in value) return value.S;
  if ("N" in value) return new ExactNumber(value.N);
  if ("BOOL" in value) return value.BOOL;
  if ("L" in value) return value.L.map(toEventValue);
  if ("M" in value) return toEventData(value.M);
  return null;
}

function toEventData(map: Readonly<Record<string, AttributeValue>>): EventData {
  return Object.fromEntries(Object.entries(map).map(([name, value]) => [name, toEventValue(value)]));
}
