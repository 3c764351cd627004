import { stateLayout } from "../../core/state-layout.ts";
import { ACCOUNT, made, REGION } from "./physical-names.ts";
import type { Call } from "./policies.ts";

const arn = (service: string, resource: string) => `arn:aws:${service}:${REGION}:${ACCOUNT}:${resource}`;
const calls = (actions: string, ...resources: readonly string[]): readonly Call[] =>
  actions.split(" ").flatMap((action) => resources.map((resource) => ({ action, resource })));

const KEY = "arn:aws:kms:eu-central-1:123456789012:key/0a1b2c3d-4e5f-6789-0abc-def012345678";
const BUCKET = `arn:aws:s3:::${made("prod-state")}`;
const DOMAIN = arn("es", `domain/${made("prod-search")}`);
const TABLE = arn("dynamodb", "table/places");
const STREAM = `${TABLE}/stream/2026-11-23T00:00:00.000`;
const DEAD_LETTERS = arn("sqs", made("places-custom-1-dead-letters"));
const REINDEX = arn("sqs", `${made("places-custom-1-reindex")}.fifo`);
const TOPIC = arn("sns", made("prod-events"));
const AUDIT = made("prod-audit-workflow");
const BUILD = made("places-custom-1-build");

const MANIFEST = stateLayout.manifest("places-custom-1", "Xy_1-uuid");
const RUN = stateLayout.audit("places", "2026-11-23-1");
const EXPORT = `${stateLayout.exports("places")}/AWSDynamoDB/0123-abc/`;
const CONTROL = stateLayout.control("places");

const object = (action: string, ...keys: readonly string[]) =>
  calls(action, ...keys.map((key) => `${BUCKET}/${key}`));
const listed = (...prefixes: readonly string[]): readonly Call[] =>
  prefixes.map((prefix) => ({ action: "s3:ListBucket", resource: BUCKET, prefix }));
const logs = (name: string) =>
  calls(
    "logs:CreateLogStream logs:PutLogEvents",
    arn("logs", `log-group:${made(`${name}-logs`)}:log-stream:a`),
  );
const invoke = (...names: readonly string[]) =>
  calls("lambda:InvokeFunction", ...names.map((name) => arn("lambda", `function:${made(name)}`)));
const KEY_USE = calls("kms:Decrypt kms:GenerateDataKey", KEY);
const KEY_READ = calls("kms:Decrypt", KEY);
const STREAM_READ = calls("dynamodb:DescribeStream dynamodb:GetRecords dynamodb:GetShardIterator", STREAM);

/** The writer of all three consumers: `adapters/opensearch-index.ts`, `opensearch-identity.ts`, `s3-manifest-appender.ts`. */
const consumer = (name: string) => [
  ...logs(name),
  ...KEY_USE,
  ...calls("es:ESHttpPost", `${DOMAIN}/places-custom-1-write/_bulk`),
  ...calls("es:ESHttpGet", `${DOMAIN}/places-custom-1-write/_settings/index.uuid`),
  ...object("s3:PutObject", `${MANIFEST}segments/2026-11-23T10/1-stream-a.gz`),
  ...calls("sqs:SendMessage", DEAD_LETTERS),
  // What is indexed without an enrichment is read again: `fallback-consumer/request-rereads.ts`.
  ...calls("sqs:SendMessage", REINDEX),
];

/** What is done on a table is done under its own role. */
const assumed = (user: string) =>
  calls(
    "sts:AssumeRole",
    `arn:aws:iam::${ACCOUNT}:role/trueup/prod/${user}/${made(`places-access-${user}`)}`,
  );

/** A distributed map runs its children under the machine it is part of. */
const ownMap = (machine: string) => [
  ...calls("states:StartExecution", arn("states", `stateMachine:${machine}`)),
  ...calls(
    "states:DescribeExecution states:StopExecution",
    arn("states", `execution:${machine}:a`),
    arn("states", `execution:${machine}/Label:b`),
  ),
];

/**
 * Every call that each role of the stack `prod` makes, from `docs/internals.md` and the SDK calls of the adapters.
 *
 * Written by hand: nothing here proves that an adapter calls no more than this.
 */
