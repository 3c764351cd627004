import { toPlainBody } from "../../../core/ingestion/pipeline-body.ts";
import { makeRdsBody } from "../../../core/ingestion/rds-body.ts";
import { ordersRdsBody } from "./body-args.ts";

const upper = { uppercase_string: { with_keys: ["name"] } };

function bodyOf(args: Partial<typeof ordersRdsBody> = {}) {
  return makeRdsBody({ ...ordersRdsBody, ...args });
}

it("reads one table of its database: the snapshot's export, then the log", () => {
  expect(bodyOf().subPipelines[0]?.source).toEqual({
    rds: {
      db_identifier: "shop",
      cluster: true,
      engine: "aurora-postgresql",
      database: "shop",
      tables: { include: ["public.orders"] },
      authentication: {
        username: "${{aws_secrets:database:username}}",
        password: "${{aws_secrets:database:password}}",
      },
      aws: { region: "eu-central-1", sts_role_arn: ordersRdsBody.roleArn },
      acknowledgments: true,
      s3_bucket: "shop-state",
      s3_region: "eu-central-1",
      s3_prefix: ordersRdsBody.exportPrefix,
      export: { kms_key_id: ordersRdsBody.exportKeyArn, iam_role_arn: ordersRdsBody.exportRoleArn },
      stream: true,
    },
  });
});

it("names the database's secret beside the sub-pipelines, and nowhere its content", () => {
  expect(toPlainBody(bodyOf())).toMatchObject({
    extension: {
      aws: {
        secrets: {
          database: {
            secret_id: ordersRdsBody.secretArn,
            region: "eu-central-1",
            sts_role_arn: ordersRdsBody.roleArn,
            refresh_interval: "PT1H",
          },
        },
      },
    },
  });
});

it("says of an instance that it is no cluster", () => {
  expect(bodyOf({ engine: "mysql" }).subPipelines[0]?.source).toMatchObject({ rds: { cluster: false } });
});

it("makes versions of the time in microseconds, whatever unit the engine's own count has", () => {
  const [added] = bodyOf().subPipelines[0]?.processor ?? [];
  const entries = Object(added)["add_entries"].entries;
  expect(
    entries.map(({ key, value_expression: value, add_when: when }: never) => [key, value, when]),
  ).toEqual([
    ["_trueup_id", 'getMetadata("primary_key")', undefined],
    [
      "_trueup_version",
      '(getMetadata("event_timestamp") - 300000) * 1000',
      'getMetadata("ingestion_type") == "EXPORT"',
    ],
    ["_trueup_version", 'getMetadata("event_timestamp") * 1000', 'getMetadata("ingestion_type") == "STREAM"'],
    ["_trueup_action", 'getMetadata("opensearch_action")', undefined],
    ["_trueup_time", 'getMetadata("event_timestamp")', undefined],
  ]);
});

it("writes by that version, before and after the user's processors", () => {
  const expected = { document_version: "${/_trueup_version}", document_version_type: "external_gte" };
  expect(bodyOf().subPipelines[0]?.sink[0]).toMatchObject({ opensearch: expected });
  expect(bodyOf({ processors: [upper] }).subPipelines[1]?.sink[0]).toMatchObject({ opensearch: expected });
});
