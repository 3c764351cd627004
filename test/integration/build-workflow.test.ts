import { CreateBucketCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import {
  CreateStateMachineCommand,
  DeleteStateMachineCommand,
  DescribeExecutionCommand,
  SFNClient,
  StartExecutionCommand,
} from "@aws-sdk/client-sfn";
import { buildWorkflow } from "../../components/backfill/build-workflow.ts";
import { tableOf } from "../index-lifecycle/fake-deps.ts";
import { type Answer, aws, startStubs } from "./lambda-stubs.ts";

const sfn = new SFNClient(aws);
const s3 = new S3Client(aws);
const bucket = `build-workflow-${process.pid}`;
const ROLE = "arn:aws:iam::123456789012:role/test";
const FILES = ["one", "two", "three"].map((key) => ({ bucket, key: `exports/${key}.json.gz` }));
const EXPORT = { exportArn: "arn:export", exportTime: "2026-11-23T10:00:00Z" };

jest.setTimeout(120_000);

beforeAll(async () => {
  await s3.send(new CreateBucketCommand({ Bucket: bucket }));
  await s3.send(new PutObjectCommand({ Bucket: bucket, Key: "files.json", Body: JSON.stringify(FILES) }));
});

/** Runs a build to its end, with what its functions answer. */
async function build(answers: {
  readonly audit: Answer;
  readonly loader: Answer;
  readonly lifecycle: Answer;
}) {
  const calls: { readonly of: string; readonly event: Record<string, unknown> }[] = [];
  const heard =
    (of: string, answer: Answer): Answer =>
    (event) => {
      calls.push({ of, event });
      return answer(event);
    };
  const stubs = await startStubs({
    audit: heard("audit", answers.audit),
    loader: heard("loader", answers.loader),
    lifecycle: heard("lifecycle", answers.lifecycle),
    audited: heard("audited", () => ({})),
  });
  const audit = await createMachine("audited", {
    StartAt: "Audit",
    States: {
      Audit: {
        Type: "Task",
        Resource: "arn:aws:states:::lambda:invoke",
        Parameters: { FunctionName: stubs.arnOf("audited"), "Payload.$": "$" },
        End: true,
      },
    },
  });
  const machine = await createMachine(
    "build",
    buildWorkflow({
      partition: "aws",
      auditFunctionArn: stubs.arnOf("audit"),
      loaderFunctionArn: stubs.arnOf("loader"),
      lifecycleFunctionArn: stubs.arnOf("lifecycle"),
      auditStateMachineArn: audit,
      maximumLoaders: 2,
      pollSeconds: 1,
    }),
  );
  try {
    const input = JSON.stringify({ table: tableOf([1]), generation: "orders-custom-1" });
    const name = "orders-custom-1-uuid-1";
    const { executionArn } = await sfn.send(
      new StartExecutionCommand({ stateMachineArn: machine, name, input }),
    );
    const ended = await waitForEnd(executionArn ?? "");
    const steps = calls.map(({ of, event }) => String(event["step"] ?? event["command"] ?? of));
    return { ended, calls, steps };
  } finally {
    for (const arn of [audit, machine])
      await sfn.send(new DeleteStateMachineCommand({ stateMachineArn: arn }));
    await stubs.stop();
  }
}

async function createMachine(name: string, definition: object): Promise<string> {
  const { stateMachineArn = "" } = await sfn.send(
    new CreateStateMachineCommand({
      name: `${name}-${process.pid}-${Date.now()}`,
      definition: JSON.stringify(definition),
      roleArn: ROLE,
    }),
  );
  return stateMachineArn;
}

async function waitForEnd(executionArn: string) {
  for (;;) {
    const found = await sfn.send(new DescribeExecutionCommand({ executionArn }));
    if (found.status !== "RUNNING") return found;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

/** An export that is there at once, three files, a gate that is open. */
const audit: Answer = ({ step }) => {
  if (step === "start-load-export") return EXPORT;
  return step === "check-load-export" ? { state: "done" } : { bucket, key: "files.json", files: 3 };
};
const loader: Answer = () => ({ state: "done" });
const lifecycle: Answer = ({ command }) => {
  if (command === "load-resume") return { load: "start" };
  return command === "cutover" ? { moved: true, serving: "orders-custom-1" } : { load: "recorded" };
};

describe("the build of a generation", () => {
  it("exports, loads every file to its end, audits, and asks until the alias moves", async () => {
    let polls = 0;
    const asked: unknown[] = [];
    const shut = { moved: false, kind: "shut", waiting: "lag", waitSeconds: 1 };
    const { ended, calls, steps } = await build({
      audit: (event) => {
        if (event["step"] !== "check-load-export") return audit(event);
        polls += 1;
        return { state: polls < 2 ? "running" : "done" };
      },
      loader: ({ file, resume }) => {
        const more = JSON.stringify(file).includes("two") && resume === undefined;
        return more ? { state: "more", resume: { nextLine: 7 } } : { state: "done" };
      },
      lifecycle: (event) => {
        if (event["command"] !== "cutover") return lifecycle(event);
        asked.push(event["attempt"]);
        if (asked.length === 1) return { ...shut, next: "wait", attempt: 1 };
        if (asked.length === 2) return { ...shut, next: "audit", attempt: 2 };
        return lifecycle(event);
      },
    });
    expect(ended.status).toBe("SUCCEEDED");
    expect(steps.filter((step) => step !== "loader")).toEqual([
      "load-resume",
      "start-load-export",
      "check-load-export",
      "check-load-export",
      "load-started",
      "list-load-files",
      "load-finished",
      "audited",
      "cutover",
      "cutover",
      "audited",
      "cutover",
    ]);
    expect(asked).toEqual([0, 1, 2]);
    const loads = calls.filter(({ of }) => of === "loader").map(({ event }) => event);
    expect(loads).toHaveLength(4);
    expect(loads).toContainEqual({ file: FILES[1], ...EXPORT, resume: { nextLine: 7 } });
    expect(loads).toContainEqual({ file: FILES[0], ...EXPORT });
    expect(calls.find(({ of }) => of === "audited")?.event).toMatchObject({
      generation: "orders-custom-1",
      kind: "full",
    });
    expect(calls[1]?.event).toMatchObject({
      execution: "orders-custom-1-uuid-1",
      generation: "orders-custom-1",
    });
  });

  it("records why it failed, and fails", async () => {
    const { ended, calls } = await build({
      audit: (event) =>
        event["step"] === "check-load-export" ? { state: "failed", cause: "no space" } : audit(event),
      loader,
      lifecycle,
    });
    expect(ended).toMatchObject({ status: "FAILED", error: "EXPORT_FAILED", cause: "no space" });
    expect(calls.at(-1)?.event).toMatchObject({
      command: "load-failed",
      generation: "orders-custom-1",
      cause: "EXPORT_FAILED: no space",
    });
  });

  it("fails when the gate will never open", async () => {
    const waiting = "a gap was found";
    const { ended, calls } = await build({
      audit,
      loader,
      lifecycle: (event) =>
        event["command"] === "cutover"
          ? { moved: false, kind: "shut", waiting, next: "stop", waitSeconds: 1, attempt: 1 }
          : lifecycle(event),
    });
    expect(ended).toMatchObject({ status: "FAILED", error: "CUTOVER_REFUSED", cause: waiting });
    expect(calls.at(-1)?.event).toMatchObject({ command: "load-failed" });
  });

  it("does not load again what is loaded, and ends where only a person moves the alias", async () => {
    const { ended, steps } = await build({
      audit,
      loader,
      lifecycle: ({ command }) =>
        command === "cutover"
          ? { moved: false, kind: "held", waiting: "ready" }
          : { load: command === "load-resume" ? "done" : "recorded" },
    });
    expect(ended.status).toBe("SUCCEEDED");
    expect(steps).toEqual(["load-resume", "audited", "cutover"]);
  });

  it.each([
    ["is still there", "done", ["check-load-export", "load-started"]],
    ["is gone", "failed", ["check-load-export", "start-load-export"]],
  ])("goes on with a broken-off export that %s", async (_what, state, expected) => {
    let checks = 0;
    const { ended, steps } = await build({
      audit: (event) => {
        if (event["step"] !== "check-load-export") return audit(event);
        checks += 1;
        return checks === 1 ? { state, cause: "gone" } : { state: "done" };
      },
      loader,
      lifecycle: (event) =>
        event["command"] === "load-resume" ? { load: "resume", ...EXPORT } : lifecycle(event),
    });
    expect(ended.status).toBe("SUCCEEDED");
    expect(steps.slice(1, 3)).toEqual(expected);
  });
});
