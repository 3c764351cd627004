import { setTimeout as wait } from "node:timers/promises";
import { type KafkaMapping, parseKafkaDeclaration, replacesKafka } from "./declaration.ts";
import type { PollerProgress, Positions } from "./poller-progress.ts";
import { type PollerDeps, runPoller } from "./run-poller.ts";

/** What mappings reach Kafka and the emulator by. */
export type KafkaMappingDeps = Pick<PollerDeps, "open" | "invoke" | "sendFailure" | "now">;

/** How far one poller is, as it is shown to people. */
interface PollerState {
  /** By partition, the next offset to be delivered, as far as this poller settled some. */
  readonly positions: Positions;
  /** How often the batch that is to be sent next failed. */
  readonly retries: number;
  readonly lastError?: string;
}

/** A mapping as it is shown to people. */
interface KafkaMappingState {
  readonly name: string;
  readonly functionName: string;
  readonly topics: readonly string[];
  readonly groupId: string;
  readonly state: "Enabled" | "Disabled";
  readonly pollers: readonly PollerState[];
}

/** The Kafka event source mappings of this machine's stack, by the name they were declared under. */
export interface KafkaMappings {
  /**
   * Starts a mapping, or changes the one of that name: in place; another source, topic, group, starting position or number
   * of pollers begins again from the group's offsets, once the former mapping has no invocation in flight.
   *
   * @param clusterServers - the bootstrap servers that stand for those of MSK clusters
   * @throws SyncError `CONFIGURATION_INVALID` for a declaration that cannot be honoured; nothing changes (not retryable)
   */
  put(name: string, properties: unknown, clusterServers: readonly string[]): Promise<KafkaMappingState>;
  /** @returns when no invocation of it is in flight and its consumers have left the group */
  remove(name: string): Promise<void>;
  list(): readonly KafkaMappingState[];
  removeAll(): Promise<void>;
}

interface RunningMapping {
  mapping: KafkaMapping;
  readonly progress: (PollerProgress | undefined)[];
  readonly stop: () => Promise<void>;
}

/** Keeps mappings in memory; their positions are in Kafka, so a process that begins again goes on from there. */
export function makeKafkaMappings(deps: KafkaMappingDeps): KafkaMappings {
  const running = new Map<string, RunningMapping>();
  const remove = async (name: string): Promise<void> => {
    const mapping = running.get(name);
    running.delete(name);
    await mapping?.stop();
  };
  return {
    put: async (name, properties, clusterServers) => {
      const declared = parseKafkaDeclaration(name, properties, clusterServers);
      const former = running.get(name);
      if (former !== undefined && beginsAgain(declared, former.mapping)) await remove(name);
      const mapping = running.get(name) ?? start(declared, deps);
      mapping.mapping = declared;
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

function beginsAgain(next: KafkaMapping, former: KafkaMapping): boolean {
  return replacesKafka(next, former) || next.pollers !== former.pollers;
}

function start(declared: KafkaMapping, deps: KafkaMappingDeps): RunningMapping {
  const stopping = new AbortController();
  const { signal } = stopping;
  const run: RunningMapping = {
    mapping: declared,
    progress: [],
    stop: async () => {
      stopping.abort();
      await Promise.all(pollers);
    },
  };
  const pollers = Array.from({ length: declared.pollers }, (_, place) =>
    runPoller({
      ...deps,
      mapping: () => run.mapping,
      // Rejects when stopped, which ends the pause as well.
      pause: (millis) => wait(millis, undefined, { signal }).catch(() => {}),
      isStopping: () => signal.aborted,
      report: (progress) => {
        run.progress[place] = progress;
      },
    }),
  );
  return run;
}

function toState(name: string, { mapping, progress }: RunningMapping): KafkaMappingState {
  const { functionName, topics, groupId, enabled } = mapping;
  const state = enabled ? "Enabled" : "Disabled";
  return { name, functionName, topics, groupId, state, pollers: progress.map(toPollerState) };
}

function toPollerState(progress: PollerProgress | undefined): PollerState {
  const { settled = {}, again: [next] = [], lastError } = progress ?? {};
  return {
    positions: settled,
    retries: next?.failures ?? 0,
    ...(lastError === undefined ? {} : { lastError }),
  };
}
