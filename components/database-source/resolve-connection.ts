import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { SyncError } from "../../core/errors.ts";
import type { DatabaseConnection, SnapshotSettings } from "../../core/source-descriptor.ts";
import type { DatabaseKind } from "./database-args.ts";
import { type DatabaseFacts, engineOf } from "./database-faults.ts";

const DEFAULT_PORT = 5432;

/** Where a database is, as RDS says. */
interface Place {
  readonly host: string;
  readonly port: number;
}

/**
 * How to reach a database: looked up in RDS, unless the user says where it is.
 *
 * The outputs throw SyncError `CONFIGURATION_INVALID` where what was found is of another kind.
 */
export function resolveConnection(
  args: DatabaseFacts,
  parent: pulumi.Resource,
): pulumi.Output<DatabaseConnection> {
  const { kind, tls = "verified", certificateAuthority } = args;
  const found = args.host === undefined ? lookUp(args, parent) : undefined;
  return pulumi
    .output({
      host: args.host ?? found?.host ?? "",
      port: args.port ?? found?.port ?? DEFAULT_PORT,
      database: args.database,
      secretArn: args.secretArn,
    })
    .apply((known) => ({
      engine: engineOf(kind),
      ...known,
      tls,
      ...trusted(kind, certificateAuthority),
    }));
}

/** Node does not know the authorities of RDS. */
function trusted(
  kind: DatabaseKind,
  certificateAuthority: string | undefined,
): Pick<DatabaseConnection, "certificateAuthority" | "authorities"> {
  if (certificateAuthority !== undefined) return { certificateAuthority };
  return kind === "postgresql" ? {} : { authorities: "rds" };
}

function lookUp({ kind, cluster, instance }: DatabaseFacts, parent: pulumi.Resource): pulumi.Output<Place> {
  if (cluster !== undefined) {
    return aws.rds
      .getClusterOutput({ clusterIdentifier: cluster }, { parent })
      .apply(({ clusterIdentifier, engine, endpoint, port }) => {
        requireKind(kind, clusterIdentifier, engine);
        return { host: endpoint, port };
      });
  }
  return aws.rds
    .getInstanceOutput({ dbInstanceIdentifier: instance ?? "" }, { parent })
    .apply(({ dbInstanceIdentifier, engine, address, port }) => {
      requireKind(kind, dbInstanceIdentifier, engine);
      return { host: address, port };
    });
}

/** RDS calls its engines `postgres`, `mysql`, `aurora-postgresql`, `aurora-mysql`. */
function requireKind(kind: DatabaseKind, subject: string, engine: string): void {
  const wanted = kind.startsWith("aurora-") ? kind : kind === "rds-mysql" ? "mysql" : "postgres";
  if (engine === wanted) return;
  throw new SyncError("CONFIGURATION_INVALID", `the database is ${engine}, not ${kind}`, {
    subject,
    fix: "declare the kind that it is",
    retryable: false,
  });
}

/** How whole tables are read: from a replica where there is one. */
export function resolveSnapshot({
  replica,
}: Pick<DatabaseFacts, "replica">): pulumi.Output<SnapshotSettings> {
  if (replica === undefined) return pulumi.output({ kind: "query" as const });
  const place = pulumi.output({ host: replica.host, port: replica.port ?? DEFAULT_PORT });
  return place.apply((known) => ({ kind: "query" as const, replica: known }));
}
