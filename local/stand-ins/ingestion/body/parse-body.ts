import { parse } from "yaml";
import * as z from "zod";
import { SyncError } from "../../../../core/errors.ts";
import { toReason } from "../../to-reason.ts";
import { type RdsSource, rdsSource } from "../rds/rds-schema.ts";
import { text } from "./option-schemas.ts";
import { processor } from "./processor-schema.ts";
import { openSearchSink, s3Sink } from "./sink-schema.ts";
import { type DynamoDbSource, dynamoDbSource } from "./source-schema.ts";

const linked = z.strictObject({ name: text });
const isOne = (value: object) => Object.keys(value).length === 1;

const subPipeline = z.strictObject({
  source: z
    .strictObject({
      dynamodb: dynamoDbSource.optional(),
      rds: rdsSource.optional(),
      pipeline: linked.optional(),
    })
    .refine(isOne, "must be one source"),
  processor: z.array(processor).default([]),
  sink: z
    .array(
      z
        .strictObject({
          opensearch: openSearchSink.optional(),
          s3: s3Sink.optional(),
          pipeline: linked.optional(),
        })
        .refine(isOne, "must be one sink"),
    )
    .min(1),
});

export type SubPipeline = z.infer<typeof subPipeline>;

/** The one source of a pipeline. */
export type BodySource =
  | { readonly kind: "dynamodb"; readonly options: DynamoDbSource }
  | { readonly kind: "rds"; readonly options: RdsSource };

/** What a pipeline runs: its source, and its sub-pipelines by name. */
export interface PipelineBody {
  readonly source: BodySource;
  /** The sub-pipeline that reads the source. */
  readonly first: string;
  readonly subPipelines: ReadonlyMap<string, SubPipeline>;
}

const bodySchema = z.looseObject({ version: z.literal("2", 'must be the text "2"') });

/**
 * Reads the body of a pipeline, as Data Prepper does: YAML 1.1. Whatever would be obeyed by it and could not be here is
 * refused by its path.
 *
 * @throws SyncError `CONFIGURATION_INVALID` naming every fault (not retryable)
 * @see https://docs.aws.amazon.com/opensearch-service/latest/developerguide/pipeline-config-reference.html
 */
export function parseBody(name: string, body: string): PipelineBody {
  // Credentials mean nothing here.
  const { version: _, extension: _secrets, ...named } = readYaml(name, body);
  const faults: string[] = [];
  const subPipelines = new Map<string, SubPipeline>();
  for (const [subName, value] of Object.entries(named)) {
    const parsed = subPipeline.safeParse(value);
    if (parsed.success) subPipelines.set(subName, parsed.data);
    else
      faults.push(
        ...parsed.error.issues.map(({ path, message }) => `${[subName, ...path].join(".")}: ${message}`),
      );
  }
  if (faults.length === 0) faults.push(...findLinkFaults(subPipelines));
  const [first, ...others] = [...subPipelines].filter(([, { source }]) => source.pipeline === undefined);
  const source = first === undefined ? undefined : toSource(first[1]);
  if (source === undefined || others.length > 0) faults.push("must have one dynamodb or rds source");
  if (faults.length > 0 || source === undefined) throw invalid(name, faults.join("; "));
  return { source, first: first?.[0] ?? "", subPipelines };
}

function toSource({ source: { dynamodb, rds } }: SubPipeline): BodySource | undefined {
  if (dynamodb !== undefined) return { kind: "dynamodb", options: dynamodb };
  return rds && { kind: "rds", options: rds };
}

function readYaml(name: string, body: string): z.infer<typeof bodySchema> {
  try {
    const parsed = bodySchema.safeParse(parse(body, { version: "1.1" }));
    if (parsed.success) return parsed.data;
    throw invalid(
      name,
      parsed.error.issues.map(({ path, message }) => `${path.join(".") || "body"}: ${message}`).join("; "),
    );
  } catch (cause) {
    throw cause instanceof SyncError ? cause : invalid(name, `it is no YAML: ${toReason(cause)}`);
  }
}

/** A link has both ends, and one sender a sub-pipeline. So nothing leads back to where it came from. */
function findLinkFaults(subPipelines: ReadonlyMap<string, SubPipeline>): readonly string[] {
  return [...subPipelines].flatMap(([name, { source, sink }]) => [
    ...(source.pipeline === undefined || sendsTo(subPipelines.get(source.pipeline.name), name)
      ? []
      : [`${name}.source.pipeline.name: must be a sub-pipeline with a sink to ${name}`]),
    ...sink.flatMap(({ pipeline: to }, place) =>
      to === undefined || subPipelines.get(to.name)?.source.pipeline?.name === name
        ? []
        : [`${name}.sink.${place}.pipeline.name: must be a sub-pipeline whose source is ${name}`],
    ),
  ]);
}

function sendsTo(from: SubPipeline | undefined, name: string): boolean {
  return from?.sink.some(({ pipeline }) => pipeline?.name === name) ?? false;
}

/** A refusal of what was declared. */
export function invalid(name: string, faults: string): SyncError {
  return new SyncError("CONFIGURATION_INVALID", "a pipeline cannot be realised on this machine", {
    subject: `${name}: ${faults}`,
    fix: "declare what local/stand-ins/README.md lists, or deploy it on AWS",
    retryable: false,
  });
}
