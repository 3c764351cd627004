import type { LifecycleCommand, LoadAnswer, MoveAnswer, WatchAnswer } from "../core/lifecycle-command.ts";
import type { TableStatus } from "../core/table-status.ts";
import { parseCommand } from "./command-event.ts";
import { cutOver, rollBack } from "./commands/move-alias.ts";
import { readStatus } from "./commands/read-status.ts";
import { recordLoad, resumeLoad } from "./commands/record-load.ts";
import { retire } from "./commands/retire.ts";
import { watchSource } from "./commands/watch-source.ts";
import { watchTable } from "./commands/watch-table.ts";
import type { LifecycleDeps } from "./lifecycle-deps.ts";

/**
 * Makes the handler of direct invocations: of the command line, of the build workflow and of schedules.
 *
 * @returns a handler that throws SyncErrors; Lambda hands their message to whoever invoked it
 */
export function makeHandleCommand(deps: LifecycleDeps) {
  return async (event: unknown): Promise<TableStatus | MoveAnswer | LoadAnswer | WatchAnswer> => {
    const command: LifecycleCommand = parseCommand(event);
    switch (command.command) {
      case "status":
        return readStatus(deps, command.table);
      case "cutover":
        return cutOver(deps, command);
      case "rollback":
        return rollBack(deps, command.table);
      case "retire":
        return retire(deps, command.table);
      case "load-resume":
        return resumeLoad(deps, command.table, command.generation);
      case "load-started":
      case "load-finished":
      case "load-failed":
      case "gap":
        return recordLoad(deps, command);
      case "watch-table":
        return watchTable(deps, command.table);
      case "watch-source":
        return watchSource(deps, command.source);
    }
  };
}
