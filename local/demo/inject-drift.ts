import { DeleteItemCommand, type DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";
import type { DriftKind } from "../../core/audit-report.ts";
import { mapLimited } from "../../core/map-limited.ts";
import { changePlace, inventPlace, type PlaceRecord } from "./place-records.ts";
import { callSearch } from "./search-calls.ts";
import { SOURCE_KEY, SOURCE_TABLE } from "./source-table.ts";
import { toSdkItem } from "./to-sdk-item.ts";

/** Ids by the kind of drift they will show. */
export type DriftIds = Readonly<Record<DriftKind, readonly string[]>>;

/** Which documents the demo breaks, and how; every id is in one list only. */
export interface DriftPlan {
  readonly swallowed: {
    readonly inserts: readonly string[];
    readonly updates: readonly PlaceRecord[];
    readonly deletes: readonly PlaceRecord[];
  };
  /** Behind the pipeline's back, in OpenSearch itself. */
  readonly outside: {
    readonly removed: readonly string[];
    readonly added: readonly string[];
    readonly altered: readonly string[];
  };
}

const CONCURRENT = 8;
/** Above every change that live traffic makes. */
const FIRST_CHANGE = 900_000_000;

/**
 * Chooses the documents to break among places that nobody else writes.
 *
 * @param scale - 1 breaks 240 of them
 */
export function planDrift(places: readonly PlaceRecord[], scale: number): DriftPlan {
  const count = (full: number) => Math.max(3, Math.round(full * scale));
  const invent = (name: string, full: number) =>
    Array.from({ length: count(full) }, (_, n) => `${name}-${n}`);
  let taken = 0;
  const take = (full: number) => {
    taken += count(full);
    return places.slice(taken - count(full), taken);
  };
  return {
    swallowed: { inserts: invent("swallowed", 40), updates: take(60), deletes: take(50) },
    outside: {
      removed: take(30).map(({ id }) => id),
      added: invent("intruder", 25),
      altered: take(35).map(({ id }) => id),
    },
  };
}

/** What an audit has to find, id by id. */
export function expectedDrift({ swallowed, outside }: DriftPlan): DriftIds {
  return {
    missing: [...swallowed.inserts, ...outside.removed],
    stale: swallowed.updates.map(({ id }) => id),
    orphaned: [...swallowed.deletes.map(({ id }) => id), ...outside.added],
    altered: outside.altered,
  };
}

/** Writes the changes that a swallowing consumer loses: inserts, updates and deletes in the source. */
export async function writeSwallowedChanges(
  dynamodb: DynamoDBClient,
  { swallowed }: DriftPlan,
): Promise<void> {
  const puts = [
    ...swallowed.inserts.map((id, place) => inventPlace(id, FIRST_CHANGE + place)),
    ...swallowed.updates.map(({ item }, place) => changePlace(item, FIRST_CHANGE + place)),
  ];
  await mapLimited(puts, CONCURRENT, (item) =>
    dynamodb.send(new PutItemCommand({ TableName: SOURCE_TABLE, Item: toSdkItem(item) })),
  );
  await mapLimited(swallowed.deletes, CONCURRENT, ({ id }) =>
    dynamodb.send(new DeleteItemCommand({ TableName: SOURCE_TABLE, Key: { [SOURCE_KEY]: { S: id } } })),
  );
}

/** Removes, adds and alters documents in OpenSearch itself, as somebody with a console would. */
export async function editIndex(
  search: string,
  index: string,
  { outside }: Pick<DriftPlan, "outside">,
): Promise<void> {
  const url = (id: string) => `${search}/${index}/_doc/${encodeURIComponent(id)}`;
  await mapLimited(outside.removed, CONCURRENT, (id) => callSearch("DELETE", url(id)));
  await mapLimited(outside.added, CONCURRENT, (id) =>
    callSearch("PUT", url(id), { cityId: id, name: "Nobody knows where this came from" }),
  );
  await mapLimited(outside.altered, CONCURRENT, (id) =>
    callSearch("POST", `${search}/${index}/_update/${encodeURIComponent(id)}`, {
      doc: { name: "Altered by hand" },
    }),
  );
}
