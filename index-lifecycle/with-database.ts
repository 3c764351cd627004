import type { DatabaseAdmin } from "../core/ports/database-admin.ts";
import type { DatabaseConnection } from "../core/source-descriptor.ts";
import type { LifecycleDeps } from "./lifecycle-deps.ts";

/** Works on a source's database under the source's role, and ends the connections. */
export async function withDatabase<Result>(
  { sourceAs }: Pick<LifecycleDeps, "sourceAs">,
  { roleArn, connection }: { readonly roleArn: string; readonly connection: DatabaseConnection },
  work: (database: DatabaseAdmin) => Promise<Result>,
): Promise<Result> {
  const database = sourceAs(roleArn).database(connection);
  try {
    return await work(database);
  } finally {
    await database.end();
  }
}
