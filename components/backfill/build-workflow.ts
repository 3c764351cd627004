import { type AslState, callFunction, catchAll, retryAfter } from "./asl.ts";

/** What a generation's build calls, all resolved. */
export interface BuildWorkflowArgs {
  /** `aws`, `aws-cn` or `aws-us-gov`. */
  readonly partition: string;
  readonly auditFunctionArn: string;
  readonly lifecycleFunctionArn: string;
  /** Absent where something else loads by itself. */
  readonly loaderFunctionArn?: string;
  /** What loads instead: a managed pipeline, or the connector of the table's database. @default "managed" */
  readonly loadedBy?: "managed" | "incremental";
  readonly auditStateMachineArn: string;
  /** How many files are loaded at once; each loader yields to 429s by itself. */
  readonly maximumLoaders: number;
  /** Seconds between two looks at an export. */
  readonly pollSeconds: number;
}

/** A state machine's definition in Amazon States Language. */
export interface StateMachineDefinition {
  readonly Comment: string;
  /** When an execution is given up. @default a year, Step Functions' own */
  readonly TimeoutSeconds?: number;
  readonly StartAt: string;
  readonly States: Readonly<Record<string, AslState>>;
}

/**
 * The build of one generation, from an empty index to serving: export, parallel load, audit, cutover. Of a managed
 * generation the pipeline exports and loads, by `bootstrap: incremental-snapshot` the connector does; both are waited for.
 *
 * Started again after a failure it goes on: a load that is done is not repeated, an export of the last day is
 * used again and lists only files not loaded yet. What fails is recorded with the generation, announced, and
 * fails the execution. Nobody is waited for: `manual`, pinned and retired end as `Ready`.
 *
 * Its role needs `lambda:InvokeFunction` on the three functions, `states:StartExecution` on the audit and on
 * itself (the distributed map), `states:DescribeExecution` and `StopExecution` on their executions, the events
 * rule `StepFunctionsGetEventsForStepFunctionsExecutionRule`, and `s3:GetObject` on the state bucket.
 *
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/connect-stepfunctions.html `startExecution.sync:2`
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/state-map-distributed.html
 */
export function buildWorkflow(args: BuildWorkflowArgs): StateMachineDefinition {
  const { loaderFunctionArn } = args;
  const load =
    loaderFunctionArn === undefined
      ? managedStates(args)
      : { ...exportStates(args), ...loadStates(args, loaderFunctionArn) };
  return {
    Comment: "Builds one generation: export, load, audit, cutover",
    TimeoutSeconds: LONGEST_BUILD_SECONDS,
    StartAt: "Begin",
    States: {
      ...resumeStates(args),
      ...load,
      ...cutoverStates(args),
      ...failureStates(args),
    },
  };
}

/** A build's subject travels through all states untouched; every answer lands beside it. */
const SUBJECT = { "table.$": "$.table", "generation.$": "$.generation" };
const EXPORT = {
  "exportArn.$": "$.export.answer.exportArn",
  "exportTime.$": "$.export.answer.exportTime",
};
const CHECK_EXPORT = { step: "check-load-export", ...SUBJECT, ...EXPORT };

/** Short steps: an engine that is away for some minutes is waited for. */
const STEP_RETRY = retryAfter(2, 8);
/** Loading: an outage of the search engine of an hour or more is sat out, each file by itself. */
const LOAD_RETRY = retryAfter(5, 20);
const AUDIT_RETRY = retryAfter(30, 3);

/** No build takes that long: an export and an audit take hours, a load days, and the gate gives up by itself. */
const LONGEST_BUILD_SECONDS = 14 * 24 * 3600;

type Payload = Readonly<Record<string, unknown>>;

function askAudit(args: BuildWorkflowArgs, payload: Payload, resultPath: string, next: string): AslState {
  return step(args, args.auditFunctionArn, payload, resultPath, next);
}

function askLifecycle(
  args: BuildWorkflowArgs,
  payload: Payload,
  resultPath: string | null,
  next: string,
): AslState {
  return step(args, args.lifecycleFunctionArn, payload, resultPath, next);
}

function step(
  { partition }: BuildWorkflowArgs,
  functionArn: string,
  payload: Payload,
  resultPath: string | null,
  next: string,
): AslState {
  const onFailure = "RecordFailure";
  return callFunction({ partition, functionArn, payload, resultPath, next, onFailure, retry: STEP_RETRY });
}

