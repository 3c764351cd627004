import { type AslState, callFunction, catchAll, retryAfter } from "../backfill/asl.ts";
import type { StateMachineDefinition } from "../backfill/build-workflow.ts";

/** What the audit calls, all resolved. */
export interface AuditWorkflowArgs {
  /** `aws`, `aws-cn` or `aws-us-gov`. */
  readonly partition: string;
  readonly auditFunctionArn: string;
  /** How many files, shards or buckets are worked on at once. @default 40 */
  readonly maximumWorkers?: number;
}

/**
 * The audit of a table's generations, one after the other, and the repair of what it finds.
 *
 * The index is looked at first and the export taken beside it; nothing is compared before the consumer has
 * passed both moments. Its role needs `lambda:InvokeFunction` on the function, `states:StartExecution` on
 * itself (the distributed maps), `states:DescribeExecution` and `StopExecution` on its executions, and
 * `s3:GetObject` on the state bucket.
 *
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/state-map-distributed.html
 */
export function auditWorkflow(args: AuditWorkflowArgs): StateMachineDefinition {
  return {
    Comment: "Compares database, manifest and index, and repairs what differs",
    StartAt: "Plan",
    States: {
      ...planStates(args),
      ...indexStates(args),
      ...exportStates(args),
      ...compareStates(args),
      ...repairStates(args),
      ...endStates(args),
    },
  };
}

const RUN = { "table.$": "$.plan.answer.table", "run.$": "$.plan.answer.run" };
/** An engine that is away for half an hour is waited for. */
const STEP_RETRY = retryAfter(2, 12);

type States = Record<string, AslState>;

function step({ partition, auditFunctionArn }: AuditWorkflowArgs, name: string, next: string): AslState {
  return callFunction({
    partition,
    functionArn: auditFunctionArn,
    payload: { step: name, ...RUN },
    resultPath: `$.${toMember(name)}`,
    next,
    onFailure: "TellFailure",
    retry: STEP_RETRY,
  });
}

/** `check-export` answers under `$.checkExport`. */
function toMember(name: string): string {
  return name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
}

function choose(variable: string, choices: Readonly<Record<string, string>>, otherwise: string): AslState {
  const Choices = Object.entries(choices).map(([StringEquals, Next]) => ({
    Variable: variable,
    StringEquals,
    Next,
  }));
  return { Type: "Choice", Choices, Default: otherwise };
}

function wait(secondsPath: string, next: string): AslState {
  return { Type: "Wait", SecondsPath: secondsPath, Next: next };
}

const POLL = "$.plan.answer.pollSeconds";

function planStates(args: AuditWorkflowArgs): States {
  const payload = { step: "plan", "input.$": "$", "execution.$": "$$.Execution.Name" };
  return {
    Plan: {
      ...step(args, "plan", "WhatToDo"),
      Parameters: { FunctionName: args.auditFunctionArn, Payload: payload },
    },
    WhatToDo: choose("$.plan.answer.mode", { audit: "StartExport", approved: "Repair" }, "Done"),
  };
}

/** The index is listed while the export runs. */
function indexStates(args: AuditWorkflowArgs): States {
  return {
    StartExport: step(args, "start-export", "ObserveIndex"),
    ObserveIndex: step(args, "observe-index", "IsIndexAudited"),
    IsIndexAudited: {
      Type: "Choice",
      Choices: [{ Variable: "$.observeIndex.answer.shards", NumericGreaterThan: 0, Next: "ListShards" }],
      Default: "CheckExport",
    },
    ListShards: distribute(args, {
      label: "ListShards",
      source: "$.observeIndex.answer",
      item: { step: "list-shard", ...RUN, "shard.$": "$$.Map.Item.Value.shard" },
      next: "CheckExport",
    }),
  };
}

function exportStates(args: AuditWorkflowArgs): States {
  return {
    CheckExport: step(args, "check-export", "IsExportDone"),
    IsExportDone: choose(
      "$.checkExport.answer.state",
      { done: "CheckHorizon", failed: "ExportFailed" },
      "WaitForExport",
    ),
    WaitForExport: wait(POLL, "CheckExport"),
    ExportFailed: {
      Type: "Pass",
      Parameters: { Error: "EXPORT_FAILED", "Cause.$": "$.checkExport.answer.cause" },
      ResultPath: "$.failure",
      Next: "TellFailure",
    },
    CheckHorizon: step(args, "check-horizon", "IsHorizonPassed"),
    IsHorizonPassed: choose("$.checkHorizon.answer.state", { passed: "ListFiles" }, "WaitForHorizon"),
    WaitForHorizon: wait(POLL, "CheckHorizon"),
    ListFiles: step(args, "list-files", "AreThereFiles"),
    AreThereFiles: {
      Type: "Choice",
      Choices: [{ Variable: "$.listFiles.answer.files", NumericGreaterThan: 0, Next: "FingerprintFiles" }],
      Default: "Gather",
    },
    FingerprintFiles: distribute(args, {
      label: "FingerprintFiles",
      source: "$.listFiles.answer",
      item: { step: "fingerprint", ...RUN, "file.$": "$$.Map.Item.Value" },
      next: "Gather",
    }),
    Gather: step(args, "gather", "WaitForConsumers"),
  };
}

