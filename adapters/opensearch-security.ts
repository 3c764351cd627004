import * as z from "zod";
import { SyncError } from "../core/errors.ts";
import type { SearchAnswer, SearchSend } from "../core/ports/search-send.ts";
import type { SecurityAdmin, SecurityRole } from "../core/ports/security-admin.ts";
import { searchReason, unavailable } from "./search-answer.ts";

/** Marks a role as ours, so that one somebody else made under its name is never written over. */
const OUR_DESCRIPTION = "Made by trueup; changes are overwritten.";

/** How every engine begins its answer to a path that no plugin of its own serves. */
const NO_HANDLER = "no handler found for uri";

const roleSchema = z.looseObject({
  description: z.string().nullish(),
  reserved: z.boolean().optional(),
  hidden: z.boolean().optional(),
  static: z.boolean().optional(),
});
const mappingSchema = z.looseObject({
  backend_roles: z.array(z.string()).default([]),
  and_backend_roles: z.array(z.string()).default([]),
  hosts: z.array(z.string()).default([]),
  users: z.array(z.string()).default([]),
  description: z.string().nullish(),
});

/** A role mapping with everything others put into it. */
type RoleMapping = z.infer<typeof mappingSchema>;

/**
 * Roles and role mappings of fine-grained access control, by the security plugin's REST interface.
 *
 * A mapping is read, merged and put back: putting replaces it whole.
 *
 * @see https://docs.opensearch.org/latest/security/api/roles/index/
 * @see https://docs.opensearch.org/latest/security/api/role-mappings/create-role-mapping/
 */
export function makeOpenSearchSecurity(send: SearchSend): SecurityAdmin {
  return {
    grant: async (role) => {
      await requireOurs(send, role.role);
      accept(await send("PUT", path("roles", role.role), toRoleBody(role)), role.role);
      const before = await readMapping(send, role.role);
      const backendRoles = [...new Set([...(before?.backend_roles ?? []), ...role.backendRoles])];
      await putMapping(send, role.role, before, backendRoles);
    },
    revoke: async (role) => {
      const before = await readMapping(send, role.role);
      const left = (before?.backend_roles ?? []).filter((name) => !role.backendRoles.includes(name));
      if (before !== undefined && (left.length > 0 || isUsedByOthers(before))) {
        return putMapping(send, role.role, before, left);
      }
      if (before !== undefined) await remove(send, path("rolesmapping", role.role), role.role);
      if (await isOurs(send, role.role)) await remove(send, path("roles", role.role), role.role);
    },
  };
}

function toRoleBody(role: SecurityRole): unknown {
  return {
    description: OUR_DESCRIPTION,
    cluster_permissions: role.clusterActions,
    index_permissions: [{ index_patterns: role.indexPatterns, allowed_actions: role.actions }],
  };
}

async function putMapping(
  send: SearchSend,
  role: string,
  before: RoleMapping | undefined,
  backendRoles: readonly string[],
): Promise<void> {
  const body = {
    backend_roles: backendRoles,
    and_backend_roles: before?.and_backend_roles ?? [],
    hosts: before?.hosts ?? [],
    users: before?.users ?? [],
    ...(before?.description ? { description: before.description } : {}),
  };
  accept(await send("PUT", path("rolesmapping", role), body), role);
}

async function readMapping(send: SearchSend, role: string): Promise<RoleMapping | undefined> {
  const answer = await send("GET", path("rolesmapping", role));
  if (answer.status === 404) return undefined;
  accept(answer, role);
  return z.record(z.string(), mappingSchema).parse(answer.body)[role];
}

async function requireOurs(send: SearchSend, role: string): Promise<void> {
  const found = await readRole(send, role);
  if (found === undefined || isMarked(found)) return;
  throw refused(role, "a role of that name was made by somebody else");
}

async function isOurs(send: SearchSend, role: string): Promise<boolean> {
  const found = await readRole(send, role);
  return found !== undefined && isMarked(found);
}

async function readRole(send: SearchSend, role: string): Promise<z.infer<typeof roleSchema> | undefined> {
  const answer = await send("GET", path("roles", role));
  if (answer.status === 404) return undefined;
  accept(answer, role);
  return z.record(z.string(), roleSchema).parse(answer.body)[role];
}

function isMarked(role: z.infer<typeof roleSchema>): boolean {
  const untouchable = role.reserved === true || role.hidden === true || role.static === true;
  return !untouchable && role.description === OUR_DESCRIPTION;
}

function isUsedByOthers({ hosts, users, and_backend_roles }: RoleMapping): boolean {
  return hosts.length + users.length + and_backend_roles.length > 0;
}

async function remove(send: SearchSend, where: string, role: string): Promise<void> {
  const answer = await send("DELETE", where);
  if (answer.status !== 404) accept(answer, role);
}

function path(kind: "roles" | "rolesmapping", role: string): string {
  return `/_plugins/_security/api/${kind}/${encodeURIComponent(role)}`;
}

function accept(answer: SearchAnswer, role: string): void {
  if (answer.status < 300) return;
  if (searchReason(answer.body).startsWith(NO_HANDLER)) throw withoutPlugin(role);
  if (answer.status === 400 || answer.status === 403 || answer.status === 409) {
    throw refused(role, searchReason(answer.body) || `status ${answer.status}`);
  }
  throw unavailable(answer);
}

function withoutPlugin(role: string): SyncError {
  return new SyncError("SECURITY_REFUSED", "the search engine has no security plugin of OpenSearch", {
    subject: `role ${role}`,
    fix: "remove securityAdminRoleArn, and let the functions' roles in by the engine's own means",
    retryable: false,
  });
}

function refused(role: string, reason: string): SyncError {
  return new SyncError("SECURITY_REFUSED", `the security plugin's role cannot be written: ${reason}`, {
    subject: `role ${role}`,
    fix: "run this function under the domain's master role, and give the role a name nobody else uses",
    retryable: false,
  });
}
