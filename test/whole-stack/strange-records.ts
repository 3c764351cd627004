import { setTimeout as wait } from "node:timers/promises";
import {
  type AttributeValue,
  DeleteItemCommand,
  type DynamoDBClient,
  PutItemCommand,
  ScanCommand,
} from "@aws-sdk/client-dynamodb";

/** A record that is hard to carry over, and how its document must read. */
export interface StrangeRecord {
  readonly id: string;
  /** Its sort key, a number. */
  readonly rank: string;
  readonly rest: Readonly<Record<string, AttributeValue>>;
  /** `_id` of its document, written out by hand. */
  readonly documentId: string;
  /** Members of its document as JSON text: read as text, so that no number is rounded. */
  readonly reads: readonly string[];
}

/** The table that `up` makes for these records, and the name its documents are searched by. */
export const [SOURCE, ALIAS] = ["strange-records", "strange"];

const BEAT_MILLIS = 1_100;
const DIGITS = "12345678901234567890123456789012345678";
const bytes = Buffer.from([0, 255, 254, 10]);

/** One of every kind of value, and keys that need care. */
export const strangeRecords: readonly StrangeRecord[] = [
  record("ключ 鍵 🗝", "1", { word: { S: 'né "в" \\ 🗝\n\u0000' } }, ['"word":"né \\"в\\" \\\\ 🗝\\n\\u0000"']),
  {
    ...record("pipe|and\\slash", "-0.5", { ok: { BOOL: true } }, ['"ok":true']),
    documentId: "pipe\\|and\\\\slash|-0.5",
  },
  {
    ...record("long".repeat(150), "3", { ok: { BOOL: false } }, ['"ok":false']),
    documentId: "sha256-de2e65539f9f3f545179b9493c0620a31c5d47fc9567b70ae38b8e9fda2db346",
  },
  record("digits", DIGITS, { large: { N: `-9${DIGITS.slice(1)}` }, small: { N: `0.${DIGITS}` } }, [
    `"rank":${DIGITS}`,
    `"large":-9${DIGITS.slice(1)}`,
    `"small":0.${DIGITS}`,
  ]),
  record("binary", "4", { raw: { B: bytes }, raws: { BS: [bytes, Buffer.from("a")] } }, [
    '"raw":"AP/+Cg=="',
    '"raws":["AP/+Cg==","YQ=="]',
  ]),
  record("sets", "5", { words: { SS: ["b", "а", "a"] }, numbers: { NS: ["10", "9", DIGITS] } }, [
    '"words":["a","b","а"]',
    `"numbers":[9,10,${DIGITS}]`,
  ]),
  record("empty", "6", { none: { S: "" }, list: { L: [] }, map: { M: {} } }, [
    '"none":""',
    '"list":[]',
    '"map":{}',
  ]),
  record("null", "7", { nothing: { NULL: true } }, ['"nothing":null']),
  record("nested", "8", { tree: { M: { a: { L: [{ M: { "b.c": { N: "1" } } }, { NULL: true }] } } } }, [
    '"tree":{"a":[{"b.c":1},null]}',
  ]),
];

/** The record that is written over and over by {@link duringTraffic}. */
const heart = record("heart", "0", {}, []);

function record(
  id: string,
  rank: string,
  rest: StrangeRecord["rest"],
  reads: readonly string[],
): StrangeRecord {
  return { id, rank, rest, documentId: `${id}|${rank}`, reads };
}

/** Writes records, whole, one after another. */
export async function putRecords(dynamodb: DynamoDBClient, records: readonly StrangeRecord[]): Promise<void> {
  for (const { id, rank, rest } of records) {
    await dynamodb.send(
      new PutItemCommand({ TableName: SOURCE, Item: { id: { S: id }, rank: { N: rank }, ...rest } }),
    );
  }
}

/** Deletes records, one after another. */
export async function deleteRecords(
  dynamodb: DynamoDBClient,
  records: readonly StrangeRecord[],
): Promise<void> {
  for (const { id, rank } of records) {
    await dynamodb.send(
      new DeleteItemCommand({ TableName: SOURCE, Key: { id: { S: id }, rank: { N: rank } } }),
    );
  }
}

/**
 * Does something while the application goes on writing, a record every second: an audit of a table nobody writes to
 * must wait a minute until it may believe that no change is under way.
 */
export async function duringTraffic<Result>(
  dynamodb: DynamoDBClient,
  work: () => Promise<Result>,
): Promise<Result> {
  const ended = new AbortController();
  const traffic = writeUntil(dynamodb, ended.signal);
  try {
    return await work();
  } finally {
    ended.abort();
    await traffic;
  }
}

async function writeUntil(dynamodb: DynamoDBClient, ended: AbortSignal): Promise<void> {
  for (let beat = 0; !ended.aborted; beat += 1) {
    await putRecords(dynamodb, [{ ...heart, rest: { beat: { N: String(beat) } } }]);
    await wait(BEAT_MILLIS, undefined, { signal: ended }).catch(() => {});
  }
}

/** How many records the table has. */
export async function countRecords(dynamodb: DynamoDBClient): Promise<number> {
  const { Count: count } = await dynamodb.send(new ScanCommand({ TableName: SOURCE, ConsistentRead: true }));
  return count ?? -1;
}
