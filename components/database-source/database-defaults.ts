/** What a database is made a source with where its declaration says nothing; `DatabaseSourceArgs` documents each. */
export const KAFKA_DEFAULTS = { partitions: 3, replicationFactor: 3, retentionHours: 168 } as const;

/** The same of a cluster to be made. */
export const CLUSTER_DEFAULTS = {
  instanceType: "kafka.m7g.large",
  brokersEach: 1,
  volumeGibibytes: 100,
  kafkaVersion: "3.8.x",
} as const;

/** The same of a connector. */
export const CONNECT_DEFAULTS = {
  secretsProvider: "com.amazonaws.kafka.config.providers.SecretsManagerConfigProvider",
  capacityUnits: 1,
} as const;

/** From how much log on, kept for a slot, somebody is told. */
export const RETAINED_GIBIBYTES = 10;