export const PROD_CALLS: Readonly<Record<string, readonly Call[]>> = {
  "places-custom-1-stream-role": [
    ...consumer("places-custom-1-stream"),
    ...STREAM_READ,
    ...calls("dynamodb:ListStreams", STREAM),
  ],
  "places-custom-1-reread-role": [
    ...consumer("places-custom-1-reread"),
    ...calls("es:ESHttpGet", `${DOMAIN}/places-custom-1-write/_doc/a%7Cb`),
    ...calls("dynamodb:BatchGetItem", TABLE),
    ...object("s3:GetObject", `${MANIFEST}pointer.json`, `${MANIFEST}base/1/0.gz`),
    ...object("s3:PutObject", `${RUN}unrepairable/a.json`),
    ...listed(`${MANIFEST}segments/`, `${MANIFEST}pointer.json`),
    ...calls(
      "sqs:ReceiveMessage sqs:DeleteMessage sqs:GetQueueAttributes sqs:ChangeMessageVisibility sqs:SendMessage",
      REINDEX,
    ),
  ],
  "places-custom-1-loader-role": [
    ...consumer("places-custom-1-loader"),
    ...object("s3:GetObject", `${EXPORT}data/a.json.gz`, CONTROL),
  ],
  "prod-lifecycle-role": [
    ...logs("prod-lifecycle"),
    ...KEY_USE,
    ...object("s3:GetObject", CONTROL, `${MANIFEST}pointer.json`, `${MANIFEST}segments/a.gz`),
    ...object("s3:PutObject", CONTROL),
    ...listed(CONTROL, `${MANIFEST}segments/`, `${MANIFEST}pointer.json`),
    ...calls("sns:Publish", TOPIC),
    ...calls(
      "es:ESHttpGet es:ESHttpPut es:ESHttpPost es:ESHttpDelete",
      `${DOMAIN}/places-custom-1`,
      `${DOMAIN}/_aliases`,
    ),
    ...assumed("lifecycle"),
  ],
  "prod-audit-function-role": [
    ...logs("prod-audit-function"),
    ...KEY_USE,
    ...object(
      "s3:GetObject",
      CONTROL,
      `${MANIFEST}pointer.json`,
      `${RUN}plan.json`,
      `${EXPORT}data/a.json.gz`,
    ),
    ...object("s3:PutObject", CONTROL, `${MANIFEST}pointer.json`, `${RUN}plan.json`),
    ...object("s3:DeleteObject", `${MANIFEST}segments/a.gz`, `${RUN}index/1/0.json`),
    ...listed(CONTROL, `${MANIFEST}segments/`, `${RUN}fingerprints/`, `${EXPORT}manifest-summary.json`),
    ...calls("sns:Publish", TOPIC),
    ...calls(
      "es:ESHttpGet es:ESHttpPost es:ESHttpDelete",
      `${DOMAIN}/places-custom-1/_settings`,
      `${DOMAIN}/_search/point_in_time`,
    ),
    ...assumed("audit"),
  ],
  "places-access-audit": [
    ...object("s3:PutObject s3:PutObjectAcl s3:AbortMultipartUpload", `${EXPORT}data/a.json.gz`),
    ...KEY_USE,
    ...STREAM_READ,
    ...calls("dynamodb:ExportTableToPointInTime dynamodb:BatchGetItem", TABLE),
    ...calls("dynamodb:DescribeExport", `${TABLE}/export/0123-abc`),
    ...calls("sqs:SendMessage", REINDEX),
  ],
  "places-access-lifecycle": [
    // A table under the environment's key has its stream under it too.
    ...KEY_READ,
    ...STREAM_READ,
    ...calls("states:StartExecution", arn("states", `stateMachine:${BUILD}`)),
    ...calls("states:DescribeExecution states:StopExecution", arn("states", `execution:${BUILD}:a`)),
    ...calls("sqs:GetQueueAttributes", DEAD_LETTERS),
  ],
  "prod-audit-workflow-role": [
    ...invoke("prod-audit-function"),
    ...object("s3:GetObject", `${RUN}files.json`),
    ...KEY_READ,
    ...ownMap(AUDIT),
  ],
  "places-custom-1-build-role": [
    ...invoke("prod-audit-function", "prod-lifecycle", "places-custom-1-loader"),
    ...calls("states:StartExecution", arn("states", `stateMachine:${AUDIT}`)),
    ...calls("states:DescribeExecution states:StopExecution", arn("states", `execution:${AUDIT}:a`)),
    ...calls(
      "events:PutTargets events:PutRule events:DescribeRule",
      arn("events", "rule/StepFunctionsGetEventsForStepFunctionsExecutionRule"),
    ),
    ...object("s3:GetObject", `${stateLayout.audits("places")}loads/places-custom-1/0123-abc.json`),
    ...KEY_READ,
    ...ownMap(BUILD),
  ],
  "places-audit-schedule-role": calls("states:StartExecution", arn("states", `stateMachine:${AUDIT}`)),
  "prod-search-security-admin": [
    ...logs("prod-security"),
    ...KEY_READ,
    ...calls(
      "es:ESHttpGet es:ESHttpPut es:ESHttpDelete",
      `${DOMAIN}/_plugins/_security/api/rolesmapping/trueup-prod-audit`,
    ),
  ],
};
