import { decodeSegmentHeader } from "./manifest-codec.ts";
import type { SourcePosition } from "./manifest-entry.ts";
import { mergePositions, readPointer } from "./manifest-pointer.ts";
import { mapLimited } from "./map-limited.ts";
import type { Clock } from "./ports/clock.ts";
import type { ObjectStore } from "./ports/object-store.ts";
import type { OffsetReader } from "./ports/offset-reader.ts";
import { stateLayout } from "./state-layout.ts";

const READS_AT_ONCE = 8;
/** Segments that are opened before a position counts as unknown. */
const MOST_READS = 400;
const EVERYTHING = Number.POSITIVE_INFINITY;
const MINUTE_MILLIS = 60_000;
const HOUR_MILLIS = 3_600_000;

/**
 * Finds where a partition stands by the newest segments of a generation's manifest: they are named by their time, so a
 * few of the last minute mostly do.
 */
export function makeOffsetReader(
  store: ObjectStore,
  { generation, indexUuid }: { readonly generation: string; readonly indexUuid: string },
  now: Clock,
): OffsetReader {
  const folder = stateLayout.manifest(generation, indexUuid);
  return {
    last: async (shard) => {
      const segment = await findInSegments(store, folder, shard, now());
      const { pointer } = await readPointer(store, folder, 1);
      const folded = pointer.positions.filter((position) => position.shard === shard);
      const [latest] = mergePositions([...folded, ...(segment === undefined ? [] : [segment])]);
      return latest === undefined ? undefined : { offset: Number(latest.sequence), time: latest.time };
    },
  };
}

async function findInSegments(
  store: ObjectStore,
  folder: string,
  shard: string,
  now: number,
): Promise<SourcePosition | undefined> {
  const [oldest] = await store.list(`${folder}segments/`, 1);
  if (oldest === undefined) return undefined;
  const firstHour = oldest.key.slice(`${folder}segments/`.length).slice(0, 13);
  const opened = new Set<string>();
  for (const prefix of prefixesBack(`${folder}segments/`, now, firstHour)) {
    const listed = await store.list(prefix, EVERYTHING);
    const keys = listed.map(({ key }) => key).filter((key) => key.includes("-stream-") && !opened.has(key));
    for (let end = keys.length; end > 0 && opened.size < MOST_READS; end -= READS_AT_ONCE) {
      const some = keys.slice(Math.max(0, end - READS_AT_ONCE), end);
      for (const key of some) opened.add(key);
      const found = await findIn(store, some, shard);
      if (found !== undefined) return found;
    }
  }
  return undefined;
}

/** The last two minutes, then hour by hour back to the oldest segment there is. Writers' clocks may be ahead a little. */
function* prefixesBack(segments: string, now: number, firstHour: string): Generator<string> {
  for (const time of [now + MINUTE_MILLIS, now, now - MINUTE_MILLIS]) {
    const text = new Date(time).toISOString();
    yield `${segments}${text.slice(0, 13)}/${text.slice(0, 16).replaceAll(":", "-")}`;
  }
  for (let time = now + MINUTE_MILLIS; ; time -= HOUR_MILLIS) {
    const hour = new Date(time).toISOString().slice(0, 13);
    if (hour < firstHour) return;
    yield `${segments}${hour}/`;
  }
}

/** The shard's newest position among segments that were written about the same time. */
async function findIn(
  store: ObjectStore,
  keys: readonly string[],
  shard: string,
): Promise<SourcePosition | undefined> {
  const texts = await mapLimited(keys, READS_AT_ONCE, (key) => store.readText(key));
  const positions = texts
    // Folded meanwhile: the pointer, which is read after, has it.
    .filter((text) => text !== undefined)
    .flatMap((text) => decodeSegmentHeader(text.slice(0, text.indexOf("\n"))).positions);
  return mergePositions(positions.filter((position) => position.shard === shard))[0];
}
