import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { LambdaClient } from "@aws-sdk/client-lambda";
import { GetObjectCommand, S3Client } from "@aws-sdk/client-s3";
import * as z from "zod";
import { makeAwsStackClient } from "../../cli/aws-stack-client.ts";
import { exitCodes } from "../../cli/exit-codes.ts";
import { findStack } from "../../cli/stack-environment.ts";
import type { AuditReport } from "../../core/audit-report.ts";
import { SyncError } from "../../core/errors.ts";
import { stateLayout } from "../../core/state-layout.ts";
import type { CustomGeneration, GenerationDescriptor, TableDescriptor } from "../../core/table-descriptor.ts";
import type { GenerationStatus, TableStatus } from "../../core/table-status.ts";
import { projectRoot } from "../setup/folders.ts";
import { type MoreDeclared, PLACES, type Revision, writeConfiguration } from "./configuration.ts";
import { demoCredentials, runTrueup } from "./run-command.ts";

const endpointsSchema = z.object({
  aws: z.string(),
  search: z.string(),
  region: z.string(),
  /** Where the stack has a source that is a database. */
  postgres: z.string().optional(),
});
const POLL_MILLIS = 500;
/** An application with a burst of writes in flight. */
const MAXIMUM_SOCKETS = 500;

/** The running stack, and clients of it as any application has them. */
export type DemoStack = Awaited<ReturnType<typeof openStack>>;

/**
 * Applies a configuration that lists some revisions, with the command people use.
 *
 * @throws SyncError `ENGINE_FAILED` when it is not applied, or a generation that was to go still serves
 */
export async function applyRevisions(revisions: readonly Revision[], more?: MoreDeclared): Promise<void> {
  const file = writeConfiguration(revisions, more);
  await runTrueup(["local", "up", "--stack", "local", "--json", "--config", file]);
}

/** Reads where the stack is, and makes clients. */
export async function openStack() {
  const { aws, search, region } = readEndpoints();
  const credentials = {
    accessKeyId: demoCredentials.AWS_ACCESS_KEY_ID,
    secretAccessKey: demoCredentials.AWS_SECRET_ACCESS_KEY,
  };
  const config = { endpoint: aws, region, credentials };
  const requestHandler = { httpAgent: { maxSockets: MAXIMUM_SOCKETS } };
  return {
    aws,
    search,
    dynamodb: new DynamoDBClient({ ...config, requestHandler }),
    lambda: new LambdaClient(config),
    s3: new S3Client({ ...config, forcePathStyle: true }),
  };
}

/** Where the stack's database is. @throws SyncError `ENGINE_FAILED` when it has none */
export function readDatabaseUrl(): string {
  const { postgres } = readEndpoints();
  if (postgres !== undefined) return postgres;
  throw new SyncError("ENGINE_FAILED", "the local stack has no database", {
    subject: "endpoints.json",
    fix: "declare a source of kind postgresql",
    retryable: false,
  });
}

function readEndpoints(): z.infer<typeof endpointsSchema> {
  const file = join(projectRoot, ".trueup/local/endpoints.json");
  return endpointsSchema.parse(JSON.parse(readFileSync(file, "utf8")));
}

/** A table as the stack exports it. Asked anew each time, because an `up` changes it. */
async function describeTable(name: string): Promise<TableDescriptor> {
  const table = (await findLocal()).descriptor.tables[name];
  if (table !== undefined) return table;
  throw new SyncError("TABLE_UNKNOWN", "the local stack has no such table", {
    subject: name,
    fix: "run the demo from its beginning",
    retryable: false,
  });
}

/** One generation of a table. */
async function describeGeneration(table: string, revision: number): Promise<GenerationDescriptor> {
  const { generations } = await describeTable(table);
  const found = generations.find((generation) => generation.revision === revision);
  if (found !== undefined) return found;
  throw notThere(table, revision);
}

/** A generation that our consumer writes. */
export async function describeCustom(revision: number, table = PLACES): Promise<CustomGeneration> {
  const { generations } = await describeTable(table);
  const found = generations.find((known) => known.revision === revision && known.mode === "custom");
  if (found?.mode === "custom") return found;
  throw notThere(table, revision);
}

function notThere(table: string, revision: number): SyncError {
  return new SyncError("GENERATION_UNKNOWN", "the local stack has no such generation", {
    subject: `revision ${revision} of ${table}`,
    fix: "run the demo from its beginning",
    retryable: false,
  });
}

/**
 * Follows a build until its generation serves.
 *
 * @param seen - hears of every look at it
 * @throws SyncError `BUILD_FAILED`, or `ENGINE_FAILED` after `withinMillis`
 */
export async function waitUntilServing(
  revision: number,
  seen: (status: GenerationStatus) => void,
  withinMillis: number,
  table = PLACES,
): Promise<void> {
  const { generation } = await describeGeneration(table, revision);
  const deadline = Date.now() + withinMillis;
  for (;;) {
    const status = await readStatus(table);
    const ours = status.generations.find((candidate) => candidate.generation === generation);
    if (ours !== undefined) seen(ours);
    if (status.serving === generation) return;
    if (ours?.phase === "failed" || Date.now() > deadline) throw notServing(generation, ours);
    await wait(POLL_MILLIS);
  }
}

/** What `trueup status` shows. */
async function readStatus(table: string): Promise<TableStatus> {
  const stack = await findLocal();
  return makeAwsStackClient(stack).status(await describeTable(table));
}

/** Runs an audit with the command people use. @returns its report, and the page of it */
export async function auditTable(
  stack: DemoStack,
  table: string,
): Promise<{ report: AuditReport; page: Uint8Array }> {
  const accepted = [exitCodes.done, exitCodes.drift];
  const { output } = await runTrueup(["audit", table, "--stack", "local", "--wait", "--json"], accepted);
  const report: AuditReport = JSON.parse(output);
  const Key = `${stateLayout.audit(table, report.run)}report.html`;
  const Bucket = (await findLocal()).descriptor.stateBucket;
  const { Body: body } = await stack.s3.send(new GetObjectCommand({ Bucket, Key }));
  return { report, page: (await body?.transformToByteArray()) ?? new Uint8Array() };
}

function findLocal() {
  const [print, note] = [() => {}, () => {}];
  const pause = (millis: number) => wait(millis);
  const terminal = {
    cwd: projectRoot,
    env: {},
    now: Date.now,
    pause,
    print,
    note,
    progressStream: undefined,
  };
  return findStack(terminal, "local");
}

function notServing(generation: string, status: GenerationStatus | undefined): SyncError {
  return new SyncError("BUILD_FAILED", "a generation does not serve", {
    subject: `${generation}, ${status?.phase ?? "unknown"}: ${status?.blockedBy ?? "no reason known"}`,
    fix: "read the emulator's output under .trueup/local",
    retryable: false,
  });
}
