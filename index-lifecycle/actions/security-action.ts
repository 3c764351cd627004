import * as z from "zod";
import type { SecurityRole } from "../../core/ports/security-admin.ts";
import { type CustomResourceAction, defineAction } from "../custom-resource-action.ts";
import type { LifecycleDeps } from "../lifecycle-deps.ts";

const names = z.array(z.string());
const securitySchema = z.strictObject({
  roles: z.record(
    z.string(),
    z.strictObject({ backendRoles: names, indexPatterns: names, actions: names, clusterActions: names }),
  ),
});

type SecuritySpec = z.infer<typeof securitySchema>;

/**
 * Roles of fine-grained access control and who gets them: merged into what is there, and taken away without
 * touching what others put there.
 */
export function makeSecurityAction({ security }: Pick<LifecycleDeps, "security">): CustomResourceAction {
  const grantAll = async (spec: SecuritySpec) => {
    for (const role of toRoles(spec)) await security.grant(role);
    return {};
  };
  return defineAction(securitySchema, {
    identify: () => "roles",
    create: grantAll,
    update: async (spec, before) => {
      await grantAll(spec);
      for (const role of rolesLost(before, spec)) await security.revoke(role);
      return {};
    },
    delete: async (spec) => {
      for (const role of toRoles(spec)) await security.revoke(role);
    },
  });
}

/** What was granted before and is not any more: whole roles, and backend roles of those that stay. */
function rolesLost(before: SecuritySpec | undefined, spec: SecuritySpec): readonly SecurityRole[] {
  if (before === undefined) return [];
  return toRoles(before)
    .map((role) => {
      const kept = new Set(spec.roles[role.role]?.backendRoles ?? []);
      return { ...role, backendRoles: role.backendRoles.filter((name) => !kept.has(name)) };
    })
    .filter(({ role, backendRoles }) => backendRoles.length > 0 || spec.roles[role] === undefined);
}

function toRoles({ roles }: SecuritySpec): readonly SecurityRole[] {
  return Object.entries(roles).map(([role, grant]) => ({ role, ...grant }));
}
