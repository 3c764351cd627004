import type * as pulumi from "@pulumi/pulumi";

/** One role of fine-grained access control, as the `Security` custom resource takes it. */
export interface SecurityRoleArgs {
  readonly backendRoles: readonly pulumi.Input<string>[];
  readonly indexPatterns: readonly string[];
  readonly actions: readonly string[];
  readonly clusterActions: readonly string[];
}

/**
 * What index-lifecycle and the audit may do inside a domain. The first moves aliases between indexes that others made, so
 * no pattern could name them; the second only ever looks at generations.
 *
 * @see https://docs.opensearch.org/latest/security/access-control/default-action-groups/
 */
export function environmentRoles(
  environment: string,
  roles: { readonly lifecycle: pulumi.Input<string>; readonly audit: pulumi.Input<string> },
): Readonly<Record<string, SecurityRoleArgs>> {
  return {
    [`trueup-${environment}-lifecycle`]: {
      backendRoles: [roles.lifecycle],
      indexPatterns: ["*"],
      actions: ["manage", "manage_aliases", "indices_monitor", "read"],
      clusterActions: ["cluster_composite_ops", "cluster_monitor"],
    },
    [`trueup-${environment}-audit`]: {
      backendRoles: [roles.audit],
      indexPatterns: ["*-custom-*", "*-managed-*"],
      actions: [
        "read",
        "delete",
        // A bulk delete is judged as a bulk and as a delete; the group `delete` has only the second.
        "indices:data/write/bulk*",
        "indices_monitor",
        "indices:admin/refresh*",
        "indices:data/read/point_in_time/*",
      ],
      clusterActions: [
        "cluster_composite_ops",
        "cluster_monitor",
        "indices:data/read/point_in_time/*",
        // Domains before OpenSearch 2.4 are listed by scrolls; the group above does not clear them.
        "indices:data/read/scroll*",
      ],
    },
  };
}

/** What one generation's consumers may do: write through its alias, and look at what they wrote. */
export function consumerRole(
  environment: string,
  generation: string,
  args: {
    readonly index: string;
    readonly writeAlias: string;
    readonly backendRoles: readonly pulumi.Input<string>[];
  },
): Readonly<Record<string, SecurityRoleArgs>> {
  return {
    [`trueup-${environment}-${generation}`]: {
      backendRoles: args.backendRoles,
      indexPatterns: [args.index, args.writeAlias],
      // A pipeline asks for the cluster's version and whether its alias is one, before it promises to write to no other name.
      actions: ["crud", "indices:monitor/settings/get", "indices:admin/aliases/get", "indices:admin/get"],
      clusterActions: ["cluster_composite_ops", "cluster_monitor"],
    },
  };
}
