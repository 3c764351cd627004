import { isObject, type JsonObject } from "./json.ts";

/** Where the databases of this machine and their Kafka are. */
export interface SourcesPlace {
  readonly port: number;
  readonly secretArn: string;
  /** `host:port`. */
  readonly kafka: string;
}

/** A configuration is checked before anything runs, when nobody knows the places yet. */
export const UNKNOWN_PLACE: SourcesPlace = {
  port: 5432,
  secretArn: "arn:aws:secretsmanager:us-east-1:123456789012:secret:local-database-AbCdEf",
  kafka: "127.0.0.1:9092",
};

/** The databases that sources name, each once. */
export function databasesOf({ sources }: JsonObject): readonly string[] {
  const names = Object.values(isObject(sources) ? sources : {}).map((source) =>
    isObject(source) ? String(source["database"] ?? "") : "",
  );
  return [...new Set(names)].filter((name) => name !== "");
}

/**
 * Sources of this machine may leave out where they are: they are in its PostgreSQL, and their changes in its Kafka, brought
 * there by a Kafka Connect that the deployment tells of connectors.
 */
export function completeSources(config: JsonObject, { port, secretArn, kafka }: SourcesPlace): JsonObject {
  const { sources } = config;
  if (!isObject(sources)) return config;
  const place = { kind: "postgresql", host: "127.0.0.1", port, secretArn, tls: "off" };
  const topics = { partitions: 3, replicationFactor: 1 };
  const log = {
    kafka: { bootstrapServers: [kafka], authentication: { kind: "none" }, ...topics },
    connect: "external",
  };
  const complete = Object.entries(sources).map(([name, given]) => [
    name,
    { ...place, ...log, ...(isObject(given) ? given : {}) },
  ]);
  return { ...config, sources: Object.fromEntries(complete) };
}
