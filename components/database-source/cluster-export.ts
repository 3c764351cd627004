import * as pulumi from "@pulumi/pulumi";
import { stateLayout } from "../../core/state-layout.ts";
import { decryptingWith, makeRolePolicy } from "../iam.ts";
import type { SearchSync } from "../search-sync.ts";
import type { ClusterExport, ManagedDatabase } from "../table-context.ts";
import type { DatabaseSourceArgs } from "./database-args.ts";

/** @returns undefined where whole tables are queried */
export function resolveClusterExport(
  { search, snapshot }: DatabaseSourceArgs,
  managed: ManagedDatabase | undefined,
): ClusterExport | undefined {
  if (snapshot !== "cluster-export" || managed === undefined) return undefined;
  const { partition, region, accountId } = search.context;
  const { identifier, exportRoleArn, exportKeyArn: keyArn } = managed;
  const clusterArn = pulumi.interpolate`arn:${partition}:rds:${region}:${accountId}:cluster:${identifier}`;
  const prefix = clusterArn.apply((arn) => `${stateLayout.clusterExports(arn)}/`);
  return { clusterArn, exportRoleArn, keyArn, prefix };
}

/**
 * The audit reads files under its function's own role, and those of the cluster have a key of their own.
 *
 * A role that exists already, instead of one made here, must be given this by whoever made it.
 */
export function letAuditDecrypt(
  name: string,
  { audit }: SearchSync,
  { keyArn }: ClusterExport,
  parent: pulumi.Resource,
): readonly pulumi.Resource[] {
  const { role } = audit.function;
  if (role === undefined) return [];
  const grants = decryptingWith(keyArn);
  const policyName = `${name}-export`;
  return [
    makeRolePolicy(`${name}-audit-export`, { roleName: role.roleName, policyName, grants }, { parent }),
  ];
}
