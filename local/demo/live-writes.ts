import { setTimeout as wait } from "node:timers/promises";
import { DeleteItemCommand, type DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";
import type { AttributeMap } from "../../core/attribute-value.ts";
import { changePlace, inventPlace, type PlaceRecord } from "./place-records.ts";
import { SOURCE_KEY, SOURCE_TABLE } from "./source-table.ts";
import { toSdkItem } from "./to-sdk-item.ts";

/** A put that DynamoDB acknowledged. */
export interface CommittedPut {
  readonly id: string;
  /** The value of the document's `change` field; rises with every write of this program. */
  readonly change: number;
  readonly acknowledgedAt: number;
}

/** How many writes live traffic has made. */
export interface LiveCounts {
  readonly writes: number;
  readonly deletes: number;
}

/** Traffic that goes on until it is stopped. */
export interface LiveTraffic {
  readonly counts: () => LiveCounts;
  /** Ends it; resolves when its last write is acknowledged. Rejects when a write failed. */
  readonly stop: () => Promise<LiveCounts>;
}

const TICK_MILLIS = 20;
const INVENTED = 2_000;

/** The application that goes on writing whatever happens to search: updates, inserts, deletes, re-creations. */
export function makeLiveWriter(dynamodb: DynamoDBClient, places: readonly PlaceRecord[]) {
  const moving = places.filter(({ still }) => !still);
  let change = 1;

  async function writeOne(onPut: ((put: CommittedPut) => void) | undefined): Promise<"put" | "delete"> {
    change += 1;
    const { id, item } = pick(change);
    if (isDelete(change)) {
      await dynamodb.send(
        new DeleteItemCommand({ TableName: SOURCE_TABLE, Key: { [SOURCE_KEY]: { S: id } } }),
      );
      return "delete";
    }
    const put = { id, change };
    await dynamodb.send(new PutItemCommand({ TableName: SOURCE_TABLE, Item: toSdkItem(item) }));
    onPut?.({ ...put, acknowledgedAt: performance.timeOrigin + performance.now() });
    return "put";
  }

  /** One in five is a place of our own, which comes and goes; the others are of the data set. */
  function pick(now: number): { readonly id: string; readonly item: AttributeMap } {
    const place = moving[(now * 7_919) % moving.length];
    if (now % 5 !== 0 && place !== undefined) return { id: place.id, item: changePlace(place.item, now) };
    const id = `live-${(now * 31) % INVENTED}`;
    return { id, item: inventPlace(id, now) };
  }

  /** Starts writing at a steady rate; `onPut` hears of every put. */
  function start(perSecond: number, onPut?: (put: CommittedPut) => void): LiveTraffic {
    const [counts, open] = [{ put: 0, delete: 0 }, new Set<Promise<void>>()];
    let [running, failure] = [true, undefined as unknown];
    const write = async () => {
      try {
        counts[await writeOne(onPut)] += 1;
      } catch (cause) {
        failure ??= cause;
      }
    };
    const loop = async () => {
      const started = performance.now();
      for (let sent = 0; running; await wait(TICK_MILLIS)) {
        const due = ((performance.now() - started) / 1000) * perSecond;
        for (; sent < due; sent += 1) {
          const writing = write().finally(() => open.delete(writing));
          open.add(writing);
        }
      }
      await Promise.all(open);
    };
    const ended = loop();
    const report = () => ({ writes: counts.put, deletes: counts.delete });
    return {
      counts: report,
      stop: async () => {
        running = false;
        await ended;
        if (failure !== undefined) throw failure;
        return report();
      },
    };
  }

  return { start };
}

function isDelete(change: number): boolean {
  return change % 9 === 4;
}
