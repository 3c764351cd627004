/** Bodies as the documentation has them, and what is wrong with others. OpenSearch Ingestion's own `ValidatePipeline` is not asked. */
import { findBodyFaults } from "../../../components/managed-pipeline/find-body-faults.ts";
import { readBody } from "../../../components/managed-pipeline/write-body.ts";
import { makeDynamoDbBody } from "../../../core/ingestion/dynamodb-body.ts";
import { toPlainBody } from "../../../core/ingestion/pipeline-body.ts";
import { ordersBody } from "../../core/ingestion/body-args.ts";

const ROLE = "arn:aws:iam::111122223333:role/pipeline";
const aws = { region: "us-east-1", sts_role_arn: ROLE };
const hosts = ["https://search-shop.us-east-1.es.amazonaws.com"];
const dynamodb = { tables: [{ table_arn: "arn:aws:dynamodb:us-east-1:111122223333:table/a" }], aws };
const rds = {
  db_identifier: "shop",
  engine: "aurora-postgresql",
  database: "shop",
  authentication: { username: "${{aws_secrets:shop:username}}", password: "${{aws_secrets:shop:password}}" },
  aws,
  s3_bucket: "shop-state",
};
const s3 = { bucket: "shop-state", codec: { ndjson: {} }, threshold: { event_collect_timeout: "30s" }, aws };
const opensearch = { hosts, index: "a", aws };
const withDeadLetters = { ...opensearch, dlq: { s3: { bucket: "shop-state" } } };

function body(change: object = {}) {
  return { version: "2", a: { source: { dynamodb }, sink: [{ opensearch }], ...change } };
}

const paths = (given: unknown) => findBodyFaults(given).map(({ propertyPath }) => propertyPath);
const ofSource = (change: object) => paths(body({ source: { dynamodb: { ...dynamodb, ...change } } }));
const ofTable = (change: object) => ofSource({ tables: [{ ...dynamodb.tables[0], ...change }] });
const ofRds = (change: object) =>
  paths(body({ source: { rds: { ...rds, ...change } }, sink: [{ opensearch: withDeadLetters }] }));
const ofSink = (change: object) => paths(body({ sink: [{ opensearch: { ...opensearch, ...change } }] }));
const ofS3 = (change: object) => paths(body({ sink: [{ s3: { ...s3, ...change } }] }));
const ofStep = (processor: unknown) => paths(body({ processor: [processor] }));