function resumeStates(args: BuildWorkflowArgs): Record<string, AslState> {
  const isManaged = args.loaderFunctionArn === undefined;
  return {
    Begin: { Type: "Pass", Result: { answer: { attempt: 0 } }, ResultPath: "$.cutover", Next: "ResumeLoad" },
    ResumeLoad: askLifecycle(args, { command: "load-resume", ...SUBJECT }, "$.export", "WhereToBegin"),
    WhereToBegin: {
      Type: "Choice",
      Choices: [
        { Variable: "$.export.answer.load", StringEquals: "done", Next: "Audit" },
        ...(isManaged
          ? []
          : [{ Variable: "$.export.answer.load", StringEquals: "resume", Next: "CheckResumedExport" }]),
      ],
      Default: isManaged ? "CheckLoad" : "StartExport",
    },
    ...(isManaged ? {} : resumedExportStates(args)),
  };
}

function resumedExportStates(args: BuildWorkflowArgs): Record<string, AslState> {
  return {
    CheckResumedExport: askAudit(args, CHECK_EXPORT, "$.check", "IsResumedExportThere"),
    IsResumedExportThere: {
      Type: "Choice",
      Choices: [{ Variable: "$.check.answer.state", StringEquals: "done", Next: "LoadStarted" }],
      Default: "StartExport",
    },
  };
}

/** A pipeline began to load when it was made, a connector begins with the first look; a load that was recorded as done is not waited for again. */
function managedStates(args: BuildWorkflowArgs): Record<string, AslState> {
  const check = { step: `check-${args.loadedBy ?? "managed"}-load`, ...SUBJECT };
  return {
    CheckLoad: askAudit(args, check, "$.export", "IsLoaded"),
    IsLoaded: isDone("$.export.answer.state", "LoadFailed", "WaitForLoad"),
    WaitForLoad: { Type: "Wait", Seconds: args.pollSeconds, Next: "CheckLoad" },
    LoadFailed: fail("EXPORT_FAILED", "$.export.answer.cause"),
    LoadStarted: askLifecycle(args, { command: "load-started", ...SUBJECT, ...EXPORT }, null, "LoadFinished"),
    LoadFinished: askLifecycle(args, { command: "load-finished", ...SUBJECT }, null, "Audit"),
  };
}

function exportStates(args: BuildWorkflowArgs): Record<string, AslState> {
  const start = { step: "start-load-export", ...SUBJECT, "execution.$": "$$.Execution.Name" };
  return {
    StartExport: askAudit(args, start, "$.export", "CheckExport"),
    CheckExport: askAudit(args, CHECK_EXPORT, "$.check", "IsExportDone"),
    IsExportDone: isDone("$.check.answer.state", "ExportFailed", "WaitForExport"),
    WaitForExport: { Type: "Wait", Seconds: args.pollSeconds, Next: "CheckExport" },
    ExportFailed: fail("EXPORT_FAILED", "$.check.answer.cause"),
  };
}

/** What is waited for is done, has failed, or is looked at again. */
function isDone(state: string, failed: string, again: string): AslState {
  return {
    Type: "Choice",
    Choices: [
      { Variable: state, StringEquals: "done", Next: "LoadStarted" },
      { Variable: state, StringEquals: "failed", Next: failed },
    ],
    Default: again,
  };
}

/** One file a child execution; a loader whose time runs out says where it was and is invoked again. */
function loadStates(args: BuildWorkflowArgs, loaderFunctionArn: string): Record<string, AslState> {
  const list = { step: "list-load-files", ...SUBJECT, ...EXPORT };
  return {
    LoadStarted: askLifecycle(args, { command: "load-started", ...SUBJECT, ...EXPORT }, null, "ListFiles"),
    ListFiles: askAudit(args, list, "$.files", "LoadFiles"),
    LoadFiles: {
      Type: "Map",
      Label: "LoadFiles",
      MaxConcurrency: args.maximumLoaders,
      ItemReader: {
        Resource: `arn:${args.partition}:states:::s3:getObject`,
        ReaderConfig: { InputType: "JSON" },
        Parameters: { "Bucket.$": "$.files.answer.bucket", "Key.$": "$.files.answer.key" },
      },
      ItemSelector: { "file.$": "$$.Map.Item.Value", ...EXPORT },
      ItemProcessor: {
        ProcessorConfig: { Mode: "DISTRIBUTED", ExecutionType: "STANDARD" },
        StartAt: "LoadFile",
        States: fileStates(args, loaderFunctionArn),
      },
      ResultPath: null,
      Catch: [catchAll("RecordFailure")],
      Next: "LoadFinished",
    },
    LoadFinished: askLifecycle(args, { command: "load-finished", ...SUBJECT }, null, "Audit"),
  };
}

