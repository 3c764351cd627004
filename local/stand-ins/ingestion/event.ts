import { ExactNumber } from "../../../core/exact-number.ts";
import type { Receipt } from "./acknowledgement-set.ts";

/** A value of an event; numbers keep the digits they came with. */
export type EventValue = null | boolean | number | string | ExactNumber | readonly EventValue[] | EventData;

export interface EventData {
  readonly [name: string]: EventValue;
}

/** What goes with an event and is not written with it. */
export type EventMetadata = Readonly<Record<string, string | number | bigint | boolean>>;

/** One record on its way through a pipeline. Nothing of it is changed in place: several sinks may hold it. */
export interface PipelineEvent {
  readonly data: EventData;
  readonly metadata: EventMetadata;
  readonly receipt: Receipt;
}

export function isEventData(value: EventValue | undefined): value is EventData {
  return typeof value === "object" && value !== null && !isList(value) && !(value instanceof ExactNumber);
}

function isList(value: object): value is readonly EventValue[] {
  return Array.isArray(value);
}

/** An event, or any part of it, as Data Prepper writes it: exact numbers as literals. */
export function writeJson(value: EventValue): string {
  return JSON.stringify(value);
}
