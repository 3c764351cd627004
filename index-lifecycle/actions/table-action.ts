import * as z from "zod";
import { planTakeover } from "../../core/adoption.ts";
import { registerTable } from "../../core/generation.ts";
import { generationServing } from "../../core/generation-guard.ts";
import type { TableControl } from "../../core/table-control.ts";
import { readAliasFacts } from "../alias-facts.ts";
import { type CustomResourceAction, defineAction } from "../custom-resource-action.ts";
import type { LifecycleDeps } from "../lifecycle-deps.ts";
import { dropAlias } from "../search-alias.ts";

const adoptSchema = z.strictObject({
  index: z.string().optional(),
  alias: z.string().optional(),
  deleteIndexAtCutover: z.boolean().optional(),
});
const tableSchema = z.strictObject({
  table: z.string(),
  retire: z.boolean(),
  adopt: adoptSchema.optional(),
});

type TableSpec = z.infer<typeof tableSchema>;
type TableDeps = Pick<LifecycleDeps, "control" | "admin" | "environment">;

/** A table: may it have its alias's name, does it retire, and is nothing of it serving when it goes. */
export function makeTableAction(deps: TableDeps): CustomResourceAction {
  const register = async (spec: TableSpec) => {
    if (!spec.retire) await requireName(deps, spec);
    await deps.control.update(spec.table, (control) => registerTable(control, toRegistration(spec)));
    if (spec.retire) await dropAlias(deps, spec.table);
    return {};
  };
  return defineAction(tableSchema, {
    identify: ({ table }) => table,
    create: register,
    update: register,
    delete: async ({ table }) => {
      await requireNotServing(deps, table);
      await deps.control.update(table, forget);
    },
  });
}

/** The name may belong to somebody else only where `adopt` says so. */
async function requireName(deps: TableDeps, { table, adopt }: TableSpec): Promise<void> {
  planTakeover(table, await readAliasFacts(deps, table), adopt === undefined ? undefined : toAdoption(adopt));
}

async function requireNotServing(deps: TableDeps, table: string): Promise<void> {
  const control = await deps.control.read(table);
  const ours = new Set(Object.values(control.generations).map(({ index }) => index));
  const serving = (await deps.admin.aliasMembers(table)).find(({ index }) => ours.has(index));
  if (serving !== undefined) throw generationServing(serving.index, table);
}

function forget({ table }: TableControl): TableControl {
  return { table, retired: false, generations: {} };
}

function toRegistration({ retire, adopt }: TableSpec) {
  return { retire, adopt: adopt === undefined ? undefined : toAdoption(adopt) };
}

function toAdoption({ index, alias, deleteIndexAtCutover }: z.infer<typeof adoptSchema>) {
  return {
    ...(index === undefined ? {} : { index }),
    ...(alias === undefined ? {} : { alias }),
    ...(deleteIndexAtCutover === undefined ? {} : { deleteIndexAtCutover }),
  };
}
