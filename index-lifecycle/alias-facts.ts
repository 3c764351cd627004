import type { AliasFacts } from "../core/adoption.ts";
import type { IndexAdmin } from "../core/ports/index-admin.ts";

/**
 * Reads what the engine has under an alias's name, and which of it this environment made for the table.
 *
 * @param table - the table's name, which is its alias's
 */
export async function readAliasFacts(
  { admin, environment }: { readonly admin: IndexAdmin; readonly environment: string },
  table: string,
): Promise<AliasFacts> {
  const [named, members] = await Promise.all([admin.findIndex(table), admin.aliasMembers(table)]);
  const indexes = await Promise.all(
    members.map(async ({ index }) => {
      const mark = (await admin.findIndex(index))?.mark;
      return { index, ours: mark?.table === table && mark.environment === environment };
    }),
  );
  return { concreteIndex: named !== undefined, indexes };
}
