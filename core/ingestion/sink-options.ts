import type { AwsOptions } from "./source-options.ts";

/** Options of every sink. */
interface AnySinkOptions {
  readonly routes?: readonly string[];
  readonly tags_target_key?: string;
  readonly include_keys?: readonly string[];
  readonly exclude_keys?: readonly string[];
}

/**
 * Options of the `opensearch` sink that OpenSearch Ingestion takes.
 *
 * @see https://docs.aws.amazon.com/opensearch-service/latest/developerguide/pipeline-config-reference.html#ingestion-params-opensearch
 * @see https://github.com/opensearch-project/data-prepper `opensearch/…/configuration/OpenSearchSinkConfig.java`
 */
export interface OpenSearchSinkOptions extends AnySinkOptions {
  /** Standard endpoints of one domain or collection. */
  readonly hosts: readonly string[];
  readonly index?: string;
  readonly index_type?: string;
  readonly template_type?: "v1" | "index-template";
  readonly template_content?: string;
  readonly number_of_shards?: number;
  readonly number_of_replicas?: number;
  readonly normalize_index?: boolean;
  readonly distribution_version?: "default" | "es6";
  readonly enable_request_compression?: boolean;
  readonly path_prefix?: string;
  /** Milliseconds. */
  readonly connect_timeout?: number;
  readonly document_id?: string;
  readonly document_root_key?: string;
  readonly routing?: string;
  readonly document_version?: string;
  readonly document_version_type?: "internal" | "external" | "external_gte";
  /** `index`, `delete`, … or an expression that gives one. @default "index" */
  readonly action?: string;
  readonly actions?: readonly { readonly type: string; readonly when?: string }[];
  /** Milliseconds until a bulk that is not full is sent; -1 sends every batch at once. @default 60000 */
  readonly flush_timeout?: number;
  /** MiB of a bulk; below 0 without limit. @default 5 */
  readonly bulk_size?: number;
  readonly estimate_bulk_size_using_compression?: boolean;
  readonly max_local_compressions_for_estimation?: number;
  /** 1 or more. @default without end */
  readonly max_retries?: number;
  readonly query_lookup?: {
    readonly query_when: string;
    readonly query_term: string;
    readonly query_duration?: string;
    readonly query_on_bulk_errors?: boolean;
    readonly async_limit?: number;
  };
  readonly aws: OpenSearchAwsOptions;
  readonly dlq?: { readonly s3: DeadLetterOptions };
}

/** How the `opensearch` sink reaches its domain or collection. */
export interface OpenSearchAwsOptions extends AwsOptions {
  /** True for a collection. @default false */
  readonly serverless?: boolean;
  readonly serverless_options?: {
    readonly network_policy_name?: string;
    readonly collection_name?: string;
    readonly vpce_id?: string;
  };
}

/** Where documents go that the index refused: an object a bulk, under a prefix. */
export interface DeadLetterOptions {
  readonly bucket: string;
  readonly key_path_prefix?: string;
  readonly region?: string;
  readonly sts_role_arn?: string;
  readonly sts_external_id?: string;
  readonly sts_header_overrides?: Readonly<Record<string, string>>;
  readonly bucket_owner?: string;
  readonly force_path_style?: boolean;
}

/**
 * Options of the `s3` sink.
 *
 * @see https://github.com/opensearch-project/data-prepper `s3-sink/…/S3SinkConfig.java`
 */
export interface S3SinkOptions extends AnySinkOptions {
  readonly bucket: string;
  readonly default_bucket?: string;
  /** Objects are named `<path_prefix><name_pattern_prefix>-<time>-<epoch seconds>-<uuid>`, by day patterns where given. */
  readonly object_key?: { readonly path_prefix?: string; readonly name_pattern_prefix?: string };
  readonly compression?: "none" | "gzip" | "snappy";
  readonly codec: S3Codec;
  readonly threshold: {
    /** 0 to 10,000,000; 0 sets no limit. */
    readonly event_count?: number;
    /** @default "50mb" */
    readonly maximum_size?: string;
    /** 1 s to 3600 s. */
    readonly event_collect_timeout: string;
  };
  readonly aggregate_threshold?: { readonly maximum_size: string; readonly flush_capacity_ratio?: number };
  readonly buffer_type?: "in_memory" | "local_file" | "multipart";
  readonly max_retries?: number;
  readonly bucket_owners?: Readonly<Record<string, string>>;
  readonly default_bucket_owner?: string;
  readonly client?: { readonly max_connections?: number; readonly acquire_timeout?: string };
  readonly server_side_encryption?: {
    readonly type?: "s3" | "kms" | "kms_dsse";
    readonly kms_key_id?: string;
    readonly bucket_key_enabled?: boolean;
  };
  readonly object_metadata?: { readonly number_of_events_key?: string };
  readonly aws: AwsOptions;
}

/** How the `s3` sink writes events; exactly one. @see https://docs.aws.amazon.com/opensearch-service/latest/developerguide/pipeline-config-reference.html#ingestion-plugins sink codecs */
export interface S3Codec {
  readonly ndjson?: { readonly extension?: string };
  readonly json?: { readonly key_name?: string };
  readonly avro?: { readonly schema?: string; readonly auto_schema?: boolean };
  readonly parquet?: { readonly schema?: string; readonly auto_schema?: boolean };
}
