import { isAbsolute } from "node:path";
import type { GenerationMode } from "../../core/mode-rules.ts";
import type { DatabaseEngine } from "../../core/source-descriptor.ts";
import type { Fault } from "../faults.ts";
import type { ManagedPipelineArgs } from "../managed-pipeline/managed-args.ts";
import type { ConnectArgs, DatabaseKind, DatabaseSourceArgs, KafkaArgs } from "./database-args.ts";
import { LOOPBACK, PIPELINE_CIDR_BLOCK } from "./database-defaults.ts";

/** With the longest suffix of what is made for it, and Pulumi's eight characters, a role's name then has its 64. */
const LONGEST_NAME = 24;
const LARGEST_REVISION = 999;
/** Debezium writes any other character of a topic's name as `_`. @see https://kafka.apache.org/documentation/#basic_ops_add_topic legal names */
const TABLE_NAME = /^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$/;
const UNITS = [1, 2, 4, 8];
const BLOCK = /^(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}0\/24$/;

/** What of a database's arguments can be wrong, whatever its environment. */
export type DatabaseFacts = Omit<DatabaseSourceArgs, "search">;

/** What its tables are judged by before anything of it is known. */
export type DeclaredDatabase = Pick<
  DatabaseFacts,
  "kind" | "kafka" | "cluster" | "instance" | "host" | "export"
> & {
  readonly inNetwork: boolean;
};

/** What of a generation its database has a say in. */
export interface DeclaredGeneration {
  readonly mode: GenerationMode;
  readonly pipeline?: Pick<ManagedPipelineArgs, "processors" | "repair">;
}

/** What a kind of database speaks. */
export function engineOf(kind: DatabaseKind): DatabaseEngine {
  return kind.endsWith("mysql") ? "mysql" : "postgresql";
}

/** Every bad argument of a database. @param inNetwork - whether the environment's functions are in a VPC */
export function findDatabaseFaults(name: string, args: DatabaseFacts, inNetwork: boolean): readonly Fault[] {
  return [
    ...nameFaults(name),
    ...placeFaults(args),
    ...kafkaFaults(args, inNetwork),
    ...(args.kafka !== undefined && args.connect !== undefined
      ? connectFaults(args.kafka, args.connect, inNetwork)
      : []),
    ...rangeFaults(args),
    ...exportFaults(args),
    ...snapshotFaults(args),
  ];
}

/** @see https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/export-cluster-data.html what can be exported */
function snapshotFaults({ kind, cluster, replica, snapshot, export: exported }: DatabaseFacts) {
  if (snapshot !== "cluster-export") return [];
  const reasons: string[] = [];
  if (kind !== "aurora-postgresql") {
    reasons.push("cluster-export is of clusters of Aurora PostgreSQL only; use query");
  } else if (cluster === undefined) {
    reasons.push("cluster-export finds a cluster by its identifier; give the source its cluster");
  }
  if (exported === undefined) {
    reasons.push("cluster-export needs a key to encrypt with; give the source export: { keyArn }");
  }
  if (replica !== undefined) {
    reasons.push("cluster-export reads a clone, and no replica; remove replica, or use query");
  }
  return reasons.map((reason): Fault => ({ propertyPath: "snapshot", reason }));
}

function exportFaults({ kind, export: exported }: DatabaseFacts): readonly Fault[] {
  if (exported === undefined) return [];
  const faults: Fault[] = [];
  if (kind === "postgresql") {
    faults.push({
      propertyPath: "export",
      reason: "RDS exports its own databases only; remove it, or use another kind",
    });
  }
  const { pipelineCidrBlock: block } = exported;
  if (block !== undefined && !BLOCK.test(block)) {
    const reason = `must be a block of 256 addresses like ${PIPELINE_CIDR_BLOCK}; got ${block}`;
    faults.push({ propertyPath: "export.pipelineCidrBlock", reason });
  }
  return faults;
}

