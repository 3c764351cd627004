import * as pulumi from "@pulumi/pulumi";
import { logNamesPrefix } from "../../core/ingestion/rds-body.ts";
import type { RdsSourceOptions } from "../../core/ingestion/source-options.ts";
import type { DatabaseConnection } from "../../core/source-descriptor.ts";
import { stateLayout } from "../../core/state-layout.ts";
import { type Grant, listingUnder, makeRole, objectsUnder, usingKey } from "../iam.ts";
import { makeLifecycleResource } from "../lifecycle-resource.ts";
import type { SearchSync } from "../search-sync.ts";
import type { ManagedDatabase, PipelineLogArgs } from "../table-context.ts";
import type { DatabaseKind, DatabaseSourceArgs } from "./database-args.ts";
import { PIPELINE_CIDR_BLOCK } from "./database-defaults.ts";

/** What index-lifecycle reaches a database by. */
export interface ReachedDatabase {
  readonly sourceName: string;
  readonly roleArn: pulumi.Output<string>;
  readonly connection: pulumi.Output<DatabaseConnection>;
}

/** Kinds of databases in OpenSearch Ingestion's words. */
export const ENGINES: Readonly<Record<Exclude<DatabaseKind, "postgresql">, RdsSourceOptions["engine"]>> = {
  "aurora-postgresql": "aurora-postgresql",
  "aurora-mysql": "aurora-mysql",
  "rds-postgresql": "postgresql",
  "rds-mysql": "mysql",
};

/**
 * A database as managed pipelines read it: with a role that RDS writes exports of snapshots under.
 *
 * @returns undefined where none of them could, which the faults of its tables tell
 */
export function resolveManaged(
  name: string,
  { search, kind, cluster, instance, export: exported }: DatabaseSourceArgs,
  reached: ReachedDatabase,
  parent: pulumi.Resource,
): ManagedDatabase | undefined {
  const identifier = cluster ?? instance;
  if (kind === "postgresql" || identifier === undefined || exported === undefined) return undefined;
  return {
    engine: ENGINES[kind],
    identifier: pulumi.output(identifier),
    exportRoleArn: makeExportRole(name, search, exported.keyArn, parent),
    exportKeyArn: exported.keyArn,
    cidrBlock: exported.pipelineCidrBlock ?? PIPELINE_CIDR_BLOCK,
    dropLogAfter: (resourceName, log, owner) => dropLogAfter(resourceName, search, reached, log, owner),
  };
}

/** @see https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-export-snapshot.Setup.html trust and rights */
function makeExportRole(
  name: string,
  { context }: SearchSync,
  keyArn: pulumi.Input<string>,
  parent: pulumi.Resource,
): pulumi.Output<string> {
  const { stateBucket, permissionsBoundary, accountId } = context;
  const exports = stateLayout.exports("");
  const grants: readonly Grant[] = [
    {
      actions: ["s3:PutObject*", "s3:GetObject*", "s3:DeleteObject*"],
      resources: [objectsUnder(stateBucket.arn, exports)],
    },
    listingUnder(stateBucket.arn, exports),
    { actions: ["s3:GetBucketLocation"], resources: [stateBucket.arn] },
    ...usingKey(keyArn),
  ];
  const trust = {
    principal: { Service: "export.rds.amazonaws.com" },
    conditions: { StringEquals: { "aws:SourceAccount": accountId } },
  };
  return makeRole(`${name}-export`, { trust, grants: { export: grants }, permissionsBoundary }, { parent })
    .arn;
}

function dropLogAfter(
  resourceName: string,
  search: SearchSync,
  { sourceName, roleArn, connection }: ReachedDatabase,
  { tableName, subPipelineName }: PipelineLogArgs,
  parent: pulumi.Resource,
): pulumi.Resource {
  const { lifecycle, context, ready } = search;
  const prefix = subPipelineName.apply(logNamesPrefix);
  return makeLifecycleResource(
    resourceName,
    {
      action: "PipelineLog",
      functionArn: lifecycle.arn,
      responseBucket: context.stateBucket.name,
      spec: pulumi.output({
        source: sourceName,
        roleArn,
        connection,
        tableName,
        prefix,
      }),
      // Another network is another pipeline: its names are others, and those of the former go with it.
      identity: prefix,
    },
    { parent, dependsOn: [...ready] },
  );
}