describe("a body that is right", () => {
  it.each([
    ["ours", ordersBody],
    ["ours with processors", { ...ordersBody, processors: [{ flatten: { source: "", target: "" } }] }],
    ["ours under a key", { ...ordersBody, keyArn: "arn:aws:kms:eu-central-1:111122223333:key/k" }],
  ])("is %s", (_whose, args) => {
    expect(findBodyFaults(toPlainBody(makeDynamoDbBody(args)))).toEqual([]);
  });

  it("is the one of the guide for DynamoDB, once its sink names the role", () => {
    const guide = (sinkAws: string) =>
      readBody(`
version: "2"
cdc-pipeline:
  source:
    dynamodb:
      tables:
      - table_arn: "arn:aws:dynamodb:us-east-1:111122223333:table/table-a"
        export: { s3_bucket: "amzn-s3-demo-bucket", s3_prefix: "export/" }
        stream: { start_position: "LATEST" }
      aws: { region: "us-east-1", sts_role_arn: "${ROLE}" }
  sink:
  - opensearch:
      hosts: ["https://search-mydomain.us-east-1.es.amazonaws.com"]
      index: "\${getMetadata(\\"table-name\\")}"
      index_type: custom
      normalize_index: true
      document_id: "\${getMetadata(\\"primary_key\\")}"
      action: "\${getMetadata(\\"opensearch_action\\")}"
      document_version: "\${getMetadata(\\"document_version\\")}"
      document_version_type: "external"
${sinkAws}`);
    expect(findBodyFaults(guide(`      aws: { region: us-east-1, sts_role_arn: "${ROLE}" }`))).toEqual([]);
    expect(paths(guide(""))).toEqual(["cdc-pipeline.sink[0].opensearch.aws"]);
  });

  it.each([
    [
      "everything a dynamodb source may say",
      () =>
        ofSource({
          acknowledgments: false,
          shard_acknowledgment_timeout: "PT30M",
          s3_data_file_acknowledgment_timeout: "900s",
          tables: [
            {
              table_arn: "arn:aws:dynamodb:us-east-1:111122223333:table/a",
              export: { s3_bucket: "abc", s3_prefix: "p", s3_region: "us-east-1" },
              stream: { start_position: "LATEST", view_on_remove: "OLD_IMAGE", disable_checkpointing: true },
            },
          ],
          aws: { ...aws, sts_external_id: "id", sts_header_overrides: { a: "b" } },
        }),
    ],
    [
      "everything an rds source may say",
      () =>
        ofRds({
          cluster: true,
          tables: { include: ["public.a"], exclude: ["public.b"] },
          acknowledgments: true,
          s3_data_file_acknowledgment_timeout: "PT30M",
          stream_acknowledgment_timeout: "PT10M",
          s3_prefix: "p",
          s3_region: "us-east-1",
          partition_count: 1000,
          export: { kms_key_id: "k", iam_role_arn: ROLE },
          stream: true,
          disable_s3_read_for_leader: true,
        }),
    ],
    [
      "much of what an s3 sink may say",
      () =>
        ofS3({
          object_key: { path_prefix: "a/${/id}/%{yyyy}/", name_pattern_prefix: "sent" },
          compression: "snappy",
          codec: { parquet: { auto_schema: true } },
          threshold: { event_count: 0, maximum_size: "1.5mb", event_collect_timeout: "PT1H" },
          aggregate_threshold: { maximum_size: "128mb", flush_capacity_ratio: 0 },
          buffer_type: "multipart",
          bucket_owners: { other: "111122223333" },
          client: { max_connections: 5000, acquire_timeout: "10s" },
          server_side_encryption: { type: "kms", kms_key_id: "arn:aws:kms:us-east-1:111122223333:key/k" },
          object_metadata: { number_of_events_key: "n" },
          include_keys: ["a"],
        }),
    ],
    [
      "much of what an opensearch sink may say",
      () =>
        ofSink({
          template_type: "index-template",
          template_content: "{}",
          number_of_shards: 1,
          actions: [{ type: "delete", when: "/gone == true" }, { type: "index" }],
          flush_timeout: -1,
          bulk_size: -1,
          max_retries: 1,
          query_lookup: { query_when: "true", query_term: "id", query_duration: "PT3M" },
          dlq: { s3: { bucket: "abc", key_path_prefix: "a/%{yyyy-MM-dd}/", bucket_owner: "111122223333" } },
          routes: ["x"],
          tags_target_key: "tags",
        }),
    ],
    [
      "a collection",
      () =>
        ofSink({
          hosts: ["https://abc.us-east-1.aoss.amazonaws.com"],
          index_type: "management_disabled",
          aws: { ...aws, serverless: true, serverless_options: { network_policy_name: "abc" } },
        }),
    ],
    ["a domain on two stacks", () => ofSink({ hosts: ["https://search-a.aos.us-east-1.on.aws"] })],
    ["an address, which is no custom endpoint", () => ofSink({ hosts: ["http://127.0.0.1:9200"] })],
    ["a processor without options", () => ofStep({ user_agent: null })],
  ])("is %s", (_what, found) => {
    expect(found()).toEqual([]);
  });
});