/** What of a table its database cannot serve. */
export function findSqlTableFaults(
  {
    tableName,
    generations,
  }: {
    readonly tableName: string;
    readonly generations: readonly DeclaredGeneration[];
  },
  database: DeclaredDatabase,
): readonly Fault[] {
  const name: readonly Fault[] = TABLE_NAME.test(tableName)
    ? []
    : [
        {
          propertyPath: "source.table",
          reason: `must be <schema>.<table> of a to z, A to Z, 0 to 9, _ and -; got ${tableName}`,
        },
      ];
  const modes = generations.flatMap(({ mode }, place): readonly Fault[] => {
    const reason = mode === "custom" ? whyNotCustom(database) : whyNotManaged(database);
    return reason === undefined ? [] : [{ propertyPath: `generations[${place}].mode`, reason }];
  });
  return [...name, ...modes, ...generations.flatMap(pipelineFaults)];
}

/** A row has no attribute that could be written to make the pipeline bring it again. */
function pipelineFaults({ pipeline }: DeclaredGeneration, place: number): readonly Fault[] {
  const path = `generations[${place}].pipeline`;
  const processors: readonly Fault[] =
    (pipeline?.processors ?? []).length === 0
      ? []
      : [
          {
            propertyPath: `${path}.processors`,
            reason:
              "a repair reads a row again and cannot apply processors; use mode: custom with a transform",
          },
        ];
  const repair: readonly Fault[] =
    pipeline?.repair === "touch"
      ? [{ propertyPath: `${path}.repair`, reason: "nothing is written into rows; remove it" }]
      : [];
  return [...processors, ...repair];
}

/** @see https://docs.aws.amazon.com/opensearch-service/latest/developerguide/aurora-PostgreSQL.html prerequisites */
function whyNotManaged({ kind, cluster, instance, host, export: exported, inNetwork }: DeclaredDatabase) {
  if (engineOf(kind) === "mysql") return "audits and repairs read no MySQL in this version";
  if (kind === "postgresql")
    return "OpenSearch Ingestion reads databases of RDS and Aurora only; use mode: custom";
  if (cluster === undefined && instance === undefined)
    return "OpenSearch Ingestion finds a database by its identifier; give the source its cluster or instance";
  if (exported === undefined)
    return "OpenSearch Ingestion loads from an export; give the source export: { keyArn }, or use mode: custom";
  return inNetwork || host === LOOPBACK
    ? undefined
    : "OpenSearch Ingestion reaches a database in its VPC; give the environment a network";
}

/** What only a table of a database can be filled by. */
export function findBootstrapFaults(
  generations: readonly { readonly bootstrap?: "export" | "incremental-snapshot" | undefined }[],
): readonly Fault[] {
  return generations.flatMap(({ bootstrap }, place): readonly Fault[] => {
    if (bootstrap !== "incremental-snapshot") return [];
    const reason = "incremental-snapshot is Debezium's, and DynamoDB has none; leave it out";
    return [{ propertyPath: `generations[${place}].bootstrap`, reason }];
  });
}

function whyNotCustom({ kind, kafka }: Pick<DatabaseFacts, "kind" | "kafka">): string | undefined {
  if (engineOf(kind) === "mysql") {
    return "custom mode knows no MySQL: a change of its binary log has no version that a re-read could beat safely; use PostgreSQL";
  }
  return kafka === undefined
    ? "custom mode reads the database's changes in Kafka; give the source a kafka, or use mode: managed"
    : undefined;
}

function nameFaults(name: string): readonly Fault[] {
  if (/^[a-z][a-z0-9-]*$/.test(name) && name.length <= LONGEST_NAME) return [];
  const reason = `must begin with a letter and have only a to z, 0 to 9 and -, at most ${LONGEST_NAME}; got ${name}`;
  return [{ propertyPath: "name", reason }];
}

/** How each kind is found, and what would find another. */
const LOCATORS = { aurora: "cluster", rds: "instance", postgresql: "host" } as const;

