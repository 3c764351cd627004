import { parseDeclaration, replaces } from "./declaration.ts";
import { type MappingDeps, type RunningMapping, startMapping } from "./run-mapping.ts";
import type { ShardState } from "./shard-state.ts";

/** A mapping as it is shown to people. */
interface MappingState {
  readonly name: string;
  readonly functionName: string;
  readonly eventSourceArn: string;
  readonly state: "Enabled" | "Disabled";
  readonly lastError?: string;
  readonly shards: readonly ShardState[];
}

/** The event source mappings of this machine's stack, by the name they were declared under. */
export interface Mappings {
  /**
   * Starts a mapping, or changes the one of that name: in place, position kept; only another stream or starting
   * position begins anew, once the former mapping has no invocation in flight.
   *
   * @throws SyncError `CONFIGURATION_INVALID` for a declaration that cannot be honoured; nothing changes (not retryable)
   */
  put(name: string, properties: unknown): Promise<MappingState>;
  /** @returns when no invocation of it is in flight; at once when there is no such mapping */
  remove(name: string): Promise<void>;
  list(): readonly MappingState[];
  removeAll(): Promise<void>;
}

/** Keeps mappings in memory: a process that begins again knows none, and delivers from the declared positions. */
export function makeMappings(deps: MappingDeps): Mappings {
  const running = new Map<string, RunningMapping>();
  const remove = async (name: string): Promise<void> => {
    const mapping = running.get(name);
    running.delete(name);
    await mapping?.stop();
  };
  return {
    put: async (name, properties) => {
      const declared = parseDeclaration(name, properties);
      const former = running.get(name);
      if (former !== undefined && replaces(declared, former.declaration())) await remove(name);
      const mapping = running.get(name) ?? startMapping(declared, deps);
      mapping.change(declared);
      running.set(name, mapping);
      return toState(name, mapping);
    },
    remove,
    list: () => [...running].map(([name, mapping]) => toState(name, mapping)),
    removeAll: async () => {
      await Promise.all([...running.keys()].map(remove));
    },
  };
}

function toState(name: string, mapping: RunningMapping): MappingState {
  const { functionName, streamArn, enabled } = mapping.declaration();
  const lastError = mapping.lastError();
  return {
    name,
    functionName,
    eventSourceArn: streamArn,
    state: enabled ? "Enabled" : "Disabled",
    ...(lastError === undefined ? {} : { lastError }),
    shards: mapping.shards(),
  };
}
