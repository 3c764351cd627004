import type { AddedEntry, MovedEntry, ProcessorOptions } from "../body/processor-schema.ts";
import type { EventData, EventValue, PipelineEvent } from "../event.ts";
import type { CallFunction } from "./call-function.ts";
import { deleteValue, getValue, putValue, toPath } from "./event-path.ts";

/** One step over the events of a batch. It may change what they hold, never which they are. */
export type Processor = (events: readonly PipelineEvent[]) => Promise<readonly PipelineEvent[]>;

/**
 * Makes a step of what was declared.
 *
 * @see https://github.com/opensearch-project/data-prepper `mutate-event-processors/…/AddEntryProcessor.java` and its neighbours
 */
export function makeProcessor(options: ProcessorOptions, callFunction: CallFunction): Processor {
  const { aws_lambda: called } = options;
  if (called !== undefined) return (events) => callFunction(called, events);
  return async (events) => events.map((event) => ({ ...event, data: changeData(event, options) }));
}

/** What one step makes of an event's data. */
export function changeData(
  event: Pick<PipelineEvent, "data" | "metadata">,
  options: ProcessorOptions,
): EventData {
  const { add_entries: added, delete_entries: deleted, rename_keys: renamed, copy_values: copied } = options;
  if (added !== undefined)
    return added.entries.reduce((data, entry) => addEntry({ ...event, data }, entry), event.data);
  if (deleted !== undefined)
    return deleted.with_keys.reduce((data, key) => deleteValue(data, toPath(key)), event.data);
  if (renamed !== undefined)
    return renamed.entries.reduce((data, entry) => moveEntry(data, entry, true), event.data);
  return copied?.entries.reduce((data, entry) => moveEntry(data, entry, false), event.data) ?? event.data;
}

function addEntry(event: Pick<PipelineEvent, "data" | "metadata">, entry: AddedEntry): EventData {
  const path = toPath(entry.key);
  if (entry.add_when !== undefined && entry.add_when(event) !== true) return event.data;
  if (getValue(event.data, path) !== undefined && !entry.overwrite_if_key_exists) return event.data;
  const value: EventValue = entry.value_expression?.(event) ?? entry.format?.(event) ?? entry.value ?? null;
  return putValue(event.data, path, value);
}

function moveEntry(data: EventData, entry: MovedEntry, away: boolean): EventData {
  const [from, to] = [toPath(entry.from_key), toPath(entry.to_key)];
  const value = getValue(data, from);
  const taken = getValue(data, to) !== undefined && !entry.overwrite_if_to_key_exists;
  if (value === undefined || taken || entry.from_key === entry.to_key) return data;
  const put = putValue(data, to, value);
  return away ? deleteValue(put, from) : put;
}
