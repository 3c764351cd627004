import { LambdaClient } from "@aws-sdk/client-lambda";
import { GetObjectCommand, NoSuchKey, S3Client } from "@aws-sdk/client-s3";
import { SFNClient } from "@aws-sdk/client-sfn";
import { SQSClient } from "@aws-sdk/client-sqs";
import { makeLambdaCaller } from "../adapters/lambda-caller.ts";
import { makeSfnExecutions } from "../adapters/sfn-executions.ts";
import { makeSqsLetterBox } from "../adapters/sqs-letter-box.ts";
import { makeSqsReindexQueue } from "../adapters/sqs-reindex-queue.ts";
import type { AuditReport } from "../core/audit-report.ts";
import type { LifecycleCommand, MoveAnswer } from "../core/lifecycle-command.ts";
import { stateLayout } from "../core/state-layout.ts";
import type { TableStatus } from "../core/table-status.ts";
import type { StackClient } from "./stack-client.ts";
import type { StackEnvironment } from "./stack-environment.ts";

/** Reaches a deployed stack with the SDK: AWS with the shell's credentials, or the emulator of a local stack. */
export function makeAwsStackClient({ descriptor, endpoint }: StackEnvironment): StackClient {
  const credentials = { accessKeyId: "test", secretAccessKey: "test" };
  const config = { region: descriptor.region, ...(endpoint === undefined ? {} : { endpoint, credentials }) };
  const s3 = new S3Client(config);
  const sqs = new SQSClient(config);
  const executions = makeSfnExecutions(new SFNClient(config));
  const call = makeLambdaCaller(new LambdaClient(config));
  const letters = makeSqsLetterBox(sqs);
  // Both ends are of one release: what index-lifecycle answers is what these types say.
  const ask = async <Answer>(command: LifecycleCommand): Promise<Answer> =>
    (await call(descriptor.lifecycleFunction, command)) as Answer;
  return {
    descriptor,
    status: (table) => ask<TableStatus>({ command: "status", table }),
    move: (command) => ask<MoveAnswer>(command),
    retire: (table) => ask<TableStatus>({ command: "retire", table }),
    startAudit: async (name, input) => {
      await executions.start(descriptor.auditStateMachine, name, JSON.stringify(input));
    },
    auditState: (name) => executions.state(descriptor.auditStateMachine, name),
    auditReport: (table, run) => readReport(s3, descriptor.stateBucket, table, run),
    receiveLetters: letters.receive,
    giveBack: letters.giveBack,
    removeLetters: letters.remove,
    requestReindex: (queueUrl, requests) => makeSqsReindexQueue(sqs, queueUrl).send(requests),
  };
}

async function readReport(
  s3: S3Client,
  Bucket: string,
  table: string,
  run: string,
): Promise<AuditReport | undefined> {
  try {
    const Key = `${stateLayout.audit(table, run)}report.json`;
    const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
    const report: AuditReport = JSON.parse((await Body?.transformToString()) ?? "");
    return report;
  } catch (cause) {
    if (cause instanceof NoSuchKey) return undefined;
    throw cause;
  }
}
