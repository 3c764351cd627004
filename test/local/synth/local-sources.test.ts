import { localDatabases, withLocalSources } from "../../../local/synth/local-sources.ts";

const streaming = { postgresPort: 1, kafkaPort: 2, secretArn: "arn:secret" };
const filled = {
  host: "127.0.0.1",
  port: 1,
  secretArn: "arn:secret",
  tls: "off",
  kafka: { bootstrapServers: ["127.0.0.1:2"], authentication: { kind: "none" }, replicationFactor: 1 },
  connect: "external",
};

describe("the databases of a stack on this machine", () => {
  it("are those of PostgreSQL whose host nobody names, each once", () => {
    const sources = {
      one: { kind: "postgresql", database: "shop" },
      two: { kind: "aurora-postgresql", cluster: "prod", database: "shop" },
      three: { kind: "rds-postgresql", instance: "prod", database: "geo" },
      elsewhere: { kind: "postgresql", database: "far", host: "db.example.org" },
      mysql: { kind: "aurora-mysql", cluster: "prod", database: "old" },
    };
    expect(localDatabases({ sources })).toEqual(["shop", "geo"]);
    expect(localDatabases({ tables: {} })).toEqual([]);
  });

  it("are told where they and their Kafka are", () => {
    const config = { tables: {}, sources: { geo: { kind: "postgresql", database: "geo" } } };
    expect(withLocalSources(config, streaming)).toEqual({
      tables: {},
      sources: { geo: { kind: "postgresql", database: "geo", ...filled } },
    });
  });

  it("take this machine's Kafka for the one that would be made, with the topics as declared", () => {
    const declared = {
      kind: "aurora-postgresql",
      cluster: "prod",
      database: "shop",
      secretArn: "arn:of-aws",
      secretKeyArn: "arn:key",
      certificateAuthority: "PEM",
      replica: { host: "replica" },
      kafka: { create: { brokersEach: 2 }, partitions: 6, retentionHours: 48, replicationFactor: 3 },
      connect: { plugin: { bucketArn: "arn:bucket", fileKey: "plugin.zip" } },
    };
    expect(withLocalSources({ sources: { shop: declared } }, streaming)).toEqual({
      sources: {
        shop: {
          kind: "aurora-postgresql",
          cluster: "prod",
          database: "shop",
          ...filled,
          kafka: { ...filled.kafka, partitions: 6, retentionHours: 48 },
          connect: declared.connect,
        },
      },
    });
  });

  it("leave alone what is elsewhere", () => {
    const config = { sources: { far: { kind: "postgresql", database: "far", host: "db.example.org" } } };
    expect(withLocalSources(config, streaming)).toEqual(config);
    expect(withLocalSources({ tables: {} }, streaming)).toEqual({ tables: {} });
  });
});
