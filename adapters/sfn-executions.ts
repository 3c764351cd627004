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
        const { executionArn = "" } = await client.send(
          new StartExecutionCommand({ stateMachineArn, name, input }),
        );
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
    subject: `${name} of ${stateMachineArn}`,
    fix: "check that the state machine exists and this function may use it, then do it again",
    retryable: true,
    cause,
  });
}
