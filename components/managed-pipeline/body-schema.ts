import * as z from "zod";
import { openSearchSink } from "./opensearch-sink-schema.ts";
import { duration, refused, text } from "./option-schemas.ts";
import { s3Sink } from "./s3-sink-schema.ts";
import { dynamoDbSource, rdsSource } from "./source-schemas.ts";

const OTHER_SOURCE = "is not a source of this project, which reads DynamoDB and databases of RDS and Aurora";
/** An unknown one is told by itself. */
const ONE = {
  error: "must name exactly one plugin",
  when: ({ issues }: { readonly issues: readonly unknown[] }) => issues.length === 0,
};
const pipeline = z.strictObject({ name: text });

function isOne(plugins: object): boolean {
  return Object.keys(plugins).length === 1;
}

const source = z
  .strictObject({
    dynamodb: dynamoDbSource.exactOptional(),
    rds: rdsSource.exactOptional(),
    pipeline: pipeline.exactOptional(),
    documentdb: refused(OTHER_SOURCE),
    http: refused(OTHER_SOURCE),
    kafka: refused(OTHER_SOURCE),
    kinesis: refused(OTHER_SOURCE),
    opensearch: refused(OTHER_SOURCE),
    otel_logs_source: refused(OTHER_SOURCE),
    otel_metrics_source: refused(OTHER_SOURCE),
    otel_trace_source: refused(OTHER_SOURCE),
    s3: refused(OTHER_SOURCE),
  })
  .refine(isOne, ONE);

const sink = z
  .strictObject({
    opensearch: openSearchSink.exactOptional(),
    s3: s3Sink.exactOptional(),
    pipeline: pipeline.exactOptional(),
  })
  .refine(isOne, ONE);

const secretOptions = z.strictObject({
  secret_id: text,
  region: text,
  sts_role_arn: text,
  refresh_interval: duration.exactOptional(),
});

const routes = z.array(z.record(text, text).refine(isOne, "must be one route: { <name>: <condition> }"));

/** One sub-pipeline. @see https://docs.aws.amazon.com/opensearch-service/latest/developerguide/pipeline-config-reference.html#ingestion-params-general */
export const subPipeline = z.strictObject({
  source,
  processor: z.array(z.unknown()).exactOptional(),
  routes: routes.exactOptional(),
  route: routes.exactOptional(),
  sink: z.array(sink).min(1, "must name where events go"),
  buffer: refused("is made by OpenSearch Ingestion; remove it"),
  workers: refused("is set by OpenSearch Ingestion; remove it"),
  delay: refused("is set by OpenSearch Ingestion; remove it"),
});

export type ReadSubPipeline = z.infer<typeof subPipeline>;

/** The language's version; every other member is a sub-pipeline. */
export const version = z.literal("2", 'must be the text "2"');

/** Secrets are all that OpenSearch Ingestion takes of Data Prepper's extensions. @see https://docs.aws.amazon.com/opensearch-service/latest/developerguide/pipeline-config-reference.html#ingestion-secrets */
export const extension = z
  .strictObject({ aws: z.strictObject({ secrets: z.record(text, secretOptions) }) })
  .optional();

/** Whether the source waits until its events are in the index; `rds` does unless told not to. */
export function isAcknowledged({ source: { dynamodb, rds } }: ReadSubPipeline): boolean {
  if (dynamodb !== undefined) return dynamodb.acknowledgments ?? false;
  return rds !== undefined && (rds.acknowledgments ?? true);
}
