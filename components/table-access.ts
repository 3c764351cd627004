import * as pulumi from "@pulumi/pulumi";
import type { TableAccess } from "../core/table-descriptor.ts";
import { type AccessUser, accessPath } from "./assume-access.ts";
import { type Grant, makeRole, makeRolePolicy, type ServiceRole, trustRole } from "./iam.ts";
import type { SearchSync } from "./search-sync.ts";

/** What the audit and index-lifecycle may do, each for itself. */
export interface AccessGrants {
  readonly audit: readonly Grant[];
  readonly lifecycle: readonly Grant[];
}

/**
 * The roles of one table: what may touch its source and its queues. The environment's two functions assume them, a table
 * at a time, so that no function's own role grows with the number of tables.
 */
export class TableAccessRoles extends pulumi.ComponentResource {
  /** What workflows and functions are told. */
  readonly arns: { readonly [Name in keyof TableAccess]: pulumi.Output<string> };
  readonly #audit: ServiceRole;
  readonly #lifecycle: ServiceRole;

  constructor(
    name: string,
    { context, audit, lifecycle }: SearchSync,
    grants: AccessGrants,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("trueup:iam:TableAccessRoles", name, {}, opts);
    const make = (user: AccessUser, roleArn: pulumi.Output<string>, list: readonly Grant[]) =>
      makeRole(
        `${name}-${user}`,
        {
          trust: trustRole(context.partition, context.accountId, roleArn),
          path: accessPath(context, user),
          grants: { table: list },
          permissionsBoundary: context.permissionsBoundary,
        },
        { parent: this },
      );
    this.#audit = make("audit", audit.function.roleArn, grants.audit);
    this.#lifecycle = make("lifecycle", lifecycle.roleArn, grants.lifecycle);
    this.arns = { auditRoleArn: this.#audit.arn, lifecycleRoleArn: this.#lifecycle.arn };
    this.registerOutputs({});
  }

  /** Adds rights that come and go with a part of the table. @returns what holds them */
  add(name: string, grants: AccessGrants, parent: pulumi.Resource): readonly pulumi.Resource[] {
    const add = (user: AccessUser, { roleName }: ServiceRole, list: readonly Grant[]) =>
      makeRolePolicy(`${name}-${user}-access`, { roleName, policyName: name, grants: list }, { parent });
    return [add("audit", this.#audit, grants.audit), add("lifecycle", this.#lifecycle, grants.lifecycle)];
  }
}
