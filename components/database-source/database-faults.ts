import { isAbsolute } from "node:path";
import type { GenerationMode } from "../../core/mode-rules.ts";
import type { DatabaseEngine } from "../../core/source-descriptor.ts";
import type { Fault } from "../faults.ts";
import type { ConnectArgs, DatabaseKind, DatabaseSourceArgs, KafkaArgs } from "./database-args.ts";

/** With the longest suffix of what is made for it, and Pulumi's eight characters, a role's name then has its 64. */
const LONGEST_NAME = 24;
const LARGEST_REVISION = 999;
/** Debezium writes any other character of a topic's name as `_`. @see https://kafka.apache.org/documentation/#basic_ops_add_topic legal names */
const TABLE_NAME = /^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$/;
const UNITS = [1, 2, 4, 8];

/** What of a database's arguments can be wrong, whatever its environment. */
export type DatabaseFacts = Omit<DatabaseSourceArgs, "search">;

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
  ];
}

/** What of a table its database cannot serve. */
export function findSqlTableFaults(
  {
    tableName,
    generations,
  }: {
    readonly tableName: string;
    readonly generations: readonly { readonly mode: GenerationMode }[];
  },
  database: Pick<DatabaseFacts, "kind" | "kafka">,
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
    const reason = mode === "custom" ? whyNotCustom(database) : WHY_NOT_MANAGED;
    return reason === undefined ? [] : [{ propertyPath: `generations[${place}].mode`, reason }];
  });
  return [...name, ...modes];
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

const WHY_NOT_MANAGED = "managed mode takes no SQL tables in this version; use mode: custom";

function whyNotCustom({ kind, kafka }: Pick<DatabaseFacts, "kind" | "kafka">): string | undefined {
  if (engineOf(kind) === "mysql") {
    return "custom mode knows no MySQL: a change of its binary log has no version that a re-read could beat safely; use mode: managed";
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
