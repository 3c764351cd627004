import { FINAL_ERROR_NAME } from "../../core/errors.ts";

/** One state of a state machine, in Amazon States Language with JSONPath. */
export type AslState = Readonly<Record<string, unknown>> & { readonly Type: string };

/** Another try of a step that may pass by itself: an engine that does not answer, a function that is throttled. */
export interface AslRetry {
  readonly ErrorEquals: readonly string[];
  readonly IntervalSeconds: number;
  readonly BackoffRate: number;
  readonly MaxAttempts: number;
  readonly MaxDelaySeconds: number;
}

const LONGEST_PAUSE_SECONDS = 300;

/**
 * An error that somebody has to do something about fails the step at once. Lambda reports an error's `name`.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/nodejs-exceptions.html `errorType`
 */
const NEVER_AGAIN = { ErrorEquals: [FINAL_ERROR_NAME], MaxAttempts: 0 };

/** Tries again with doubling pauses of at most five minutes, whatever the error. */
export function retryAfter(intervalSeconds: number, maximumAttempts: number): AslRetry {
  return {
    ErrorEquals: ["States.ALL"],
    IntervalSeconds: intervalSeconds,
    BackoffRate: 2,
    MaxAttempts: maximumAttempts,
    MaxDelaySeconds: LONGEST_PAUSE_SECONDS,
  };
}

/** A call of a function, and what happens to its answer. */
export interface FunctionCall {
  readonly partition: string;
  readonly functionArn: string;
  /** `$` hands on the state's whole input. */
  readonly payload: Readonly<Record<string, unknown>> | "$";
  /** The answer lands in `<resultPath>.answer`, beside the state's input; null drops it. */
  readonly resultPath: string | null;
  readonly next: string;
  /** Where an error goes that did not pass, under `$.failure`; absent fails the execution. */
  readonly onFailure?: string;
  readonly retry: AslRetry;
}

/** A task that invokes a Lambda function and waits for its answer. */
export function callFunction(call: FunctionCall): AslState {
  const { partition, functionArn, payload, resultPath, next, onFailure, retry } = call;
  return {
    Type: "Task",
    Resource: `arn:${partition}:states:::lambda:invoke`,
    Parameters: {
      FunctionName: functionArn,
      ...(payload === "$" ? { "Payload.$": "$" } : { Payload: payload }),
    },
    ...(resultPath === null ? {} : { ResultSelector: { "answer.$": "$.Payload" } }),
    ResultPath: resultPath,
    Retry: [NEVER_AGAIN, retry],
    ...(onFailure === undefined ? {} : { Catch: [catchAll(onFailure)] }),
    Next: next,
  };
}

/** Catches every error and puts it under `$.failure`. */
export function catchAll(next: string): object {
  return { ErrorEquals: ["States.ALL"], ResultPath: "$.failure", Next: next };
}
