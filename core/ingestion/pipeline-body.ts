import type { OpenSearchSinkOptions, S3SinkOptions } from "./sink-options.ts";
import type { DynamoDbSourceOptions, RdsSourceOptions } from "./source-options.ts";

/** The longest body a pipeline may have, characters. @see https://docs.aws.amazon.com/opensearch-service/latest/APIReference/API_osis_CreatePipeline.html */
export const LONGEST_BODY = 100_000;

/** Where a sub-pipeline's events come from: exactly one. */
export type PipelineSource =
  | { readonly dynamodb: DynamoDbSourceOptions }
  | { readonly rds: RdsSourceOptions }
  | { readonly pipeline: { readonly name: string } };

/** Where they go: exactly one. */
export type PipelineSink =
  | { readonly opensearch: OpenSearchSinkOptions }
  | { readonly s3: S3SinkOptions }
  | { readonly pipeline: { readonly name: string } };

/** One step between: the name of a processor, and its options. */
export type Processor = Readonly<Record<string, unknown>>;

/** One source, its processors in order, its sinks. */
export interface SubPipeline {
  readonly name: string;
  readonly source: PipelineSource;
  readonly processor?: readonly Processor[];
  readonly sink: readonly PipelineSink[];
}

/** What OpenSearch Ingestion runs, in Data Prepper's words. */
export interface PipelineBody {
  /** One to ten; the one that reads the source first. */
  readonly subPipelines: readonly SubPipeline[];
  /** Secrets that options name as `${{aws_secrets:<name>:<member>}}`. */
  readonly secrets?: Readonly<Record<string, SecretOptions>>;
}

/** A secret of Secrets Manager, read when a pipeline starts and again after an interval. @see https://docs.opensearch.org/latest/data-prepper/managing-data-prepper/configuring-data-prepper/#aws-secrets */
export interface SecretOptions {
  readonly secret_id: string;
  readonly region: string;
  readonly sts_role_arn: string;
  /** ISO 8601. */
  readonly refresh_interval: string;
}

/** A body as Data Prepper reads it: sub-pipelines by name, beside the version of the language. */
export function toPlainBody({ subPipelines, secrets }: PipelineBody): Readonly<Record<string, unknown>> {
  const named = subPipelines.map(({ name, ...rest }) => [name, rest] as const);
  const extension = secrets === undefined ? {} : { extension: { aws: { secrets } } };
  return { version: "2", ...Object.fromEntries(named), ...extension };
}
