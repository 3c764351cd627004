import { makeDynamoDbBody } from "../../../core/ingestion/dynamodb-body.ts";
import { toPlainBody } from "../../../core/ingestion/pipeline-body.ts";
import { SENT_MEMBERS } from "../../../core/sent-line.ts";
import { ordersBody } from "./body-args.ts";

const upper = { uppercase_string: { with_keys: ["name"] } };
const documents = `${ordersBody.pipelineName}-documents`;

function sinksOf(args: Partial<typeof ordersBody> = {}) {
  return makeDynamoDbBody({ ...ordersBody, ...args }).subPipelines.map(
    ({ name, source, processor, sink }) => ({
      name,
      source: Object.keys(source),
      processor: processor?.flatMap((step) => Object.keys(step)),
      sink: sink.flatMap((each) => Object.keys(each)),
    }),
  );
}

it("is one sub-pipeline that sends every event to the index and to the manifest", () => {
  expect(sinksOf()).toEqual([
    {
      name: ordersBody.pipelineName,
      source: ["dynamodb"],
      processor: ["add_entries"],
      sink: ["opensearch", "s3"],
    },
  ]);
});

it("gives the manifest what the source said before the user's processors change it", () => {
  expect(sinksOf({ processors: [upper, { trim_string: { with_keys: ["name"] } }] })).toEqual([
    {
      name: ordersBody.pipelineName,
      source: ["dynamodb"],
      processor: ["add_entries"],
      sink: ["s3", "pipeline"],
    },
    {
      name: documents,
      source: ["pipeline"],
      processor: ["uppercase_string", "trim_string"],
      sink: ["opensearch"],
    },
  ]);
});

it("links the two sub-pipelines by name", () => {
  const { subPipelines } = makeDynamoDbBody({ ...ordersBody, processors: [upper] });
  expect(subPipelines[0]?.sink[1]).toEqual({ pipeline: { name: documents } });
  expect(subPipelines[1]?.source).toEqual({ pipeline: { name: ordersBody.pipelineName } });
});

it("writes by the id, version and action of the source, so that an older event loses", () => {
  const { subPipelines } = makeDynamoDbBody(ordersBody);
  expect(subPipelines[0]?.sink[0]).toMatchObject({
    opensearch: {
      index: "orders-managed-1-write",
      index_type: "management_disabled",
      document_id: '${getMetadata("primary_key")}',
      document_version: '${getMetadata("document_version")}',
      document_version_type: "external_gte",
      action: '${getMetadata("opensearch_action")}',
    },
  });
});

// An item with an attribute of that name would otherwise tell the manifest its own version.
it("adds the manifest's members over whatever an item has of their names, and keeps them out of the index", () => {
  const [first] = makeDynamoDbBody(ordersBody).subPipelines;
  const entry = (key: string, metadata: string) => ({
    key,
    value_expression: `getMetadata("${metadata}")`,
    overwrite_if_key_exists: true,
  });
  expect(first?.processor).toEqual([
    {
      add_entries: {
        entries: [
          entry("_trueup_id", "primary_key"),
          entry("_trueup_version", "document_version"),
          entry("_trueup_action", "opensearch_action"),
          entry("_trueup_time", "dynamodb_timestamp"),
        ],
      },
    },
  ]);
  expect(first?.sink[0]).toMatchObject({ opensearch: { exclude_keys: Object.values(SENT_MEMBERS) } });
});

it("puts timing where each sink has it", () => {
  const [first] = makeDynamoDbBody({ ...ordersBody, flushMillis: 250, collectSeconds: 5 }).subPipelines;
  expect(first?.sink).toMatchObject([
    { opensearch: { flush_timeout: 250 } },
    { s3: { threshold: { event_collect_timeout: "5s" } } },
  ]);
});

it("encrypts the export with the environment's key where there is one", () => {
  const keyArn = "arn:aws:kms:eu-central-1:111122223333:key/of-the-environment";
  const [withKey, without] = [keyArn, undefined].map((given) =>
    makeDynamoDbBody({ ...ordersBody, keyArn: given }),
  );
  expect(JSON.stringify(withKey)).toContain(`"s3_sse_kms_key_id":"${keyArn}"`);
  expect(JSON.stringify(without)).not.toContain("kms");
});

it("calls functions under the pipeline's role", () => {
  const options = { function_name: "enrich", response_events_match: true };
  const [, second] = makeDynamoDbBody({ ...ordersBody, processors: [{ aws_lambda: options }] }).subPipelines;
  const aws = { region: ordersBody.region, sts_role_arn: ordersBody.roleArn };
  expect(second?.processor).toEqual([{ aws_lambda: { ...options, aws } }]);
});

it("reads as Data Prepper's language: sub-pipelines by name beside the version", () => {
  const plain = toPlainBody(makeDynamoDbBody({ ...ordersBody, processors: [upper] }));
  expect(Object.keys(plain)).toEqual(["version", ordersBody.pipelineName, documents]);
  expect(plain["version"]).toBe("2");
  expect(plain[documents]).not.toHaveProperty("name");
});
