import { completeSources, databasesOf } from "../../../local/synth/local-sources.ts";

const place = { port: 15_432, secretArn: "arn:secret", kafka: "127.0.0.1:19092" };

describe("sources of this machine", () => {
  it("are where its PostgreSQL and its Kafka are, unless they say otherwise", () => {
    const config = { sources: { shop: { database: "shop" }, far: { database: "far", host: "db.example" } } };
    expect(completeSources(config, place)).toMatchObject({
      sources: {
        shop: {
          kind: "postgresql",
          host: "127.0.0.1",
          port: 15_432,
          database: "shop",
          secretArn: "arn:secret",
          tls: "off",
          kafka: {
            bootstrapServers: ["127.0.0.1:19092"],
            authentication: { kind: "none" },
            replicationFactor: 1,
          },
          connect: "external",
        },
        far: { database: "far", host: "db.example" },
      },
    });
  });

  it("leave a configuration without any as it is", () => {
    const config = { tables: {} };
    expect(completeSources(config, place)).toBe(config);
    expect(databasesOf(config)).toEqual([]);
  });

  it("name each database once", () => {
    expect(databasesOf({ sources: { a: { database: "shop" }, b: { database: "shop" } } })).toEqual(["shop"]);
  });
});
