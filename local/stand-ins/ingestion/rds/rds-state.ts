/** How far a pipeline's source is. It outlives a change of the pipeline's body, and not a stop. */
export interface RdsState {
  /** Epoch milliseconds. */
  readonly startedAt: number;
  /** Made at the start, before the snapshot, and left behind by a pipeline that goes: nobody drops them. */
  readonly slotName: string;
  readonly publicationName: string;
  slotMade: boolean;
  exported: "none" | "running" | "loading" | "loaded";
  exportedRows: number;
  lastError: string | undefined;
}

const LONGEST_PART = 16;

/**
 * @param suffix - eight characters
 * @see https://github.com/opensearch-project/data-prepper `rds-source/…/leader/LeaderScheduler.java` names of slot and publication
 */
export function beginRdsSource(now: number, pipelineName: string, suffix: string): RdsState {
  const part = pipelineName.replaceAll("-", "_").slice(0, LONGEST_PART);
  return {
    startedAt: now,
    slotName: `data_prepper_${part}_slot_${suffix}`,
    publicationName: `data_prepper_${part}_pub_${suffix}`,
    slotMade: false,
    exported: "none",
    exportedRows: 0,
    lastError: undefined,
  };
}
