import type { TableControl } from "../table-control.ts";

export interface ControlStore {
  /** @returns the table's record; an empty one (no generations) for a table never seen */
  read(table: string): Promise<TableControl>;

  /**
   * Reads, changes and conditionally writes a record, again from the start when somebody else was faster.
   *
   * @param change - pure; may be called several times; returning its argument writes nothing
   * @throws SyncError `CONTROL_CONFLICT` after ten lost races (retryable)
   */
  update(table: string, change: (control: TableControl) => TableControl): Promise<TableControl>;
}
