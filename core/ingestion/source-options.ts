/** How a plugin reaches AWS: by the pipeline's role, in one region. */
export interface AwsOptions {
  readonly region: string;
  /** 20 to 2048 characters. */
  readonly sts_role_arn: string;
  readonly sts_external_id?: string;
  readonly sts_header_overrides?: Readonly<Record<string, string>>;
}

/**
 * Options of the `dynamodb` source. Durations are ISO 8601, or whole seconds or milliseconds: `30s`, `500ms`.
 *
 * @see https://github.com/opensearch-project/data-prepper `dynamodb-source/…/DynamoDBSourceConfig.java`
 */
export interface DynamoDbSourceOptions {
  /** Reads a shard on from where all before it was acknowledged; without, from its beginning after every restart. @default false */
  readonly acknowledgments?: boolean;
  /** @default "PT30M" */
  readonly shard_acknowledgment_timeout?: string;
  /** @default "PT15M" */
  readonly s3_data_file_acknowledgment_timeout?: string;
  /** Exactly one. */
  readonly tables: readonly DynamoDbTableOptions[];
  readonly aws: AwsOptions;
}

/** The one table of a `dynamodb` source. */
export interface DynamoDbTableOptions {
  readonly table_arn: string;
  readonly export?: {
    readonly s3_bucket: string;
    readonly s3_prefix?: string;
    readonly s3_region?: string;
    /** An ARN. @default encrypted by S3 itself */
    readonly s3_sse_kms_key_id?: string;
  };
  readonly stream?: {
    readonly start_position?: "LATEST";
    /** Which image a delete carries. @default "NEW_IMAGE": none */
    readonly view_on_remove?: "NEW_IMAGE" | "OLD_IMAGE";
    readonly disable_checkpointing?: boolean;
  };
}

/**
 * Options of the `rds` source, one database a pipeline.
 *
 * @see https://github.com/opensearch-project/data-prepper `rds-source/…/RdsSourceConfig.java`
 */
export interface RdsSourceOptions {
  readonly db_identifier: string;
  /** True for every Aurora engine, whatever is said here. @default false */
  readonly cluster?: boolean;
  readonly engine: "mysql" | "postgresql" | "aurora-mysql" | "aurora-postgresql";
  readonly database: string;
  /** `table` for MySQL, `schema.table` for PostgreSQL; 1,000 each at the most. */
  readonly tables?: { readonly include?: readonly string[]; readonly exclude?: readonly string[] };
  readonly authentication: { readonly username: string; readonly password: string };
  readonly aws: AwsOptions;
  /** @default true */
  readonly acknowledgments?: boolean;
  /** @default "PT30M" */
  readonly s3_data_file_acknowledgment_timeout?: string;
  /** @default "PT10M" */
  readonly stream_acknowledgment_timeout?: string;
  readonly s3_bucket: string;
  readonly s3_prefix?: string;
  readonly s3_region?: string;
  /** 1 to 1000. @default 100 */
  readonly partition_count?: number;
  readonly export?: { readonly kms_key_id: string; readonly iam_role_arn: string };
  /** @default false */
  readonly stream?: boolean;
  readonly disable_s3_read_for_leader?: boolean;
}
