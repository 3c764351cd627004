import type { DatabaseConnection } from "./source-descriptor.ts";
import type { TableDescriptor } from "./table-descriptor.ts";

/** What the command line and the build workflow ask of index-lifecycle, one invocation each. */
export type LifecycleCommand =
  | { readonly command: "status" | "retire"; readonly table: TableDescriptor }
  /** `attempt`: how often a build has asked; a person leaves it out. */
  | {
      readonly command: "cutover";
      readonly table: TableDescriptor;
      readonly generation?: string;
      readonly automatic?: boolean;
      readonly attempt?: number;
    }
  | { readonly command: "rollback"; readonly table: TableDescriptor }
  | { readonly command: "load-resume"; readonly table: TableDescriptor; readonly generation: string }
  | {
      readonly command: "load-started";
      readonly table: TableDescriptor;
      readonly generation: string;
      readonly exportArn: string;
      readonly exportTime: string;
      readonly files?: number;
    }
  | {
      readonly command: "load-finished";
      readonly table: TableDescriptor;
      readonly generation: string;
      readonly documents?: number;
    }
  | {
      readonly command: "load-failed" | "gap";
      readonly table: TableDescriptor;
      readonly generation: string;
      readonly cause: string;
    }
  /** A scheduled look, which writes metrics and notes what was lost. */
  | { readonly command: "watch-table"; readonly table: TableDescriptor }
  | { readonly command: "watch-source"; readonly source: WatchedSource };

/** A database whose log is looked at. */
export interface WatchedSource {
  readonly source: string;
  /** Of index-lifecycle on this source. */
  readonly roleArn: string;
  readonly connection: DatabaseConnection;
  readonly slotName: string;
}

/** The answer of the `watch-…` commands: what was lost, if anything. */
export interface WatchAnswer {
  readonly lost?: string;
}

/** The answer of `cutover` and `rollback`. */
export type MoveAnswer =
  /** `previous`: the generation the alias pointed at before. */
  | { readonly moved: true; readonly serving: string; readonly previous?: string }
  /** It serves already; nothing was to be done. */
  | { readonly moved: false; readonly kind: "serves"; readonly serving: string }
  /** Only a person moves it: `cutover: manual`, a pin, a retired table. */
  | { readonly moved: false; readonly kind: "held"; readonly waiting: string }
  /** The gate is shut. `next`: what a build does before it asks again, `waitSeconds` later. */
  | {
      readonly moved: false;
      readonly kind: "shut";
      readonly waiting: string;
      readonly next: "wait" | "audit" | "stop";
      readonly waitSeconds: number;
      readonly attempt: number;
    };

/** The answer of the `load-…` commands and of `gap`: what a build has to do. */
export type LoadAnswer =
  | { readonly load: "start" | "done" | "recorded" }
  /** A load of this export broke off not long ago: the same one is gone on with. */
  | { readonly load: "resume"; readonly exportArn: string; readonly exportTime: string };

/**
 * The oldest export a load is gone on with. Far below the horizon after which tombstones are purged, so that
 * no row of it can bring a deleted record back.
 */
export const MAXIMUM_RESUMED_EXPORT_AGE_MILLIS = 24 * 60 * 60 * 1000;

/** How often a build asks before it gives up; with the longest pause between, about four days. */
export const MAXIMUM_CUTOVER_ATTEMPTS = 1_200;

const LONGEST_PAUSE_SECONDS = 300;

/** How long a build waits before it asks again: 1 s at first, doubling every second try, at most 5 minutes. */
export function pauseBeforeAttempt(attempt: number): number {
  return Math.min(LONGEST_PAUSE_SECONDS, 2 ** Math.min(20, Math.floor(attempt / 2)));
}
