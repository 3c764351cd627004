/**
 * Processors OpenSearch Ingestion has, by Data Prepper's names.
 *
 * @see https://docs.aws.amazon.com/opensearch-service/latest/developerguide/pipeline-config-reference.html#ingestion-plugins
 */
export const PROCESSORS: readonly string[] = [
  "add_entries",
  "aggregate",
  "anomaly_detector",
  "aws_lambda",
  "convert_entry_type",
  "convert_type",
  "copy_values",
  "csv",
  "date",
  "decompress",
  "delay",
  "delete_entries",
  "dissect",
  "drop_events",
  "flatten",
  "geoip",
  "grok",
  "key_value",
  "list_to_map",
  "lowercase_string",
  "map_to_list",
  "obfuscate",
  "otel_metrics",
  "otel_trace_group",
  "otel_traces",
  "parse_ion",
  "parse_json",
  "parse_xml",
  "rename_keys",
  "select_entries",
  "service_map",
  "split_event",
  "split_string",
  "string_converter",
  "substitute_string",
  "trace_peer_forwarder",
  "translate",
  "trim_string",
  "truncate",
  "uppercase_string",
  "user_agent",
  "write_json",
];

/** Those that remember events: an event they keep is not acknowledged. @see https://docs.aws.amazon.com/opensearch-service/latest/developerguide/pipeline-config-reference.html#processor-stateful-stateless */
export const STATEFUL_PROCESSORS: readonly string[] = ["aggregate", "service_map"];

/** Options OpenSearch Ingestion takes from no processor. @see https://docs.aws.amazon.com/opensearch-service/latest/developerguide/pipeline-config-reference.html#ingestion-params-grok */
export const UNSUPPORTED_OPTIONS: Readonly<Record<string, readonly string[]>> = {
  grok: ["patterns_directories", "patterns_files_glob"],
};
