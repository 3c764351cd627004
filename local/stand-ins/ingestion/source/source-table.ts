import * as z from "zod";
import { type Emulator, requireOutput } from "../../emulator.ts";
import { keepsPast } from "../../keeps-past.ts";
import { invalid } from "../body/parse-body.ts";
import type { TableOptions } from "../body/source-schema.ts";
import type { KeyedTable } from "./convert-record.ts";

/** A pipeline's table. */
export interface SourceTable extends KeyedTable {
  readonly arn: string;
  /** Undefined where the pipeline reads none. */
  readonly streamArn: string | undefined;
}

const tableSchema = z.object({
  Table: z.object({
    TableName: z.string(),
    TableArn: z.string(),
    KeySchema: z.array(z.object({ AttributeName: z.string(), KeyType: z.string() })),
    LatestStreamArn: z.string().optional(),
    StreamSpecification: z
      .object({ StreamEnabled: z.boolean(), StreamViewType: z.string().optional() })
      .optional(),
  }),
});
type Table = z.infer<typeof tableSchema>["Table"];

/**
 * Looks a pipeline's table up, and whether it is as the source needs it.
 *
 * @throws SyncError `CONFIGURATION_INVALID` when it is not (not retryable), `ENGINE_FAILED` when the emulator does not answer (retryable)
 * @see https://github.com/opensearch-project/data-prepper `dynamodb-source/…/leader/LeaderScheduler.java` getTableInfo
 */
export async function findSourceTable(
  emulator: Emulator,
  pipeline: string,
  options: TableOptions,
): Promise<SourceTable> {
  const { table_arn: arn } = options;
  const TableName = arn.slice(arn.lastIndexOf("/") + 1);
  const described = await emulator.call("dynamodb", "DynamoDB_20120810.DescribeTable", { TableName });
  if (described.kind === "refused" && described.type === "ResourceNotFoundException")
    throw invalid(pipeline, `there is no table ${arn}`);
  const { Table: table } = requireOutput(described, tableSchema, arn);
  if (options.export !== undefined) await requirePastKept(emulator, pipeline, TableName);
  if (options.stream !== undefined) requireStream(pipeline, table);
  const keys = table.KeySchema.toSorted((one, other) => (one.KeyType < other.KeyType ? -1 : 1));
  return {
    name: table.TableName,
    arn: table.TableArn,
    // HASH comes before RANGE.
    keyNames: keys.map(({ AttributeName }) => AttributeName),
    streamArn: options.stream === undefined ? undefined : table.LatestStreamArn,
  };
}

async function requirePastKept(emulator: Emulator, pipeline: string, TableName: string): Promise<void> {
  if (await keepsPast(emulator, TableName, TableName)) return;
  throw invalid(
    pipeline,
    `Point-in-time recovery (PITR) needs to be enabled for exporting data from table ${TableName}`,
  );
}

function requireStream(pipeline: string, { TableName, StreamSpecification: stream }: Table): void {
  if (stream?.StreamEnabled !== true) throw invalid(pipeline, `Stream is not enabled for table ${TableName}`);
  if (["NEW_IMAGE", "NEW_AND_OLD_IMAGES"].includes(stream.StreamViewType ?? "")) return;
  throw invalid(
    pipeline,
    `the stream of ${TableName} is of ${stream.StreamViewType}; NEW_IMAGE or NEW_AND_OLD_IMAGES is needed`,
  );
}
