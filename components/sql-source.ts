import type { DatabaseSource } from "./database-source/database-source.ts";
import {
  type DynamoDbSourceArgs,
  resolveDynamoDbSource,
  type SourceSurroundings,
} from "./dynamodb-source.ts";
import type { TableSource } from "./table-context.ts";

/** Where a table's records are. */
export type TableSourceArgs = DynamoDbSourceArgs | SqlSourceArgs;

/** A table of a database. */
export interface SqlSourceArgs {
  readonly sql: DatabaseSource;
  /** `schema.table`, as the database spells it. */
  readonly table: string;
  readonly dynamodb?: never;
  readonly create?: never;
  readonly keyArn?: never;
}

/** Makes or finds a table's source. */
export function resolveSource(name: string, args: TableSourceArgs, around: SourceSurroundings): TableSource {
  return "sql" in args ? args.sql.table(args.table) : resolveDynamoDbSource(name, args, around);
}
