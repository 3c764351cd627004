import { stringify } from "yaml";
import { parsePipeline } from "../../../../../local/stand-ins/ingestion/body/parse-declaration.ts";

const tableArn = "arn:aws:dynamodb:us-east-1:123456789012:table/orders";
const source = {
  dynamodb: {
    acknowledgments: true,
    tables: [
      {
        table_arn: tableArn,
        stream: { start_position: "LATEST" },
        export: { s3_bucket: "b", s3_prefix: "e" },
      },
    ],
    aws: { region: "us-east-1", sts_role_arn: "arn" },
  },
};
const opensearch = { hosts: ["http://127.0.0.1:9200"], index: "orders", index_type: "management_disabled" };
const s3 = { bucket: "b", codec: { ndjson: {} }, threshold: { event_collect_timeout: "30s" } };
const one = { source, sink: [{ opensearch }, { s3 }] };

function declare(body: object, more: object = {}) {
  const written = stringify({ version: "2", ...body });
  return parsePipeline("orders", {
    PipelineName: "orders",
    MinUnits: 1,
    MaxUnits: 4,
    PipelineConfigurationBody: written,
    ...more,
  });
}

describe("a pipeline's declaration", () => {
  it("has Data Prepper's defaults where nothing is said", () => {
    const { body } = declare({ orders: one });
    expect(body.first).toBe("orders");
    expect(body.source.options).toMatchObject({
      shard_acknowledgment_timeout: 1_800_000,
      s3_data_file_acknowledgment_timeout: 900_000,
    });
    const [index, manifest] = body.subPipelines.get("orders")?.sink ?? [];
    expect(index?.opensearch).toMatchObject({ flush_timeout: 60_000, bulk_size: 5 });
    expect(index?.opensearch?.action({ data: {}, metadata: {} })).toBe("index");
    expect(manifest?.s3).toMatchObject({
      compression: "none",
      object_key: { path_prefix: "", name_pattern_prefix: "events" },
      threshold: { event_count: 0, maximum_size: 50 * 1024 * 1024, event_collect_timeout: 30_000 },
    });
  });

  it.each([
    ["1500ms", 1_500],
    ["PT30M", 1_800_000],
    ["PT1H2M3S", 3_723_000],
    ["P1D", 86_400_000],
  ])("reads the time %s", (written, millis) => {
    const dynamodb = { ...source.dynamodb, shard_acknowledgment_timeout: written };
    expect(declare({ orders: { ...one, source: { dynamodb } } }).body.source.options).toMatchObject({
      shard_acknowledgment_timeout: millis,
    });
  });

  it("has sub-pipelines that are linked from both ends", () => {
    const first = { source, sink: [{ s3 }, { pipeline: { name: "documents" } }] };
    const documents = { source: { pipeline: { name: "orders" } }, sink: [{ opensearch }] };
    expect([...declare({ documents, orders: first }).body.subPipelines.keys()]).toEqual([
      "documents",
      "orders",
    ]);
    expect(() => declare({ orders: first })).toThrow(/orders\.sink\.1\.pipeline\.name/);
    expect(() => declare({ orders: one, documents })).toThrow(/documents\.source\.pipeline\.name/);
  });

  it.each<[string, object, RegExp]>([
    [
      "an unknown processor",
      { orders: { ...one, processor: [{ grok: {} }] } },
      /orders\.processor\.0: .*grok/,
    ],
    [
      "a condition that is not understood",
      {
        orders: {
          ...one,
          processor: [{ add_entries: { entries: [{ key: "a", value: 1, add_when: "/b in {1}" }] } }],
        },
      },
      /add_when: only getMetadata/,
    ],
    [
      "an expression that is not understood",
      {
        orders: {
          ...one,
          processor: [{ add_entries: { entries: [{ key: "a", value_expression: "length(/a)" }] } }],
        },
      },
      /value_expression: only getMetadata/,
    ],
    ["another source", { orders: { ...one, source: { s3: {} } } }, /orders\.source: .*s3/],
    ["two tables", { orders: { ...one, source: { dynamodb: { tables: [] } } } }, /exactly one table/],
    [
      "an index type that makes indices",
      { orders: { ...one, sink: [{ opensearch: { ...opensearch, index_type: "custom" } }] } },
      /index_type/,
    ],
    ["routes", { orders: { ...one, route: [{ a: "/b" }] } }, /orders: .*route/],
    [
      "another codec",
      { orders: { ...one, sink: [{ s3: { ...s3, codec: { parquet: {} } } }] } },
      /codec: .*parquet/,
    ],
    [
      "a size nobody can read",
      {
        orders: { ...one, sink: [{ s3: { ...s3, threshold: { ...s3.threshold, maximum_size: "10 MB" } } }] },
      },
      /maximum_size: must be a size/,
    ],
    [
      "a time nobody can read",
      { orders: { ...one, sink: [{ s3: { ...s3, threshold: { event_collect_timeout: "soon" } } }] } },
      /must be a time/,
    ],
    [
      "a function that loses metadata",
      {
        orders: { ...one, processor: [{ aws_lambda: { function_name: "f", response_events_match: false } }] },
      },
      /lose their ids/,
    ],
    [
      "an index by event",
      { orders: { ...one, sink: [{ opensearch: { ...opensearch, index: "${/a}" } }] } },
      /index: places/,
    ],
    [
      "both filters",
      { orders: { ...one, sink: [{ s3: { ...s3, include_keys: ["a"], exclude_keys: ["b"] } }] } },
      /must not have both/,
    ],
    ["no source", {}, /one dynamodb or rds source/],
    ["two sources", { orders: one, others: one }, /one dynamodb or rds source/],
  ])("is refused with %s", (_name, body, fault) => {
    expect(() => declare(body)).toThrow(/^CONFIGURATION_INVALID/);
    expect(() => declare(body)).toThrow(fault);
  });

  it("is refused under another name, with a buffer that lasts, or without a body", () => {
    expect(() => declare({ orders: one }, { PipelineName: "others" })).toThrow(
      /PipelineName: must be orders/,
    );
    expect(() => declare({ orders: one }, { BufferOptions: { PersistentBufferEnabled: true } })).toThrow(
      /PersistentBufferEnabled/,
    );
    expect(() => declare({ orders: one }, { PipelineConfigurationBody: "version: [" })).toThrow(/no YAML/);
    expect(() => declare({ orders: one }, { PipelineConfigurationBody: 'version: "1"' })).toThrow(
      /version: must be/,
    );
    expect(() => parsePipeline("orders", {})).toThrow(/PipelineName/);
  });
});
