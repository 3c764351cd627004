import { findManagedFaults } from "../../../components/managed-pipeline/managed-faults.ts";

const paths = (args: Parameters<typeof findManagedFaults>[0]) =>
  findManagedFaults(args).map(({ propertyPath }) => propertyPath);
const ofStep = (...processors: readonly Readonly<Record<string, unknown>>[]) =>
  paths({ processors, repair: "touch" });
const enrich = { function_name: "enrich", response_events_match: true };

it("takes nothing at all, and both ends of every range", () => {
  expect(paths({})).toEqual([]);
  expect(paths({ minimumUnits: 1, maximumUnits: 1, flushMillis: 1, collectSeconds: 1 })).toEqual([]);
  expect(paths({ minimumUnits: 96, maximumUnits: 96, flushMillis: 60_000, collectSeconds: 3600 })).toEqual(
    [],
  );
});

it.each([
  [{ minimumUnits: 0 }, ["minimumUnits"]],
  [{ minimumUnits: 1.5 }, ["minimumUnits"]],
  [{ maximumUnits: 97 }, ["maximumUnits"]],
  [{ maximumUnits: Number.NaN }, ["maximumUnits", "maximumUnits"]],
  [{ minimumUnits: 5 }, ["maximumUnits"]],
  [{ minimumUnits: 3, maximumUnits: 2 }, ["maximumUnits"]],
  [{ flushMillis: 0 }, ["flushMillis"]],
  [{ flushMillis: 60_001 }, ["flushMillis"]],
  [{ collectSeconds: 0 }, ["collectSeconds"]],
  [{ collectSeconds: 3601 }, ["collectSeconds"]],
])("refuses %j", (args, expected) => {
  expect(paths(args)).toEqual(expected);
});

it("tells every fault at once, with the value", () => {
  const faults = findManagedFaults({
    minimumUnits: 0,
    flushMillis: -1,
    processors: [{ aggregate: {} }],
    repair: "touch",
  });
  expect(faults.map(({ propertyPath }) => propertyPath)).toEqual([
    "minimumUnits",
    "flushMillis",
    "processors[0].aggregate",
  ]);
  expect(faults[0]?.reason).toBe("must be a whole number, 1 to 96; got 0");
});

it("wants repairs that go through the pipeline where it changes documents", () => {
  const processors = [{ uppercase_string: { with_keys: ["name"] } }];
  expect(paths({ processors })).toEqual(["repair"]);
  expect(paths({ processors, repair: "rewrite" })).toEqual(["repair"]);
  expect(paths({ processors, repair: "touch" })).toEqual([]);
  expect(paths({ repair: "rewrite" })).toEqual([]);
});

it("takes processors that change one document at a time", () => {
  const steps = [
    { uppercase_string: { with_keys: ["name"] } },
    { add_entries: { entries: [{ metadata_key: "my_own", value: 1 }] } },
    { translate: { mappings: [] } },
    { aws_lambda: { ...enrich, lambda_when: 'getMetadata("opensearch_action") == "index"' } },
    { user_agent: null },
  ];
  expect(ofStep(...steps)).toEqual([]);
});

it.each(["aggregate", "service_map"])("refuses %s, which keeps events", (name) => {
  const [fault] = findManagedFaults({ processors: [{ [name]: {} }] });
  expect(fault?.reason).toMatch(/^keeps events/);
});

it.each([
  "drop_events",
  "split_event",
  "anomaly_detector",
  "otel_metrics",
  "otel_traces",
  "trace_peer_forwarder",
])("refuses %s, under which the index would not equal the table", (name) => {
  expect(ofStep({ date: {} }, { [name]: {} })).toEqual([`processors[1].${name}`]);
});

it("refuses what OpenSearch Ingestion has not, and what is no processor", () => {
  expect(ofStep({ ml_inference: {} }, {}, { date: {}, csv: {} })).toEqual([
    "processors[1]",
    "processors[2]",
    "processors[0].ml_inference",
  ]);
});

it.each([
  [{ function_name: "enrich" }, ["response_events_match"]],
  [{ function_name: "enrich", response_events_match: "true" }, ["response_events_match"]],
  [{ response_events_match: true }, ["function_name"]],
  [{ ...enrich, function_name: "ab" }, ["function_name"]],
  [{ ...enrich, aws: { region: "us-east-1" } }, ["aws"]],
])("refuses a call of a function that loses the record or asks for another role: %j", (options, expected) => {
  expect(ofStep({ aws_lambda: options })).toEqual(expected.map((name) => `processors[0].aws_lambda.${name}`));
});

it.each([
  [{ delete_entries: { with_keys: ["a", "_trueup_id"] } }, "delete_entries.with_keys[1]"],
  [
    { rename_keys: { entries: [{ from_key: "v", to_key: "/_trueup_version" }] } },
    "rename_keys.entries[0].to_key",
  ],
  [{ add_entries: { entries: [{ key: "a", format: "${/_trueup_time}" }] } }, "add_entries.entries[0].format"],
  [{ grok: { match: { _trueup_action: ["%{WORD:a}"] } } }, "grok.match._trueup_action"],
  [
    { add_entries: { entries: [{ metadata_key: "document_version", value: 1 }] } },
    "add_entries.entries[0].metadata_key",
  ],
  [{ translate: { file: { name: "s3://a/b" } } }, "translate.file"],
])("refuses %j, which touches what is not the user's", (processor, path) => {
  expect(ofStep(processor)).toEqual([`processors[0].${path}`]);
});
