import * as pulumi from "@pulumi/pulumi";
import type { EnvironmentContext } from "./environment-context.ts";
import type { Grant } from "./iam.ts";

/** Who works on tables under their roles. */
export type AccessUser = "audit" | "lifecycle";

/** The right to assume every table's role of one kind, and no other role. */
export function assumeAccessRoles(context: EnvironmentContext, user: AccessUser): Grant {
  const { partition, accountId } = context;
  const path = accessPath(context, user);
  return {
    actions: ["sts:AssumeRole"],
    resources: [pulumi.interpolate`arn:${partition}:iam::${accountId}:role${path}*`],
  };
}

/**
 * Stands before the names of tables' roles in their ARNs.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-friendly-names paths
 */
export function accessPath({ environment }: EnvironmentContext, user: AccessUser): string {
  return `/trueup/${environment}/${user}/`;
}
