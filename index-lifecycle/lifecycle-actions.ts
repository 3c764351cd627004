import { makeBuildAction } from "./actions/build-action.ts";
import { makeGuardAction } from "./actions/guard-action.ts";
import { makeIndexAction } from "./actions/index-action.ts";
import { makeSecurityAction } from "./actions/security-action.ts";
import { makeSourceAction } from "./actions/source-action.ts";
import { makeSqlTableAction } from "./actions/sql-table-action.ts";
import { makeTableAction } from "./actions/table-action.ts";
import type { CustomResourceAction } from "./custom-resource-action.ts";
import type { LifecycleDeps } from "./lifecycle-deps.ts";

/** The custom resources, by the `action` their properties name. */
export function makeLifecycleActions(deps: LifecycleDeps): ReadonlyMap<string, CustomResourceAction> {
  return new Map([
    ["Table", makeTableAction(deps)],
    ["Index", makeIndexAction(deps)],
    ["Guard", makeGuardAction(deps)],
    ["Build", makeBuildAction(deps)],
    ["Security", makeSecurityAction(deps)],
    ["Source", makeSourceAction(deps)],
    ["SqlTable", makeSqlTableAction(deps)],
  ]);
}
