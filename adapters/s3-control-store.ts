import { setTimeout as pause } from "node:timers/promises";
import * as z from "zod";
import { backoffMillis } from "../core/backoff.ts";
import { SyncError } from "../core/errors.ts";
import type { ControlStore } from "../core/ports/control-store.ts";
import type { ObjectStore } from "../core/ports/object-store.ts";
import { stateLayout } from "../core/state-layout.ts";
import type { TableControl } from "../core/table-control.ts";

const MAXIMUM_TRIES = 10;

const mark = z.object({
  run: z.string(),
  kind: z.enum(["full", "incremental"]),
  exportTime: z.string(),
  finishedAt: z.string(),
  fullExportTime: z.string().exactOptional(),
  transformHash: z.string().exactOptional(),
  shards: z.array(z.object({ shard: z.number(), seqNo: z.number(), historyUuid: z.string() })),
});
const load = z.looseObject({
  exportArn: z.string(),
  exportTime: z.string(),
  state: z.enum(["open", "done", "failed"]),
  files: z.number().exactOptional(),
  documents: z.number().exactOptional(),
  startedAt: z.string(),
  finishedAt: z.string().exactOptional(),
});
const generation = z.looseObject({
  generation: z.string(),
  index: z.string(),
  indexUuid: z.string(),
  mode: z.enum(["custom", "managed"]),
  revision: z.number(),
  transformHash: z.string(),
  createdAt: z.string(),
  leaving: z.boolean().exactOptional(),
  load: load.exactOptional(),
  gap: z.object({ cause: z.string(), detectedAt: z.string() }).exactOptional(),
  truncation: z
    .object({
      version: z.string(),
      sourceTime: z.number(),
      notedAt: z.string(),
      doneAt: z.string().exactOptional(),
    })
    .exactOptional(),
  lastAudit: mark.exactOptional(),
  lastCleanAudit: mark.exactOptional(),
});
/** Loose: what a newer release keeps there must survive an older one that still runs. */
const schema: z.ZodType<TableControl> = z.looseObject({
  table: z.string(),
  serving: z.string().exactOptional(),
  adopt: z
    .object({
      index: z.string().exactOptional(),
      alias: z.string().exactOptional(),
      deleteIndexAtCutover: z.boolean().exactOptional(),
    })
    .exactOptional(),
  adopted: z.array(z.object({ index: z.string(), options: z.string() })).exactOptional(),
  pinned: z.string().exactOptional(),
  retired: z.boolean(),
  generations: z.record(z.string(), generation),
});

/** Keeps each table's record as one object, `control/<table>.json`, changed by conditional put only. */
export function makeS3ControlStore(store: ObjectStore): ControlStore {
  const readTagged = async (table: string) => {
    const found = await store.readTagged(stateLayout.control(table));
    if (found === undefined) return { control: { table, retired: false, generations: {} }, tag: undefined };
    return { control: parse(found.text, table), tag: found.tag };
  };
  return {
    read: async (table) => (await readTagged(table)).control,
    update: async (table, change) => {
      for (let tries = 1; tries <= MAXIMUM_TRIES; tries += 1) {
        const { control, tag } = await readTagged(table);
        const changed = change(control);
        if (changed === control) return control;
        if (await store.replace(stateLayout.control(table), JSON.stringify(changed), tag)) return changed;
        await pause(backoffMillis(tries, Math.random()));
      }
      throw new SyncError("CONTROL_CONFLICT", "a table's record was changed by others all the time", {
        subject: table,
        fix: "do it again",
        retryable: true,
      });
    },
  };
}

function parse(text: string, table: string): TableControl {
  try {
    return schema.parse(JSON.parse(text));
  } catch (cause) {
    throw new SyncError("MANIFEST_CORRUPT", "a table's control record cannot be read", {
      subject: stateLayout.control(table),
      fix: "restore the object from the bucket's versions",
      retryable: false,
      cause,
    });
  }
}
