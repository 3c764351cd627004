import {
  DescribeDBClustersCommand,
  DescribeDBInstancesCommand,
  type ExportTask,
  type Parameter,
  paginateDescribeDBClusterParameters,
  paginateDescribeDBParameters,
  paginateDescribeExportTasks,
  type RDSClient,
} from "@aws-sdk/client-rds";
import { type Fact, knownValue } from "../core/check/fact.ts";
import type { DatabaseFacts, DatabaseReading, ExportTasks } from "../core/ports/database-facts.ts";
import { readFact } from "./read-fact.ts";

type Form = Parameters<DatabaseFacts["read"]>[1];

/** Names without and with `Fault`, as the service's two protocols have them. */
const ABSENT = [
  "DBClusterNotFoundFault",
  "DBInstanceNotFound",
  "DBInstanceNotFoundFault",
  "DBParameterGroupNotFound",
  "DBParameterGroupNotFoundFault",
];
const RUNNING = ["starting", "in_progress", "canceling"];

/**
 * Reads databases, their parameter groups, and what is exported of them.
 *
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DescribeDBClusters.html
 */
export function makeRdsFacts(client: RDSClient): DatabaseFacts {
  return {
    read: async (identifier, form) => {
      const database = await readDatabase(client, identifier, form);
      const found = knownValue(database);
      return {
        database,
        parameters:
          found === undefined ? { kind: "absent" } : await readParameters(client, found.parameterGroup, form),
        exportTasks: await readExports(client, identifier),
      };
    },
  };
}

function readDatabase(client: RDSClient, identifier: string, form: Form): Promise<Fact<DatabaseReading>> {
  if (form === "cluster") {
    return readFact({ permission: "rds:DescribeDBClusters", absent: ABSENT }, () =>
      describeCluster(client, identifier),
    );
  }
  return readFact({ permission: "rds:DescribeDBInstances", absent: ABSENT }, () =>
    describeInstance(client, identifier),
  );
}

async function describeCluster(
  client: RDSClient,
  DBClusterIdentifier: string,
): Promise<DatabaseReading | undefined> {
  const { DBClusters = [] } = await client.send(new DescribeDBClustersCommand({ DBClusterIdentifier }));
  const [cluster] = DBClusters;
  if (cluster === undefined) return undefined;
  const members = cluster.DBClusterMembers ?? [];
  return {
    identifier: cluster.DBClusterIdentifier ?? DBClusterIdentifier,
    arn: cluster.DBClusterArn ?? "",
    engine: cluster.Engine ?? "",
    engineVersion: cluster.EngineVersion ?? "",
    backupRetentionDays: cluster.BackupRetentionPeriod ?? 0,
    parameterGroup: cluster.DBClusterParameterGroup ?? "",
    restartPending: members.some(
      ({ DBClusterParameterGroupStatus }) => DBClusterParameterGroupStatus === "pending-reboot",
    ),
  };
}

async function describeInstance(
  client: RDSClient,
  DBInstanceIdentifier: string,
): Promise<DatabaseReading | undefined> {
  const { DBInstances = [] } = await client.send(new DescribeDBInstancesCommand({ DBInstanceIdentifier }));
  const [instance] = DBInstances;
  if (instance === undefined) return undefined;
  const [group] = instance.DBParameterGroups ?? [];
  return {
    identifier: instance.DBInstanceIdentifier ?? DBInstanceIdentifier,
    arn: instance.DBInstanceArn ?? "",
    engine: instance.Engine ?? "",
    engineVersion: instance.EngineVersion ?? "",
    backupRetentionDays: instance.BackupRetentionPeriod ?? 0,
    parameterGroup: group?.DBParameterGroupName ?? "",
    restartPending: group?.ParameterApplyStatus === "pending-reboot",
  };
}

function readParameters(
  client: RDSClient,
  group: string,
  form: Form,
): Promise<Fact<Readonly<Record<string, string>>>> {
  const isCluster = form === "cluster";
  const permission = isCluster ? "rds:DescribeDBClusterParameters" : "rds:DescribeDBParameters";
  return readFact({ permission, absent: ABSENT }, async () => {
    const pages = isCluster
      ? paginateDescribeDBClusterParameters({ client }, { DBClusterParameterGroupName: group })
      : paginateDescribeDBParameters({ client }, { DBParameterGroupName: group });
    const found: Parameter[] = [];
    for await (const { Parameters: page = [] } of pages) found.push(...page);
    return Object.fromEntries(
      found.flatMap(({ ParameterName: name, ParameterValue: value }) =>
        name === undefined || value === undefined ? [] : [[name, value]],
      ),
    );
  });
}

/** A cluster is exported itself, or one of its snapshots, whose name begins with the cluster's. */
function readExports(client: RDSClient, identifier: string): Promise<Fact<ExportTasks>> {
  return readFact({ permission: "rds:DescribeExportTasks", absent: [] }, async () => {
    const running: ExportTask[] = [];
    for await (const { ExportTasks: page = [] } of paginateDescribeExportTasks({ client }, {})) {
      running.push(...page.filter(({ Status = "" }) => RUNNING.includes(Status.toLowerCase())));
    }
    const mine = running.filter(({ SourceArn = "" }) => isOf(SourceArn, identifier));
    return { ofAccount: running.length, ofDatabase: mine.length };
  });
}

/** `…:cluster:<id>`, `…:cluster-snapshot:<id>-…` or `…:rds:<id>-…` of an automated one. */
function isOf(sourceArn: string, identifier: string): boolean {
  const [, , , , , , ...names] = sourceArn.split(":");
  return names.some((name) => name === identifier || name.startsWith(`${identifier}-`));
}
