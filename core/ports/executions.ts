/** Where a workflow's execution is. */
export type ExecutionState = "running" | "succeeded" | "failed" | "stopped" | "absent";

export interface Executions {
  /**
   * Starts an execution under a name of our choosing, so that asking twice starts one.
   *
   * @returns `exists` when an execution of that name is there already, whatever became of it
   * @throws SyncError `ENGINE_FAILED` when the service does not answer (retryable)
   */
  start(
    stateMachineArn: string,
    name: string,
    input: string,
  ): Promise<{ readonly kind: "started" | "exists"; readonly executionArn: string }>;

  /** @returns `absent` when no execution of that name was ever started or it is no longer remembered (90 days) */
  state(stateMachineArn: string, name: string): Promise<ExecutionState>;

  /** Stops an execution; one that is over or absent is left as it is. */
  stop(stateMachineArn: string, name: string, cause: string): Promise<void>;
}
