import { setTimeout as pause } from "node:timers/promises";
import {
  DescribeExecutionCommand,
  ExecutionAlreadyExists,
  ExecutionDoesNotExist,
  type ExecutionStatus,
  type SFNClient,
  StartExecutionCommand,
  StateMachineDoesNotExist,
  StopExecutionCommand,
} from "@aws-sdk/client-sfn";
import { SyncError } from "../core/errors.ts";
import type { ExecutionState, Executions } from "../core/ports/executions.ts";

/** Together less than the function that asks may take. */
const DENIED_TRIES = 13;
const DENIED_PAUSE_MILLIS = 5_000;

/**
 * Standard executions of Step Functions.
 *
 * @see https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html same name and
 * input while running: the same execution; a name of an execution that is over: `ExecutionAlreadyExists`
 */
export function makeSfnExecutions(client: SFNClient): Executions {
  return {
    start: async (stateMachineArn, name, input) => {
      try {
        const request = new StartExecutionCommand({ stateMachineArn, name, input });
        const { executionArn = "" } = await whileRightsSpread(() => client.send(request));
        return { kind: "started", executionArn };
      } catch (cause) {
        if (!(cause instanceof ExecutionAlreadyExists)) throw failed("start", stateMachineArn, name, cause);
        return { kind: "exists", executionArn: toExecutionArn(stateMachineArn, name) };
      }
    },
    state: async (stateMachineArn, name) => {
      const executionArn = toExecutionArn(stateMachineArn, name);
      try {
        return toState((await client.send(new DescribeExecutionCommand({ executionArn }))).status);
      } catch (cause) {
        if (isGone(cause)) return "absent";
        throw failed("describe", stateMachineArn, name, cause);
      }
    },
    stop: async (stateMachineArn, name, cause) => {
      const executionArn = toExecutionArn(stateMachineArn, name);
      try {
        await client.send(new StopExecutionCommand({ executionArn, error: "TrueupStopped", cause }));
      } catch (failure) {
        if (!isGone(failure)) throw failed("stop", stateMachineArn, name, failure);
      }
    },
  };
}

/**
 * A build is started seconds after the right to start it was given, which IAM takes a while to tell everybody.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot.html#troubleshoot_general_eventual-consistency
 */
async function whileRightsSpread<Answer>(call: () => Promise<Answer>): Promise<Answer> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await call();
    } catch (cause) {
      const denied = cause instanceof Error && /^AccessDenied/.test(cause.name);
      if (!denied || tries >= DENIED_TRIES) throw cause;
      await pause(DENIED_PAUSE_MILLIS);
    }
  }
}

/** `…:stateMachine:NAME` -> `…:execution:NAME:EXECUTION`. */
function toExecutionArn(stateMachineArn: string, name: string): string {
  return `${stateMachineArn.replace(":stateMachine:", ":execution:")}:${name}`;
}

function toState(status: ExecutionStatus | undefined): ExecutionState {
  if (status === "SUCCEEDED") return "succeeded";
  if (status === "ABORTED") return "stopped";
  return status === "FAILED" || status === "TIMED_OUT" ? "failed" : "running";
}

function isGone(cause: unknown): boolean {
  return cause instanceof ExecutionDoesNotExist || cause instanceof StateMachineDoesNotExist;
}

function failed(what: string, stateMachineArn: string, name: string, cause: unknown): SyncError {
  return new SyncError("ENGINE_FAILED", `Step Functions did not ${what} an execution`, {
    subject: `${name} of ${stateMachineArn}, ${cause instanceof Error ? cause.name : "no reason given"}`,
    fix: "check that the state machine exists and this function may use it, then do it again",
    retryable: true,
    cause,
  });
}
