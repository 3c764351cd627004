import type { SqlTableFacts } from "../../ports/database-admin.ts";
import type { SqlColumn } from "../sql-column.ts";
import { isSentAsText, isSentAsWholeNumber } from "./managed-scalar.ts";

/**
 * What of a table a managed pipeline would send wrongly, or not at all; every check with what to do about it.
 *
 * - Partitions: Data Prepper publishes the table without `publish_via_partition_root`, and its changes come under the names of
 *   partitions that it does not know.
 * - Generated columns: they are in the export and not in the log, so that a change would take them out of its document.
 * - Keys: a document is named by its key as it was sent. A time is cut to milliseconds, and bytes or shapes are no names.
 *
 * @see https://github.com/opensearch-project/data-prepper `rds-source/…/schema/PostgresSchemaManager.java` the publication
 */
export function managedTableChecks(
  facts: Pick<SqlTableFacts, "kind" | "columns" | "hasGenerated">,
): readonly (readonly [boolean, string])[] {
  const unnamed = facts.columns.filter((column) => column.isKey && !canName(column));
  return [
    [facts.kind !== "partitioned", `managed pipelines do not read partitioned tables; ${USE_CUSTOM}`],
    [!facts.hasGenerated, `managed pipelines lose generated columns; ${USE_CUSTOM}`],
    ...unnamed.map(({ name, typeName }): readonly [boolean, string] => [
      false,
      `managed documents cannot be named by ${name} of type ${typeName}; ${USE_CUSTOM}`,
    ]),
  ];
}

const USE_CUSTOM = "use mode: custom for this table";

function canName({ typeName, type: { kind } }: SqlColumn): boolean {
  return kind === "number" ? isSentAsWholeNumber(typeName) : kind === "text" && isSentAsText(typeName);
}
