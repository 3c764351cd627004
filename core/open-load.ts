import { SyncError } from "./errors.ts";
import { requireGeneration } from "./generation.ts";
import type { TableControl } from "./table-control.ts";

/**
 * Refuses rows of a load that is over: once a load is done tombstones are purged, and a row older than a purged one would
 * bring its record back. A workflow can be redriven for two weeks after it failed.
 *
 * @throws SyncError `LOAD_OVER` (not retryable)
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/redrive-executions.html
 */
export function requireOpenLoad(control: TableControl, generation: string, exportArn: string): void {
  const { load } = requireGeneration(control, generation);
  if (load?.state !== "done" && load?.exportArn === exportArn) return;
  throw new SyncError("LOAD_OVER", "this load is over, and its rows may be older than purged tombstones", {
    subject: `${generation}, ${exportArn}`,
    fix: "let it fail; to load again raise the generation's revision",
    retryable: false,
  });
}