function fileStates({ partition }: BuildWorkflowArgs, loaderFunctionArn: string): Record<string, AslState> {
  return {
    LoadFile: callFunction({
      partition,
      functionArn: loaderFunctionArn,
      payload: "$",
      resultPath: "$.load",
      next: "IsFileLoaded",
      retry: LOAD_RETRY,
    }),
    IsFileLoaded: {
      Type: "Choice",
      Choices: [{ Variable: "$.load.answer.state", StringEquals: "more", Next: "LoadRest" }],
      Default: "FileLoaded",
    },
    LoadRest: {
      Type: "Pass",
      Parameters: {
        "file.$": "$.file",
        "exportArn.$": "$.exportArn",
        "exportTime.$": "$.exportTime",
        "resume.$": "$.load.answer.resume",
      },
      Next: "LoadFile",
    },
    FileLoaded: { Type: "Pass", Result: "loaded", End: true },
  };
}

/** Asks again until the alias moves, only a person can move it, or waiting is no use. */
function cutoverStates(args: BuildWorkflowArgs): Record<string, AslState> {
  const cutover = {
    command: "cutover",
    ...SUBJECT,
    automatic: true,
    "attempt.$": "$.cutover.answer.attempt",
  };
  return {
    Audit: {
      Type: "Task",
      Resource: `arn:${args.partition}:states:::states:startExecution.sync:2`,
      Parameters: { StateMachineArn: args.auditStateMachineArn, Input: { ...SUBJECT, kind: "full" } },
      ResultPath: null,
      Retry: [AUDIT_RETRY],
      Catch: [catchAll("RecordFailure")],
      Next: "Cutover",
    },
    Cutover: askLifecycle(args, cutover, "$.cutover", "DidItMove"),
    DidItMove: {
      Type: "Choice",
      Choices: [
        { Variable: "$.cutover.answer.moved", BooleanEquals: true, Next: "Serving" },
        { Variable: "$.cutover.answer.kind", StringEquals: "serves", Next: "Serving" },
        { Variable: "$.cutover.answer.kind", StringEquals: "held", Next: "Ready" },
        { Variable: "$.cutover.answer.next", StringEquals: "stop", Next: "GateStaysShut" },
      ],
      Default: "WaitForGate",
    },
    WaitForGate: { Type: "Wait", SecondsPath: "$.cutover.answer.waitSeconds", Next: "IsAuditNeeded" },
    IsAuditNeeded: {
      Type: "Choice",
      Choices: [{ Variable: "$.cutover.answer.next", StringEquals: "audit", Next: "Audit" }],
      Default: "Cutover",
    },
    GateStaysShut: fail("CUTOVER_REFUSED", "$.cutover.answer.waiting"),
    Serving: { Type: "Succeed" },
    Ready: { Type: "Succeed" },
  };
}

/** A failure is kept with the generation before the execution fails; one that cannot be recorded still fails it. */
function failureStates(args: BuildWorkflowArgs): Record<string, AslState> {
  const cause = "States.Format('{}: {}', $.failure.Error, $.failure.Cause)";
  const record = { command: "load-failed", ...SUBJECT, "cause.$": cause };
  return {
    RecordFailure: {
      ...askLifecycle(args, record, null, "Failed"),
      Catch: [{ ErrorEquals: ["States.ALL"], ResultPath: "$.unrecorded", Next: "Failed" }],
    },
    Failed: { Type: "Fail", ErrorPath: "$.failure.Error", CausePath: "$.failure.Cause" },
  };
}

function fail(error: string, causePath: string): AslState {
  return {
    Type: "Pass",
    Parameters: { Error: error, "Cause.$": causePath },
    ResultPath: "$.failure",
    Next: "RecordFailure",
  };
}
