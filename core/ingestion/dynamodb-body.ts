import { SENT_MEMBERS } from "../sent-line.ts";
import type { PipelineBody, PipelineSink, Processor, SubPipeline } from "./pipeline-body.ts";
import { giveRole } from "./processor-roles.ts";
import type { AwsOptions, DynamoDbSourceOptions } from "./source-options.ts";

/** All that the body of a DynamoDB pipeline says. */
export interface DynamoDbBodyArgs {
  readonly pipelineName: string;
  readonly region: string;
  readonly roleArn: string;
  readonly tableArn: string;
  /** The domain's standard endpoint, with `https://`. */
  readonly endpoint: string;
  readonly writeAlias: string;
  /** The state bucket. */
  readonly bucket: string;
  readonly exportPrefix: string;
  readonly sentPrefix: string;
  readonly refusedPrefix: string;
  /** Encrypts the export; a key of S3 where undefined. */
  readonly keyArn: string | undefined;
  /** How long documents wait for a bulk, milliseconds. */
  readonly flushMillis: number;
  /** How long sent lines wait for an object, seconds. */
  readonly collectSeconds: number;
  /** The user's, applied to what is indexed and not to what the manifest carries. */
  readonly processors: readonly Processor[];
}

const BULK_MEBIBYTES = 5;
/** As compressed; the audit reads a whole object at once, and some of them. */
const LARGEST_OBJECT = "1mb";
/** What the source tells of every event. @see https://github.com/opensearch-project/data-prepper `dynamodb-source/…/MetadataKeyAttributes.java` */
const METADATA = {
  id: "primary_key",
  version: "document_version",
  action: "opensearch_action",
  time: "dynamodb_timestamp",
} as const;
const SENT_METADATA = [
  [SENT_MEMBERS.id, METADATA.id],
  [SENT_MEMBERS.version, METADATA.version],
  [SENT_MEMBERS.action, METADATA.action],
  [SENT_MEMBERS.time, METADATA.time],
] as const;

/**
 * The pipeline of one DynamoDB table: its export, then its stream, into one index and into the manifest.
 *
 * The manifest gets every record before the user's processors: with such there is a second sub-pipeline,
 * `<pipeline>-documents`, which is then the one that dead letters and metrics name.
 *
 * @see https://docs.aws.amazon.com/opensearch-service/latest/developerguide/configure-client-ddb.html
 */
export function makeDynamoDbBody(args: DynamoDbBodyArgs): PipelineBody {
  const first = {
    name: args.pipelineName,
    source: { dynamodb: toSource(args) },
    processor: [addSentMembers()],
  };
  const [documents, manifest] = [toDocumentSink(args), toManifestSink(args)];
  if (args.processors.length === 0) return { subPipelines: [{ ...first, sink: [documents, manifest] }] };
  const second: SubPipeline = {
    name: nameDocumentsPipeline(args.pipelineName, true),
    source: { pipeline: { name: first.name } },
    processor: args.processors.map((processor) => giveRole(processor, toAws(args))),
    sink: [documents],
  };
  return { subPipelines: [{ ...first, sink: [manifest, { pipeline: { name: second.name } }] }, second] };
}

/** The sub-pipeline that writes documents, which metrics and dead letters name. */
export function nameDocumentsPipeline(pipelineName: string, hasProcessors: boolean): string {
  return hasProcessors ? `${pipelineName}-documents` : pipelineName;
}

function toAws({ region, roleArn }: DynamoDbBodyArgs): AwsOptions {
  return { region, sts_role_arn: roleArn };
}

function toSource(args: DynamoDbBodyArgs): DynamoDbSourceOptions {
  const encryption = args.keyArn === undefined ? {} : { s3_sse_kms_key_id: args.keyArn };
  const exported = { s3_bucket: args.bucket, s3_region: args.region, s3_prefix: args.exportPrefix };
  return {
    acknowledgments: true,
    tables: [
      {
        table_arn: args.tableArn,
        stream: { start_position: "LATEST", view_on_remove: "NEW_IMAGE" },
        export: { ...exported, ...encryption },
      },
    ],
    aws: toAws(args),
  };
}

/** An item may have an attribute of such a name: overwritten, or the manifest would carry the item's. */
function addSentMembers(): Processor {
  const entries = SENT_METADATA.map(([key, metadata]) => ({
    key,
    value_expression: `getMetadata("${metadata}")`,
    overwrite_if_key_exists: true,
  }));
  return { add_entries: { entries } };
}

function toDocumentSink(args: DynamoDbBodyArgs): PipelineSink {
  return {
    opensearch: {
      hosts: [args.endpoint],
      index: args.writeAlias,
      index_type: "management_disabled",
      document_id: `\${getMetadata("${METADATA.id}")}`,
      document_version: `\${getMetadata("${METADATA.version}")}`,
      document_version_type: "external_gte",
      action: `\${getMetadata("${METADATA.action}")}`,
      exclude_keys: SENT_METADATA.map(([key]) => key),
      flush_timeout: args.flushMillis,
      bulk_size: BULK_MEBIBYTES,
      aws: { ...toAws(args), serverless: false },
      dlq: { s3: { bucket: args.bucket, key_path_prefix: args.refusedPrefix, ...toAws(args) } },
    },
  };
}

function toManifestSink(args: DynamoDbBodyArgs): PipelineSink {
  return {
    s3: {
      bucket: args.bucket,
      object_key: { path_prefix: args.sentPrefix },
      compression: "gzip",
      codec: { ndjson: {} },
      threshold: { event_collect_timeout: `${args.collectSeconds}s`, maximum_size: LARGEST_OBJECT },
      aws: toAws(args),
    },
  };
}
