import { SENT_MEMBERS } from "../sent-line.ts";
import type { PipelineSink, PipelineSource, Processor, SubPipeline } from "./pipeline-body.ts";
import { giveRole } from "./processor-roles.ts";
import type { AwsOptions } from "./source-options.ts";

/** What the bodies of all sources say. */
export interface BodyArgs {
  readonly pipelineName: string;
  readonly region: string;
  readonly roleArn: string;
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

/** Data Prepper's expressions for what the manifest is told of an event. @see {@link SENT_MEMBERS} */
export interface EventNaming {
  readonly id: string;
  readonly action: string;
  readonly time: string;
  /** The first whose condition holds; one without a condition holds always. */
  readonly version: readonly { readonly value: string; readonly when?: string }[];
  /** The version again, as a sink's option. */
  readonly documentVersion: string;
}

/**
 * A source's events into one index and into the manifest.
 *
 * The manifest gets every record before the user's processors: with such there is a second sub-pipeline,
 * `<pipeline>-documents`, which is then the one that dead letters and metrics name.
 */
export function flowOf(args: BodyArgs, source: PipelineSource, naming: EventNaming): readonly SubPipeline[] {
  const first = { name: args.pipelineName, source, processor: [addSentMembers(naming)] };
  const [documents, manifest] = [toDocumentSink(args, naming), toManifestSink(args)];
  if (args.processors.length === 0) return [{ ...first, sink: [documents, manifest] }];
  const second: SubPipeline = {
    name: nameDocumentsPipeline(args.pipelineName, true),
    source: { pipeline: { name: first.name } },
    processor: args.processors.map((processor) => giveRole(processor, toAws(args))),
    sink: [documents],
  };
  return [{ ...first, sink: [manifest, { pipeline: { name: second.name } }] }, second];
}

/** The sub-pipeline that writes documents, which metrics and dead letters name. */
export function nameDocumentsPipeline(pipelineName: string, hasProcessors: boolean): string {
  return hasProcessors ? `${pipelineName}-documents` : pipelineName;
}

export function toAws({ region, roleArn }: Pick<BodyArgs, "region" | "roleArn">): AwsOptions {
  return { region, sts_role_arn: roleArn };
}

/** A record may have a member of such a name: overwritten, or the manifest would carry the record's. */
function addSentMembers({ id, action, time, version }: EventNaming): Processor {
  const entry = (key: string, value: string, when?: string) => ({
    key,
    value_expression: value,
    overwrite_if_key_exists: true,
    ...(when === undefined ? {} : { add_when: when }),
  });
  const entries = [
    entry(SENT_MEMBERS.id, id),
    ...version.map(({ value, when }) => entry(SENT_MEMBERS.version, value, when)),
    entry(SENT_MEMBERS.action, action),
    entry(SENT_MEMBERS.time, time),
  ];
  return { add_entries: { entries } };
}

/** Reads what a source tells beside an event's own members. */
export function metadata(name: string): string {
  return `getMetadata("${name}")`;
}

function toDocumentSink(args: BodyArgs, { id, action, documentVersion }: EventNaming): PipelineSink {
  return {
    opensearch: {
      hosts: [args.endpoint],
      index: args.writeAlias,
      index_type: "management_disabled",
      document_id: `\${${id}}`,
      document_version: `\${${documentVersion}}`,
      document_version_type: "external_gte",
      action: `\${${action}}`,
      exclude_keys: Object.values(SENT_MEMBERS),
      flush_timeout: args.flushMillis,
      bulk_size: BULK_MEBIBYTES,
      aws: { ...toAws(args), serverless: false },
      dlq: { s3: { bucket: args.bucket, key_path_prefix: args.refusedPrefix, ...toAws(args) } },
    },
  };
}

function toManifestSink(args: BodyArgs): PipelineSink {
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
