import type * as pulumi from "@pulumi/pulumi";
import { describe, expect, test } from "tstyche";
import type {
  DynamoDbSourceArgs,
  GenerationArgs,
  NetworkArgs,
  SearchSyncArgs,
  SearchTargetArgs,
  SyncedTableArgs,
} from "../../components/index.ts";

const domain = { instanceType: "r7g.large.search", instanceCount: 3 };
const existingDomain = { arn: "arn:aws:es:eu-central-1:1:domain/d", endpoint: "d.example.com" };
const collection = { arn: "arn:aws:aoss:eu-central-1:1:collection/c", endpoint: "c.example.com" };
const url = { url: "https://search", authentication: { kind: "none" } } as const;
const create = { partitionKey: { name: "id", type: "S" } } as const;

describe("a target", () => {
  test("is one of four", () => {
    expect<SearchTargetArgs>().type.toBeAssignableFrom({ domain });
    expect<SearchTargetArgs>().type.toBeAssignableFrom({ existingDomain });
    expect<SearchTargetArgs>().type.toBeAssignableFrom({ url });
    expect<SearchTargetArgs>().type.toBeAssignableFrom({ collection });
  });

  test("is not two of them, and not none", () => {
    expect<SearchTargetArgs>().type.not.toBeAssignableFrom({ domain, existingDomain });
    expect<SearchTargetArgs>().type.not.toBeAssignableFrom({ domain, url });
    expect<SearchTargetArgs>().type.not.toBeAssignableFrom({ existingDomain, url });
    expect<SearchTargetArgs>().type.not.toBeAssignableFrom({ collection, url });
    expect<SearchTargetArgs>().type.not.toBeAssignableFrom({});
  });

  test("has a secret exactly where it has a password or a key", () => {
    const basic = { kind: "basic", secretArn: "arn" } as const;
    expect<SearchTargetArgs>().type.toBeAssignableFrom({ url: { url: "https://x", authentication: basic } });
    const apiKey = { kind: "apiKey", secretArn: "arn" } as const;
    expect<SearchTargetArgs>().type.toBeAssignableFrom({ url: { url: "https://x", authentication: apiKey } });
    const sigv4 = { kind: "sigv4", region: "eu-central-1", service: "es" } as const;
    expect<SearchTargetArgs>().type.toBeAssignableFrom({ url: { url: "https://x", authentication: sigv4 } });
    const without = { kind: "basic" } as const;
    expect<SearchTargetArgs>().type.not.toBeAssignableFrom({
      url: { url: "https://x", authentication: without },
    });
  });
});

describe("a source", () => {
  test("is a table that exists, by name or by its facts, or one that is made", () => {
    const key = { partitionKey: { name: "id", type: "S" } } as const;
    const facts = { tableName: "t", tableArn: "a", streamArn: "s", key };
    expect<DynamoDbSourceArgs>().type.toBeAssignableFrom({ dynamodb: "orders" });
    expect<DynamoDbSourceArgs>().type.toBeAssignableFrom({ dynamodb: facts, keyArn: "arn" });
    expect<DynamoDbSourceArgs>().type.toBeAssignableFrom({ create });
  });

  test("is not both, and a made table has the environment's key", () => {
    expect<DynamoDbSourceArgs>().type.not.toBeAssignableFrom({ dynamodb: "orders", create });
    expect<DynamoDbSourceArgs>().type.not.toBeAssignableFrom({ create, keyArn: "arn" });
    expect<DynamoDbSourceArgs>().type.not.toBeAssignableFrom({ sql: "shop" });
  });

  test("knows the types of keys that DynamoDB has", () => {
    const partitionKey = { name: "id", type: "BOOL" } as const;
    expect<DynamoDbSourceArgs>().type.not.toBeAssignableFrom({ create: { partitionKey } });
  });
});

test("what somebody's own program makes may be handed over before it is known", () => {
  expect<SearchSyncArgs["keyArn"]>().type.toBeAssignableFrom<pulumi.Output<string>>();
  expect<SearchSyncArgs["permissionsBoundary"]>().type.toBeAssignableFrom<pulumi.Output<string>>();
  expect<NetworkArgs["subnetIds"]>().type.toBeAssignableFrom<pulumi.Output<string>[]>();
  expect<NetworkArgs["subnetIds"]>().type.toBeAssignableFrom<pulumi.Output<string[]>>();
  expect<DynamoDbSourceArgs>().type.toBeAssignableFrom<{ dynamodb: pulumi.Output<string> }>();
});

test("a generation is custom or managed, and has only what its mode has", () => {
  expect<GenerationArgs>().type.toBeAssignableFrom({ mode: "custom" } as const);
  expect<GenerationArgs>().type.toBeAssignableFrom({ mode: "managed" } as const);
  expect<GenerationArgs>().type.not.toBeAssignableFrom({ mode: "auto" } as const);
});

test("a table belongs to an environment and has a source and generations", () => {
  expect<SyncedTableArgs>().type.not.toBeAssignableFrom<Omit<SyncedTableArgs, "search">>();
  expect<SyncedTableArgs>().type.not.toBeAssignableFrom<Omit<SyncedTableArgs, "source">>();
  expect<SyncedTableArgs>().type.not.toBeAssignableFrom<Omit<SyncedTableArgs, "generations">>();
});