/** A candidate counts only when a second look, at a manifest folded since, finds it again. */
function compareStates(args: AuditWorkflowArgs): States {
  const compare = (label: string, pass: number, next: string) =>
    distribute(args, {
      label,
      source: "$.gather.answer",
      item: { step: "compare", ...RUN, pass, "bucket.$": "$$.Map.Item.Value.bucket" },
      next,
    });
  return {
    WaitForConsumers: wait("$.gather.answer.waitSeconds", "Fold"),
    Fold: step(args, "fold", "IsFolded"),
    IsFolded: choose("$.fold.answer.state", { done: "Compare" }, "Fold"),
    Compare: compare("Compare", 1, "CheckCounts"),
    CheckCounts: step(args, "check-counts", "WhatWasFound"),
    WhatWasFound: choose(
      "$.checkCounts.answer.state",
      { recount: "ObserveIndex", candidates: "WaitForSecondLook" },
      "Judge",
    ),
    WaitForSecondLook: wait(POLL, "FoldAgain"),
    FoldAgain: step(args, "fold", "IsFoldedAgain"),
    IsFoldedAgain: choose("$.fold.answer.state", { done: "CompareAgain" }, "FoldAgain"),
    CompareAgain: compare("CompareAgain", 2, "Judge"),
    Judge: step(args, "judge", "MayRepair"),
  };
}

function repairStates(args: AuditWorkflowArgs): States {
  return {
    MayRepair: {
      Type: "Choice",
      Choices: [{ Variable: "$.judge.answer.repair", BooleanEquals: true, Next: "Repair" }],
      Default: "Maintain",
    },
    Repair: step(args, "repair", "WaitForRepair"),
    WaitForRepair: wait(POLL, "Recheck"),
    Recheck: step(args, "recheck", "IsRepaired"),
    IsRepaired: choose("$.recheck.answer.state", { settled: "Maintain" }, "WaitForRepair"),
  };
}

/** What failed is told before it fails the execution; a failure to tell changes nothing. */
function endStates(args: AuditWorkflowArgs): States {
  const tell = {
    step: "audit-failed",
    "table.$": "$.table.table",
    "execution.$": "$$.Execution.Name",
    "cause.$": "States.Format('{}: {}', $.failure.Error, $.failure.Cause)",
  };
  return {
    Maintain: step(args, "maintain", "IsMaintained"),
    IsMaintained: choose("$.maintain.answer.state", { done: "Report" }, "Maintain"),
    Report: step(args, "report", "IsThereMore"),
    IsThereMore: {
      Type: "Choice",
      Choices: [{ Variable: "$.report.answer.more", BooleanEquals: true, Next: "Plan" }],
      Default: "Done",
    },
    Done: { Type: "Succeed" },
    TellFailure: {
      ...step(args, "audit-failed", "Failed"),
      Parameters: { FunctionName: args.auditFunctionArn, Payload: tell },
      Catch: [{ ErrorEquals: ["States.ALL"], ResultPath: "$.untold", Next: "Failed" }],
    },
    Failed: { Type: "Fail", ErrorPath: "$.failure.Error", CausePath: "$.failure.Cause" },
  };
}

interface Distribution {
  readonly label: string;
  /** Path of `{ bucket, key }`: the JSON array that is mapped over. */
  readonly source: string;
  readonly item: Readonly<Record<string, unknown>>;
  readonly next: string;
}

/** One child an item of a JSON array in S3; a step whose time ran out is asked again. */
function distribute(args: AuditWorkflowArgs, { label, source, item, next }: Distribution): AslState {
  const { partition, auditFunctionArn, maximumWorkers = 40 } = args;
  return {
    Type: "Map",
    Label: label,
    MaxConcurrency: maximumWorkers,
    ItemReader: {
      Resource: `arn:${partition}:states:::s3:getObject`,
      ReaderConfig: { InputType: "JSON" },
      Parameters: { "Bucket.$": `${source}.bucket`, "Key.$": `${source}.key` },
    },
    ItemSelector: item,
    ItemProcessor: {
      ProcessorConfig: { Mode: "DISTRIBUTED", ExecutionType: "STANDARD" },
      StartAt: "Work",
      States: {
        Work: callFunction({
          partition,
          functionArn: auditFunctionArn,
          payload: "$",
          resultPath: "$.work",
          next: "IsItDone",
          retry: STEP_RETRY,
        }),
        IsItDone: choose("$.work.answer.state", { more: "Work" }, "ItemDone"),
        ItemDone: { Type: "Pass", Result: "done", End: true },
      },
    },
    ResultPath: null,
    Catch: [catchAll("TellFailure")],
    Next: next,
  };
}
