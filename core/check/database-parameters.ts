import type { DatabaseEngine } from "../ports/database-facts.ts";

/** What a parameter must be, or must not be. Values are compared without regard to case. */
export type ParameterRule =
  | { readonly name: string; readonly value: string }
  | { readonly name: string; readonly not: string };

/**
 * What a database's parameter group must say, so that its log carries whole rows.
 *
 * @see https://docs.aws.amazon.com/opensearch-service/latest/developerguide/aurora-PostgreSQL.html prerequisites
 * @see https://docs.aws.amazon.com/opensearch-service/latest/developerguide/aurora-mysql.html prerequisites
 * @see https://docs.aws.amazon.com/opensearch-service/latest/developerguide/rds-PostgreSQL.html prerequisites
 * @see https://docs.aws.amazon.com/opensearch-service/latest/developerguide/rds-mysql.html prerequisites
 */
export const parameterRules: Readonly<Record<DatabaseEngine, readonly ParameterRule[]>> = {
  "aurora-postgresql": [
    { name: "rds.logical_replication", value: "1" },
    { name: "aurora.enhanced_logical_replication", value: "1" },
    { name: "aurora.logical_replication_backup", value: "0" },
    { name: "aurora.logical_replication_globaldb", value: "0" },
  ],
  postgres: [{ name: "rds.logical_replication", value: "1" }],
  "aurora-mysql": [
    { name: "aurora_enhanced_binlog", value: "1" },
    { name: "binlog_backup", value: "0" },
    { name: "binlog_replication_globaldb", value: "0" },
    { name: "binlog_format", value: "ROW" },
    { name: "binlog_row_image", value: "full" },
    { name: "binlog_row_metadata", value: "full" },
    { name: "binlog_transaction_compression", not: "ON" },
    { name: "binlog_row_value_options", not: "PARTIAL_JSON" },
  ],
  mysql: [
    { name: "binlog_format", value: "ROW" },
    { name: "binlog_row_image", value: "full" },
    { name: "binlog_row_metadata", value: "full" },
    { name: "binlog_transaction_compression", not: "ON" },
    { name: "binlog_row_value_options", not: "PARTIAL_JSON" },
  ],
};

/** The rules a parameter group breaks. @param parameters - its values; one that is not set is not there */
export function brokenRules(
  engine: DatabaseEngine,
  parameters: Readonly<Record<string, string>>,
): readonly ParameterRule[] {
  return parameterRules[engine].filter((rule) => {
    const value = parameters[rule.name]?.toLowerCase();
    return "value" in rule ? !isSame(value, rule.value.toLowerCase()) : isSame(value, rule.not.toLowerCase());
  });
}

/** Boolean parameters are written in both ways. */
function isSame(value: string | undefined, wanted: string): boolean {
  const plain = (text: string | undefined) => (text === "on" ? "1" : text === "off" ? "0" : text);
  return plain(value) === plain(wanted);
}