describe("a body that OpenSearch Ingestion would refuse", () => {
  it.each([
    ["no object", paths([]), [""]],
    ["version 1", paths({ ...body(), version: 2 }), ["version"]],
    ["no sub-pipeline", paths({ version: "2" }), [""]],
    ["no sink", paths(body({ sink: [] })), ["a.sink"]],
    ["a buffer", paths(body({ buffer: { bounded_blocking: {} } })), ["a.buffer"]],
    ["workers and a delay", paths(body({ workers: 1, delay: 5 })), ["a.workers", "a.delay"]],
    ["another source", paths(body({ source: { kafka: {} } })), ["a.source.kafka"]],
    ["two sources in one", paths(body({ source: { dynamodb, rds } })), ["a.source"]],
    ["an unknown source", paths(body({ source: { mongo: {} } })), ["a.source.mongo"]],
    ["another sink", paths(body({ sink: [{ lambda: {} }] })), ["a.sink[0].lambda"]],
    ["no aws", ofSource({ aws: {} }), ["a.source.dynamodb.aws.region", "a.source.dynamodb.aws.sts_role_arn"]],
    [
      "a short role",
      ofSink({ aws: { ...aws, sts_role_arn: "arn:aws:iam::1:r" } }),
      ["a.sink[0].opensearch.aws.sts_role_arn"],
    ],
    [
      "a long role",
      ofSink({ aws: { ...aws, sts_role_arn: "r".repeat(2049) } }),
      ["a.sink[0].opensearch.aws.sts_role_arn"],
    ],
    [
      "two tables",
      ofSource({ tables: [dynamodb.tables[0], dynamodb.tables[0]] }),
      ["a.source.dynamodb.tables"],
    ],
    [
      "a key that is no ARN",
      ofTable({ export: { s3_bucket: "abc", s3_sse_kms_key_id: "k" } }),
      ["a.source.dynamodb.tables[0].export.s3_sse_kms_key_id"],
    ],
    [
      "a stream from its beginning",
      ofTable({ stream: { start_position: "TRIM_HORIZON" } }),
      ["a.source.dynamodb.tables[0].stream.start_position"],
    ],
    [
      "an option of a later version",
      ofTable({ stream: { shard_discovery_interval: "1s" } }),
      ["a.source.dynamodb.tables[0].stream.shard_discovery_interval"],
    ],
    [
      "a slip of the documentation",
      ofSource({ shared_acknowledgement_timeout: "10m" }),
      ["a.source.dynamodb.shared_acknowledgement_timeout"],
    ],
    [
      "a duration in minutes",
      ofSource({ shard_acknowledgment_timeout: "10m" }),
      ["a.source.dynamodb.shard_acknowledgment_timeout"],
    ],
    ["another engine", ofRds({ engine: "oracle" }), ["a.source.rds.engine"]],
    ["too many partitions", ofRds({ partition_count: 1001 }), ["a.source.rds.partition_count"]],
    ["joins and no TLS", ofRds({ joins: {}, tls: {} }), ["a.source.rds.tls", "a.source.rds.joins"]],
    ["half an export", ofRds({ export: { kms_key_id: "k" } }), ["a.source.rds.export.iam_role_arn"]],
    [
      "a custom endpoint",
      ofSink({ hosts: ["https://search.example.com"] }),
      ["a.sink[0].opensearch.hosts[0]"],
    ],
    ["a port", ofSink({ hosts: [`${hosts[0]}:443`] }), ["a.sink[0].opensearch.hosts[0]"]],
    [
      "no TLS",
      ofSink({ hosts: ["http://search-shop.us-east-1.es.amazonaws.com"] }),
      ["a.sink[0].opensearch.hosts[0]"],
    ],
    [
      "a domain called a collection",
      ofSink({ aws: { ...aws, serverless: true } }),
      ["a.sink[0].opensearch.aws.serverless"],
    ],
    [
      "a managed index in a collection",
      ofSink({
        hosts: ["https://a.us-east-1.aoss.amazonaws.com"],
        index_type: "custom",
        aws: { ...aws, serverless: true },
      }),
      ["a.sink[0].opensearch.index_type"],
    ],
    [
      "a short name of a policy",
      ofSink({ aws: { ...aws, serverless_options: { network_policy_name: "ab" } } }),
      ["a.sink[0].opensearch.aws.serverless_options.network_policy_name"],
    ],
    ["no threshold", ofS3({ threshold: {} }), ["a.sink[0].s3.threshold.event_collect_timeout"]],
    [
      "a threshold of no time",
      ofS3({ threshold: { event_collect_timeout: "999ms" } }),
      ["a.sink[0].s3.threshold.event_collect_timeout"],
    ],
    [
      "a threshold over an hour",
      ofS3({ threshold: { event_collect_timeout: "3601s" } }),
      ["a.sink[0].s3.threshold.event_collect_timeout"],
    ],
    [
      "an hour and a bit",
      ofS3({ threshold: { event_collect_timeout: "PT1H0.5S" } }),
      ["a.sink[0].s3.threshold.event_collect_timeout"],
    ],
    [
      "too many events",
      ofS3({ threshold: { event_collect_timeout: "1s", event_count: 10_000_001 } }),
      ["a.sink[0].s3.threshold.event_count"],
    ],
    [
      "a size without a unit",
      ofS3({ threshold: { event_collect_timeout: "1s", maximum_size: "10" } }),
      ["a.sink[0].s3.threshold.maximum_size"],
    ],
    ["two codecs", ofS3({ codec: { ndjson: {}, json: {} } }), ["a.sink[0].s3.codec"]],
    ["a codec it has not", ofS3({ codec: { event_json: {} } }), ["a.sink[0].s3.codec.event_json"]],
    ["no schema", ofS3({ codec: { avro: {} } }), ["a.sink[0].s3.codec.avro"]],
    [
      "two schemas",
      ofS3({ codec: { parquet: { schema: "s", auto_schema: true } } }),
      ["a.sink[0].s3.codec.parquet"],
    ],
    ["a short bucket", ofS3({ bucket: "ab" }), ["a.sink[0].s3.bucket"]],
    [
      "a time in a name",
      ofS3({ object_key: { name_pattern_prefix: "%{yyyy}" } }),
      ["a.sink[0].s3.object_key.name_pattern_prefix"],
    ],
    [
      "a time by the minute",
      ofSink({ dlq: { s3: { bucket: "abc", key_path_prefix: "%{HH-mm}" } } }),
      ["a.sink[0].opensearch.dlq.s3.key_path_prefix"],
    ],
    ["a processor it has not", ofStep({ s3_enrich: {} }), ["a.processor[0].s3_enrich"]],
    ["two processors in one", ofStep({ date: {}, csv: {} }), ["a.processor[0]"]],
    ["a processor that is a text", ofStep("date"), ["a.processor[0]"]],
    ["options that are none", ofStep({ date: "now" }), ["a.processor[0].date"]],
    [
      "files of patterns",
      ofStep({ grok: { patterns_directories: [], match: {} } }),
      ["a.processor[0].grok.patterns_directories"],
    ],
  ])("has %s", (_what, found, expected) => {
    expect(found).toEqual(expected);
  });

  it.each([
    "username",
    "password",
    "api_token",
    "authentication",
    "cert",
    "insecure",
    "proxy",
    "socket_timeout",
    "dlq_file",
    "ism_policy_file",
    "template_file",
    "aws_sigv4",
    "document_id_field",
    "routing_field",
    "script",
    "pull_indexing",
    "forward_to",
    "aws_region",
    "unheard_of",
  ])("has the sink's option %s", (option) => {
    expect(ofSink({ [option]: "x" })).toEqual([`a.sink[0].opensearch.${option}`]);
  });

  it("has more than ten sinks, or ten sub-pipelines", () => {
    const sinks = (count: number) => body({ sink: Array.from({ length: count }, () => ({ s3 })) });
    const subPipelines = (count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, place) => [`a${place}`, body().a]));
    expect([paths(sinks(10)), paths(sinks(11))]).toEqual([[], [""]]);
    expect(paths({ version: "2", ...subPipelines(11) })).toEqual([""]);
  });

  it("has two sources, or sub-pipelines that only one end knows of", () => {
    const linked = (name: string) => ({ source: { pipeline: { name } }, sink: [{ opensearch }] });
    const sends = (name: string) => ({ source: { dynamodb }, sink: [{ pipeline: { name } }] });
    expect(paths({ version: "2", a: sends("b"), b: linked("a") })).toEqual([]);
    expect(paths({ version: "2", a: body().a, b: body().a })).toEqual([""]);
    expect(paths({ version: "2", a: sends("b"), b: linked("c") })).toEqual([
      "a.sink[0].pipeline.name",
      "b.source.pipeline.name",
    ]);
  });

  it("has sinks of two domains or two roles", () => {
    const other = { ...opensearch, hosts: ["https://search-b.us-east-1.es.amazonaws.com"] };
    const role = { ...opensearch, aws: { ...aws, sts_role_arn: `${ROLE}-2` } };
    expect(paths(body({ sink: [{ opensearch }, { opensearch: other }, { opensearch: role }] }))).toEqual([
      "a.sink[1].opensearch.hosts",
      "a.sink[2].opensearch.aws.sts_role_arn",
    ]);
  });
});

