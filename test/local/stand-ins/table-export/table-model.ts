import type { WireRecord } from "../../../../local/stand-ins/dynamodb-streams.ts";

type Value = Readonly<Record<string, unknown>>;

/** One write to a table: a new content, or a delete. */
export interface Write {
  readonly key: string;
  readonly content: number | undefined;
  readonly seconds: number;
}

/** A table in memory that keeps its stream: what DynamoDB does with writes. */
export class TableModel {
  readonly items = new Map<string, Value>();
  readonly stream: WireRecord[] = [];

  /** @returns whether something changed; if so the stream has one more record */
  apply({ key, content, seconds }: Write): boolean {
    const old = this.items.get(key);
    const now = content === undefined ? undefined : toItem(key, content);
    if (JSON.stringify(old) === JSON.stringify(now)) return false;
    if (now === undefined) this.items.delete(key);
    else this.items.set(key, now);
    const eventName = now === undefined ? "REMOVE" : old === undefined ? "INSERT" : "MODIFY";
    this.stream.push({
      eventName,
      dynamodb: {
        ApproximateCreationDateTime: seconds,
        SequenceNumber: String(this.stream.length),
        Keys: { id: { S: key } },
        ...(old === undefined ? {} : { OldImage: old }),
        ...(now === undefined ? {} : { NewImage: now }),
      },
    });
    return true;
  }

  /** The contents by key, as of now. */
  snapshot(): Readonly<Record<string, unknown>> {
    return Object.fromEntries(this.items);
  }
}

/** An item with everything a wire text may hold. */
export function toItem(key: string, content: number): Value {
  return {
    id: { S: key },
    content: { N: String(content) },
    text: { S: 'ß "\u2028" 😀' },
    raw: { B: "AAE=" },
  };
}
