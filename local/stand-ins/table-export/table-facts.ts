import * as z from "zod";
import { type Emulator, requireOutput } from "../emulator.ts";
import { keepsPast } from "../keeps-past.ts";

/** What an export must know of its table. */
export interface TableFacts {
  readonly name: string;
  readonly arn: string;
  readonly id: string;
  /** Key attributes' names, the partition key first. */
  readonly keyNames: readonly string[];
  readonly pointInTimeRecovery: boolean;
  /** Its stream, where it has one that carries both images of every change. */
  readonly history: { readonly streamArn: string; readonly knownSinceSeconds: number } | undefined;
}

const tableSchema = z.object({
  Table: z.object({
    TableName: z.string(),
    TableArn: z.string(),
    TableId: z.string(),
    CreationDateTime: z.number(),
    KeySchema: z.array(z.object({ AttributeName: z.string() })),
    LatestStreamArn: z.string().optional(),
    LatestStreamLabel: z.string().optional(),
    StreamSpecification: z
      .object({ StreamEnabled: z.boolean(), StreamViewType: z.string().optional() })
      .optional(),
  }),
});
type Table = z.infer<typeof tableSchema>["Table"];

/** A stream that was declared with its table is made within this time of it. */
const MADE_TOGETHER_SECONDS = 1;

/**
 * Looks a table up.
 *
 * @returns undefined when there is none of that ARN
 * @throws SyncError `ENGINE_FAILED` when the emulator does not answer (retryable)
 */
export async function findTable(emulator: Emulator, tableArn: string): Promise<TableFacts | undefined> {
  const TableName = tableArn.slice(tableArn.lastIndexOf("/") + 1);
  const described = await emulator.call("dynamodb", "DynamoDB_20120810.DescribeTable", { TableName });
  if (described.kind === "refused" && described.type === "ResourceNotFoundException") return undefined;
  const { Table: table } = requireOutput(described, tableSchema, tableArn);
  return {
    name: table.TableName,
    arn: table.TableArn,
    id: table.TableId,
    keyNames: table.KeySchema.map(({ AttributeName }) => AttributeName),
    pointInTimeRecovery: await keepsPast(emulator, TableName, tableArn),
    history: findHistory(table),
  };
}

function findHistory(table: Table): TableFacts["history"] {
  const { LatestStreamArn: streamArn, LatestStreamLabel: label, CreationDateTime: created } = table;
  const { StreamEnabled: enabled, StreamViewType: view } = table.StreamSpecification ?? {};
  if (enabled !== true || view !== "NEW_AND_OLD_IMAGES" || streamArn === undefined || label === undefined) {
    return undefined;
  }
  // A stream's label is the UTC time at which it was switched on.
  const began = Date.parse(`${label}Z`) / 1000;
  // Before a table was, nothing in it changed.
  const knownSinceSeconds = began - created <= MADE_TOGETHER_SECONDS ? Number.NEGATIVE_INFINITY : began;
  return { streamArn, knownSinceSeconds };
}