function placeFaults(args: DatabaseFacts): readonly Fault[] {
  const { kind, host } = args;
  const family = kind === "postgresql" ? kind : kind.startsWith("aurora") ? "aurora" : "rds";
  const wanted = LOCATORS[family];
  const foreign = (["cluster", "instance"] as const).filter(
    (locator) => locator !== wanted && args[locator] !== undefined,
  );
  const faults: Fault[] = foreign.map((propertyPath) => ({
    propertyPath,
    reason: `does not find a database of kind ${kind}; use ${wanted}`,
  }));
  if (args[wanted] === undefined && host === undefined) {
    faults.push({ propertyPath: wanted, reason: `is required with kind: ${kind}` });
  }
  return faults;
}

function kafkaFaults({ kind, kafka, connect }: DatabaseFacts, inNetwork: boolean): readonly Fault[] {
  if (kafka === undefined) {
    const reason = "brings changes into Kafka, and there is no kafka; add it, or remove connect";
    return connect === undefined ? [] : [{ propertyPath: "connect", reason }];
  }
  const faults: Fault[] = [];
  if (engineOf(kind) === "mysql") {
    const reason =
      "is for custom mode, which knows no MySQL yet; remove it, and use mode: managed for its tables";
    faults.push({ propertyPath: "kafka", reason });
  }
  if (connect === undefined) {
    const reason = "is required with kafka: external, or { plugin } for a connector of MSK Connect";
    faults.push({ propertyPath: "connect", reason });
  }
  if (kafka.create !== undefined) {
    if (!inNetwork) faults.push(needsNetwork("kafka.create", "a cluster of MSK"));
  } else if (kafka.authentication.kind === "iam" && kafka.clusterArn === undefined) {
    const reason = "is required with iam, which only a cluster of MSK knows";
    faults.push({ propertyPath: "kafka.clusterArn", reason });
  }
  return faults;
}

function connectFaults(kafka: KafkaArgs, connect: ConnectArgs, inNetwork: boolean): readonly Fault[] {
  if (connect === "external") return [];
  const faults: Fault[] = [];
  if (!inNetwork) faults.push(needsNetwork("connect", "a connector of MSK Connect"));
  if (kafka.create === undefined && kafka.authentication.kind === "scram") {
    const reason =
      "MSK Connect knows itself to Kafka by IAM or not at all; use kafka.authentication iam or none, or connect: external";
    faults.push({ propertyPath: "connect", reason });
  }
  const jars = connect.plugin.assemble?.jars;
  if (jars?.length === 0) {
    const reason = "must list the jar of the class that reads secrets; no such jar is in Maven";
    faults.push({ propertyPath: "connect.plugin.assemble.jars", reason });
  }
  for (const [place, jar] of (jars ?? []).entries()) {
    if (isAbsolute(jar)) continue;
    const reason = `must be an absolute path, because a program may run in any folder; got ${jar}`;
    faults.push({ propertyPath: `connect.plugin.assemble.jars[${place}]`, reason });
  }
  const { capacityUnits = 1 } = connect;
  if (!UNITS.includes(capacityUnits)) {
    const reason = `must be one of ${UNITS.join(", ")}; got ${capacityUnits}`;
    faults.push({ propertyPath: "connect.capacityUnits", reason });
  }
  return faults;
}

function needsNetwork(propertyPath: string, what: string): Fault {
  return { propertyPath, reason: `${what} is in a VPC; give the environment a network` };
}

function rangeFaults({ kafka, revision }: DatabaseFacts): readonly Fault[] {
  const ranges: readonly (readonly [string, number | undefined, number, number])[] = [
    ["kafka.partitions", kafka?.partitions, 1, 100],
    ["kafka.replicationFactor", kafka?.replicationFactor, 1, 5],
    ["kafka.retentionHours", kafka?.retentionHours, 24, 8760],
    ["kafka.create.brokersEach", kafka?.create?.brokersEach, 1, 10],
    ["kafka.create.volumeGibibytes", kafka?.create?.volumeGibibytes, 1, 16_384],
    ["revision", revision, 1, LARGEST_REVISION],
  ];
  return ranges.flatMap(([propertyPath, value, least, most]) => {
    if (value === undefined || (value >= least && value <= most && Number.isInteger(value))) return [];
    return [{ propertyPath, reason: `must be a whole number, ${least} to ${most}; got ${value}` }];
  });
}
