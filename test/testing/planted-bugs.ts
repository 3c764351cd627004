import { defineTransform, type UserTransform } from "../../core/transform.ts";
import type { PromiseName } from "../../testing/index.ts";

/** What transforms are tried with here: an order, another state of its kind, and one that has little. */
export const ORDERS = [
  { id: "1", customer: "Ann", total: 12.5, tags: ["new", "paid"], placedAt: "2026-11-25T10:00:00Z" },
  { id: "2", customer: "Bob", total: 7, tags: ["new"] },
  { id: "3", customer: "Ann", total: 0, tags: [] },
] as const;

/** A bug people write, as they write it. Each transform is made anew, so that no test sees another's state. */
export interface PlantedBug {
  readonly name: string;
  /** What the kit is to find, and nothing else. */
  readonly breaks: PromiseName;
  readonly make: () => UserTransform;
  /** What the transform calls, where it calls something. */
  readonly fetch?: typeof globalThis.fetch;
}

const one = (toDocument: (item: Readonly<Record<string, unknown>>, recordId: string) => object | null) =>
  defineTransform({
    documents: "one",
    transform: (records) => records.map(({ item, recordId }) => toDocument(item, recordId)),
  });

export const plantedBugs: readonly PlantedBug[] = [
  {
    name: "state kept between calls: a number that counts up",
    breaks: "repeatable",
    make: () => {
      let serial = 0;
      return one((item) => {
        serial += 1;
        return { ...item, serial };
      });
    },
  },
  {
    name: "dependence on the order of the batch: the first record is marked",
    breaks: "batch-order",
    make: () =>
      defineTransform({
        documents: "one",
        transform: (records) => records.map(({ item }, place) => ({ ...item, isFirst: place === 0 })),
      }),
  },
  {
    name: "dependence on time: a field with the day of indexing",
    breaks: "clock",
    make: () => one((item) => ({ ...item, indexedAt: new Date().toISOString() })),
  },
  {
    name: "dependence on randomness: a token",
    breaks: "randomness",
    make: () => one((item) => ({ ...item, token: Math.random().toString(36) })),
  },
  {
    name: "dependence on the old document: fields of it are kept",
    breaks: "earlier-version",
    make: () => {
      const known = new Map<string, object>();
      return one((item, recordId) => {
        const document = { ...known.get(recordId), ...item };
        known.set(recordId, document);
        return document;
      });
    },
  },
  {
    name: "partial output: records without a document are left out",
    breaks: "result-count",
    make: () =>
      defineTransform({
        documents: "one",
        transform: (records) => records.filter(({ item }) => item["total"] !== 0).map(({ item }) => item),
      }),
  },
  {
    name: "a swallowed error that makes a record unsearchable",
    breaks: "swallowed-error",
    make: () =>
      one((item) => {
        try {
          return { ...item, customer: String(item["customer"]).toUpperCase() };
        } catch {
          return null;
        }
      }),
  },
  {
    name: "a swallowed error that returns the last document",
    breaks: "swallowed-error",
    make: () => {
      let last: object | null = null;
      return one((item) => {
        try {
          last = { customer: String(item["customer"]).toUpperCase() };
        } catch {}
        return last;
      });
    },
  },
  {
    name: "a swallowed error of what it calls",
    breaks: "swallowed-error",
    make: () =>
      defineTransform({
        documents: "one",
        transform: (records, { fetch }) =>
          Promise.all(
            records.map(async ({ item }) => {
              const weather = await fetch("https://weather.example.com")
                .then((answer) => answer.text())
                .catch(() => undefined);
              return { ...item, weather };
            }),
          ),
      }),
    fetch: async () => new Response("sunny"),
  },
  {
    name: "the input is changed",
    breaks: "input-unchanged",
    make: () =>
      defineTransform({
        documents: "one",
        transform: (records) => records.map(({ item }) => Object.assign(item, { seen: true })),
      }),
  },
  {
    name: "documents of two records have one id",
    breaks: "unique-ids",
    make: () =>
      defineTransform({
        transform: (records) =>
          records.map(({ item }) => [{ id: `customer-${String(item["customer"])}`, document: item }]),
      }),
  },
  {
    name: "a value that is no JSON: NaN",
    breaks: "valid-documents",
    make: () => one((item) => ({ ...item, share: Number(item["total"]) / Number(item["missing"]) })),
  },
  {
    name: "a value that is no JSON: a set",
    breaks: "valid-documents",
    make: () => one((item) => ({ ...item, words: new Set(["a"]) })),
  },
  {
    name: "dependence on the batch's size: only a hundred are looked up",
    breaks: "batch-order",
    make: () =>
      defineTransform({
        documents: "one",
        transform: (records) =>
          records.map(({ item, recordId }) => {
            const known = new Set(records.slice(0, 100).map((record) => record.recordId));
            return { ...item, isKnown: known.has(recordId) };
          }),
      }),
  },
  {
    name: "dependence on other records of the batch: one version of a record hides another",
    breaks: "batch-size",
    make: () =>
      defineTransform({
        documents: "one",
        transform: (records) => {
          const byId = new Map(records.map(({ recordId, item }) => [recordId, item]));
          return records.map(({ recordId }) => byId.get(recordId) ?? null);
        },
      }),
  },
  {
    name: "a cache with too coarse a key: what a customer's first order says is said of all",
    breaks: "other-records",
    make: () => {
      const cache = new Map<unknown, object>();
      return one((item, recordId) => {
        const { customer, total } = item;
        if (!cache.has(customer))
          cache.set(customer, { customer, class: Number(total) > 10 ? "gold" : "blue" });
        return { recordId, ...cache.get(customer) };
      });
    },
  },
  {
    name: "state that shows seldom: a list that is full after some thousand calls",
    breaks: "histories",
    make: () => {
      let calls = 0;
      return defineTransform({
        documents: "one",
        transform: (records) => {
          calls += 1;
          return records.map(({ item }) => (calls > 600 && calls % 3 === 0 ? null : item));
        },
      });
    },
  },
  {
    name: "it throws for a record of the samples",
    breaks: "no-throw",
    make: () => one((item) => ({ ...item, day: new Date(String(item["placedAt"])).toISOString() })),
  },
];
