import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { stringify } from "yaml";
import * as z from "zod";
import { runChecker } from "../../local/demo/run-command.ts";
import { LOCAL_CREDENTIALS } from "../../local/machine/local-account.ts";
import { localFiles, localFolder } from "../../local/machine/local-folder.ts";
import { type CommandEnd, runCli } from "../support/run-cli.ts";
import { ALIAS, SOURCE, type StrangeRecord } from "./strange-records.ts";

const SETTLED_SECONDS = 60;

/** What `endpoints.json` promises people's own programs; not a member more. */
const endpointsSchema = z.strictObject({
  aws: z.string(),
  search: z.string(),
  region: z.string(),
  accountId: z.string(),
  tables: z.record(z.string(), z.strictObject({ source: z.string(), alias: z.string(), index: z.string() })),
});

/** Where the local stack is. */
export type Endpoints = z.infer<typeof endpointsSchema>;

/** A local stack has one folder of the checkout for itself. @throws Error when somebody's is there */
export function requireNoStack(): void {
  if (existsSync(localFolder)) throw new Error("a local stack is running here; `trueup local down` first");
}

/**
 * Writes a stack file with one table.
 *
 * @param table - members besides the source, or instead of them
 * @returns its path
 */
export function writeStackFile(folder: string, table: Readonly<Record<string, unknown>>): string {
  const [partitionKey, sortKey] = [
    { name: "id", type: "S" },
    { name: "rank", type: "N" },
  ];
  const declared = {
    source: { create: { tableName: SOURCE, partitionKey, sortKey } },
    consumerTimeoutSeconds: 15, // an audit waits this long for writes under way
    audit: { pollSeconds: 1 },
    ...table,
  };
  const file = join(folder, "stack.yaml");
  const config = { "aws:region": "us-east-1", "trueup:tables": { [ALIAS]: declared } };
  writeFileSync(file, stringify({ config }));
  return file;
}

/** Runs `trueup local up`. */
export function bringUp(file: string): Promise<CommandEnd> {
  return runCli("local", "up", "--stack", "local", "--config", file);
}

/** Runs a command of the stack that must succeed. @returns what it printed as JSON */
export async function ask(...words: readonly string[]): Promise<unknown> {
  const { status, output, notes } = await runCli(...words, "--stack", "local", "--json");
  expect({ status, notes }).toEqual({ status: 0, notes: "" });
  return JSON.parse(output);
}

/** Reads `endpoints.json`, and insists on its shape. */
export function readEndpoints(): Endpoints {
  return endpointsSchema.parse(JSON.parse(readFileSync(localFiles.endpoints, "utf8")));
}

/** The ports of the addresses people are told. */
export function portsOf({ aws, search }: Endpoints): readonly number[] {
  return [aws, search].map((url) => Number(new URL(url).port));
}

/** A client as any application has one. */
export function makeDynamodb({ aws, region }: Endpoints): DynamoDBClient {
  return new DynamoDBClient({ endpoint: aws, region, credentials: LOCAL_CREDENTIALS });
}

/** Runs `trueup wait`. */
export function waitForNewest(): Promise<unknown> {
  return ask("wait", ALIAS, "--timeout", "5m");
}

/** Runs an audit of the generation that serves. @returns its report */
export function audit(): Promise<unknown> {
  return ask("audit", ALIAS, "--wait", "--timeout", "5m");
}

/** Waits until searches find what the table holds, in every value and digit. */
export async function expectEqual({ aws, search }: Endpoints, count: number): Promise<void> {
  const compared = {
    source: { aws },
    search,
    table: SOURCE,
    key: "id,rank",
    alias: ALIAS,
    withinSeconds: SETTLED_SECONDS,
  };
  expect(await runChecker(compared)).toMatchObject({ records: count, documents: count, equal: true });
}

/** Reads documents as text, so that a number rounded on its way is seen. */
export async function expectDigits(endpoints: Endpoints, records: readonly StrangeRecord[]): Promise<void> {
  for (const { documentId, reads } of records) {
    const { text } = await callEngine(endpoints, "GET", `${ALIAS}/_source/${encodeURIComponent(documentId)}`);
    for (const member of reads) expect(text).toContain(member);
  }
}

/** Calls OpenSearch. @returns the status and the body as text, so that digits stay what they are */
export async function callEngine(
  { search }: Endpoints,
  method: "GET" | "PUT" | "DELETE",
  path: string,
  body?: string,
): Promise<{ readonly status: number; readonly text: string }> {
  const headers = { "content-type": "application/json" };
  const answer = await fetch(`${search}/${path}`, {
    method,
    headers,
    ...(body === undefined ? {} : { body }),
  });
  return { status: answer.status, text: await answer.text() };
}
