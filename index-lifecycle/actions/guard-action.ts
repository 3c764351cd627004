import * as z from "zod";
import { changeGeneration } from "../../core/generation.ts";
import { releaseGeneration } from "../../core/generation-guard.ts";
import { type CustomResourceAction, defineAction } from "../custom-resource-action.ts";
import type { LifecycleDeps } from "../lifecycle-deps.ts";

const guardSchema = z.strictObject({ table: z.string(), generation: z.string() });

/**
 * Stands before everything else of a generation: it depends on all of it, so it is deleted first, and refuses
 * while the alias points there.
 */
export function makeGuardAction({
  control,
  admin,
}: Pick<LifecycleDeps, "control" | "admin">): CustomResourceAction {
  const hold = async ({ table, generation }: z.infer<typeof guardSchema>) => {
    await control.update(table, (current) =>
      changeGeneration(current, generation, ({ leaving: _leaving, ...known }) => known),
    );
    return {};
  };
  return defineAction(guardSchema, {
    identify: ({ table, generation }) => `${table}/${generation}`,
    create: hold,
    update: hold,
    delete: async ({ table, generation }) => {
      const indexes = (await admin.aliasMembers(table)).map(({ index }) => index);
      await control.update(table, (current) => releaseGeneration(current, generation, indexes));
    },
  });
}