describe("a body that would make an index wrong", () => {
  it.each(["create", "update", "upsert"])("gives versions to %s, which takes none", (action) => {
    const versioned = { document_version: "${/v}", document_version_type: "external" };
    expect(ofSink({ action })).toEqual([]);
    expect(ofSink({ action, ...versioned })).toEqual(["a.sink[0].opensearch.action"]);
    expect(ofSink({ actions: [{ type: action }], ...versioned })).toEqual([
      "a.sink[0].opensearch.actions[0].type",
    ]);
  });

  it("knows no such action", () => {
    expect(ofSink({ action: "remove" })).toEqual(["a.sink[0].opensearch.action"]);
  });

  it("acknowledges end to end and has no place for what is refused, or keeps events", () => {
    const acknowledged = { source: { dynamodb: { ...dynamodb, acknowledgments: true } } };
    expect(paths(body(acknowledged))).toEqual(["a.sink[0].opensearch.dlq"]);
    expect(paths(body({ source: { rds } }))).toEqual(["a.sink[0].opensearch.dlq"]);
    expect(paths(body({ source: { rds: { ...rds, acknowledgments: false } } }))).toEqual([]);
    const aggregating = { processor: [{ aggregate: {} }], sink: [{ opensearch: withDeadLetters }] };
    expect(paths(body({ ...acknowledged, ...aggregating }))).toEqual(["a.processor[0].aggregate"]);
    expect(paths(body(aggregating))).toEqual([]);
  });
});

it("says why, and what to write instead", () => {
  const [fault] = findBodyFaults(body({ sink: [{ opensearch: { ...opensearch, dlq_file: "x" } }] }));
  expect(fault?.reason).toMatch(/own machine.*; use dlq$/);
});
