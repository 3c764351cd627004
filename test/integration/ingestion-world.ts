import { gunzipSync } from "node:zlib";
import { DeleteItemCommand, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { GetObjectCommand, ListObjectsV2Command } from "@aws-sdk/client-s3";
import { stringify } from "yaml";
import * as z from "zod";
import { ExactNumber } from "../../core/exact-number.ts";
import { makeDynamoDbBody } from "../../core/ingestion/dynamodb-body.ts";
import { type PipelineBody, type Processor, toPlainBody } from "../../core/ingestion/pipeline-body.ts";
import { makeRdsBody } from "../../core/ingestion/rds-body.ts";
import { parseExact } from "../../core/parse-exact.ts";
import type { ExactJson, ExactObject } from "../../core/plain-fingerprint.ts";
import { waitUntil } from "../../local/engines/wait-until.ts";
import type { GatewayWorld } from "./gateway-world.ts";

const search = process.env["TRUEUP_TEST_SEARCH"] ?? "";
export const patience = { withinMillis: 90_000, fix: "look at the gateway's output" };

/** What a test of a pipeline declares. */
export interface PipelinePlan {
  readonly name: string;
  readonly tableArn: string;
  readonly bucket: string;
  readonly index: string;
  readonly processors?: readonly Processor[];
}

/** As the program writes bodies: bare, `n` would be no text in YAML 1.1. */
const AS_WRITTEN = { version: "1.1", defaultStringType: "QUOTE_DOUBLE" } as const;

/** The properties of a pipeline, as the program declares them. */
export function toProperties(plan: PipelinePlan) {
  return toDeclaration(plan.name, makeDynamoDbBody(bodyArgs(plan)));
}

function bodyArgs({ name, tableArn, bucket, index, processors = [] }: PipelinePlan) {
  return {
    pipelineName: name,
    region: "us-east-1",
    roleArn: "arn:aws:iam::123456789012:role/pipeline",
    tableArn,
    endpoint: search,
    writeAlias: `${index}-write`,
    bucket,
    exportPrefix: `exports/${name}`,
    sentPrefix: `sent/${name}/`,
    refusedPrefix: `refused/${name}/`,
    keyArn: undefined,
    flushMillis: 100,
    collectSeconds: 1,
    processors,
  };
}

function toDeclaration(name: string, body: PipelineBody) {
  return {
    PipelineName: name,
    MinUnits: 1,
    MaxUnits: 1,
    PipelineConfigurationBody: stringify(toPlainBody(body), AS_WRITTEN),
  };
}

const describedSchema = z.object({
  export: z.object({ state: z.string(), arn: z.string().optional() }),
  shards: z.array(z.object({ status: z.string(), checkpoint: z.string().optional(), openPages: z.number() })),
  sinks: z.object({
    indexed: z.number(),
    deleted: z.number(),
    superseded: z.number(),
    refused: z.number(),
    sentLines: z.number(),
  }),
});

/** The same of a pipeline of PostgreSQL. */
export function toRdsProperties({
  name,
  tableName,
  bucket,
  index,
}: Omit<PipelinePlan, "tableArn"> & { readonly tableName: string }) {
  const { tableArn: _, ...shared } = { ...bodyArgs({ name, tableArn: "", bucket, index }) };
  const body = makeRdsBody({
    ...shared,
    engine: "aurora-postgresql",
    identifier: "shop",
    database: "postgres",
    tableName,
    secretArn: "arn:aws:secretsmanager:us-east-1:123456789012:secret:shop",
    exportRoleArn: "arn:aws:iam::123456789012:role/export",
    exportKeyArn: "arn:aws:kms:us-east-1:123456789012:key/1",
  });
  return toDeclaration(name, body);
}

/** The control endpoints of one pipeline. */
export function controlPipeline(world: GatewayWorld, name: string) {
  const url = `${world.gateway.url}/_trueup/pipelines/${name}`;
  const ask = (method: string, path = "", body?: object) =>
    fetch(`${url}${path}`, { method, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
  return {
    /** @returns the answer's status and text */
    put: async (properties: object) => {
      const answer = await ask("PUT", "", properties);
      return `${answer.status} ${await answer.text()}`;
    },
    remove: () => ask("DELETE"),
    weaken: (weakness: object) => ask("POST", "/weakness", weakness),
    describe: async () => describedSchema.parse(await (await ask("GET")).json()),
  };
}

/** Writes and deletes numbered items. */
export function makeWriter({ dynamodb }: GatewayWorld, TableName: string) {
  return {
    put: (id: string, n: string, more: object = {}) =>
      dynamodb.send(new PutItemCommand({ TableName, Item: { id: { S: id }, n: { N: n }, ...more } })),
    remove: (id: string) => dynamodb.send(new DeleteItemCommand({ TableName, Key: { id: { S: id } } })),
  };
}

/** Makes an index with an alias to write to, where `n` is a number. */
export async function createIndex(index: string): Promise<void> {
  const body = {
    aliases: { [`${index}-write`]: { is_write_index: true } },
    settings: { number_of_shards: 1, number_of_replicas: 0 },
    mappings: { dynamic: false, properties: { n: { type: "long" } } },
  };
  await fetch(`${search}/${index}`, { method: "PUT", headers, body: JSON.stringify(body) });
}

const headers = { "content-type": "application/json" };

/** The index, by id: every document's text and version. */
export async function readIndex(index: string): Promise<ReadonlyMap<string, ExactObject>> {
  await fetch(`${search}/${index}/_refresh`, { method: "POST" });
  const answer = await fetch(`${search}/${index}/_search?size=1000&version=true`);
  const hits = toList(toObject(toObject(parseExact(await answer.text()))["hits"])["hits"]).map(toObject);
  return new Map(hits.map((hit) => [String(hit["_id"]), toObject(hit["_source"])]));
}

/** Every line of every object under a prefix, in the order the objects were written. */
export async function readLines(
  { s3 }: GatewayWorld,
  Bucket: string,
  Prefix: string,
): Promise<readonly ExactObject[]> {
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket, Prefix }));
  const texts = await Promise.all(
    Contents.map(async ({ Key }) => {
      const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
      const bytes = (await Body?.transformToByteArray()) ?? new Uint8Array();
      return Key?.endsWith(".gz") === true ? gunzipSync(bytes).toString() : Buffer.from(bytes).toString();
    }),
  );
  return texts.flatMap((text) =>
    text
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => toObject(parseExact(line))),
  );
}

export function toObject(value: ExactJson | undefined): ExactObject {
  return value !== undefined && isObject(value) ? value : {};
}

function isObject(value: ExactJson): value is ExactObject {
  return typeof value === "object" && value !== null && !isList(value) && !(value instanceof ExactNumber);
}

export function toList(value: ExactJson | undefined): readonly ExactJson[] {
  return value !== undefined && isList(value) ? value : [];
}

function isList(value: ExactJson): value is readonly ExactJson[] {
  return Array.isArray(value);
}

/** Waits until an index is what it is expected to be. @param expected - `n` by id */
export async function waitForIndex(index: string, expected: ReadonlyMap<string, string>): Promise<void> {
  const wanted = JSON.stringify([...expected].sort());
  await waitUntil(
    `${index} is as the table is`,
    async () => {
      const found = [...(await readIndex(index))].map(([id, { n }]) => [id, String(n)]);
      return JSON.stringify(found.sort()) === wanted;
    },
    patience,
  );
}
