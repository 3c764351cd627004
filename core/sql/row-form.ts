import type { AttributeMap } from "../attribute-value.ts";
import type { GenerationMode } from "../mode-rules.ts";
import { fromText } from "./from-text.ts";
import { toManagedValue } from "./managed/managed-value.ts";
import type { SqlColumn } from "./sql-column.ts";

/** How rows are written: as our consumers have records, or as Data Prepper sends them. */
export type RowForm = "record" | "sent";

/** The form that a generation's documents have, by who writes them. */
export function formOf(mode: GenerationMode): RowForm {
  return mode === "managed" ? "sent" : "record";
}

/**
 * A row that was read in SQL, as a record.
 *
 * @param row - the database's texts of `columns`, in their order, in a session with `SESSION_SETTINGS`
 */
export function toRecord(
  row: readonly (string | null)[],
  columns: readonly SqlColumn[],
  form: RowForm,
): AttributeMap {
  return Object.fromEntries(
    columns.map(({ name, type, typeName }, place) => {
      const text = row[place] ?? null;
      return [name, form === "sent" ? toManagedValue(text, typeName) : fromText(text, type)];
    }),
  );
}
