import { isObject, type JsonObject } from "./json.ts";

/** Where a stack's databases, and the Kafka their changes go to, are on this machine. */
export interface LocalStreaming {
  readonly postgresPort: number;
  readonly kafkaPort: number;
  /** Of the secret with the database's user. */
  readonly secretArn: string;
}

/** Stands in for what `trueup local up` starts, where nothing runs. */
export const UNKNOWN_STREAMING: LocalStreaming = {
  postgresPort: 5432,
  kafkaPort: 9092,
  secretArn: "arn:aws:secretsmanager:us-east-1:123456789012:secret:trueup-local-postgres-AbCdEf",
};

const HOST = "127.0.0.1";

/** Databases of a configuration that are to be on this machine: PostgreSQL of any kind, unless a host says where. */
export function localDatabases({ sources }: JsonObject): readonly string[] {
  const databases = Object.values(isObject(sources) ? sources : {}).filter(isLocal);
  return [...new Set(databases.map(({ database }) => String(database)))];
}

/**
 * A configuration whose databases are this machine's: where they are and their Kafka are filled in, in place of what names
 * them on AWS. A Kafka that would be made is the one that runs here; one broker keeps one copy.
 */
export function withLocalSources(config: JsonObject, streaming: LocalStreaming): JsonObject {
  const { sources } = config;
  if (!isObject(sources)) return config;
  const entries = Object.entries(sources).map(
    ([name, source]) => [name, isLocal(source) ? toLocal(source, streaming) : source] as const,
  );
  return { ...config, sources: Object.fromEntries(entries) };
}

type Source = JsonObject[string];

function isLocal(source: Source): source is JsonObject {
  return isObject(source) && String(source["kind"]).endsWith("postgresql") && source["host"] === undefined;
}

function toLocal(declared: JsonObject, { postgresPort, kafkaPort, secretArn }: LocalStreaming): JsonObject {
  const { certificateAuthority: _, secretKeyArn: __, replica: ___, ...source } = declared;
  const { partitions, retentionHours } = isObject(source["kafka"]) ? source["kafka"] : {};
  return {
    ...source,
    host: HOST,
    port: postgresPort,
    secretArn,
    tls: "off",
    kafka: {
      ...(partitions === undefined ? {} : { partitions }),
      ...(retentionHours === undefined ? {} : { retentionHours }),
      bootstrapServers: [`${HOST}:${kafkaPort}`],
      authentication: { kind: "none" },
      replicationFactor: 1,
    },
    connect: source["connect"] ?? "external",
  };
}
