import { describe, expect, test } from "tstyche";
import {
  type DocumentOf,
  defineMapping,
  defineTransform,
  defineTransformFor,
  type Enrichment,
  type TransformFunction,
  type UserTransform,
} from "../../core/transform.ts";

const mapping = defineMapping({
  properties: {
    customer: { type: "keyword" },
    total: { type: "double" },
    placedAt: { type: "date" },
    paid: { type: "boolean" },
    address: { properties: { city: { type: "keyword" }, place: { type: "geo_point" } } },
    lines: { type: "nested", properties: { sku: { type: "keyword" }, count: { type: "integer" } } },
  },
});
const define = defineTransformFor<typeof mapping>();
const order = { customer: "Ann", total: 12.5, paid: true, lines: [{ sku: "a", count: 2 }] };

describe("a transform for a mapping", () => {
  test("returns documents of its fields, null, or several named documents", () => {
    define({ transform: (records) => records.map(() => order) });
    define({
      documents: "one",
      transform: async (records) => records.map((_, place) => (place === 0 ? null : order)),
    });
    define({
      transform: (records) => records.map(({ recordId }) => [{ id: recordId, document: order }]),
    });
  });

  test("may leave fields out, and give several values, null or a number with all its digits", () => {
    expect<DocumentOf<typeof mapping>>().type.toBeAssignableFrom({});
    expect<DocumentOf<typeof mapping>>().type.toBeAssignableFrom({ customer: ["Ann", "Bob"], total: null });
    expect<DocumentOf<typeof mapping>>().type.toBeAssignableFrom({ total: 10n, address: { place: "1,2" } });
  });

  test("returns no field the mapping has not, at no depth", () => {
    // @ts-expect-error doesNotFitTheMapping: "note: not in the mapping"
    define({ transform: (records) => records.map(() => ({ ...order, note: "x" })) });
    // @ts-expect-error doesNotFitTheMapping: "address.street: not in the mapping"
    define({
      transform: (records) => records.map(() => ({ address: { street: "x" } })),
    });
    // @ts-expect-error doesNotFitTheMapping: "lines.price: not in the mapping"
    define({ transform: (records) => records.map(() => ({ lines: [{ price: 1 }] })) });
    // @ts-expect-error doesNotFitTheMapping: "note: not in the mapping"
    define({
      transform: (all) => all.map(() => [{ id: "1", document: { note: "x" } }]),
    });
  });

  test("does not hand on whatever a record has, unless the mapping is dynamic", () => {
    // @ts-expect-error doesNotFitTheMapping: "<any name>: not in the mapping"
    define({ transform: (all) => all.map(({ item: { a: _, ...rest } }) => rest) });
    const open = defineMapping({ dynamic: true, properties: { customer: { type: "keyword" } } });
    const defineOpen = defineTransformFor<typeof open>();
    defineOpen({ transform: (records) => records.map(() => ({ note: "x", customer: "Ann" })) });
  });

  test("returns no field of another type than it is mapped", () => {
    // @ts-expect-error doesNotFitTheMapping: "total: not of its mapped type"
    define({ transform: (records) => records.map(() => ({ total: "12.5" })) });
    // @ts-expect-error doesNotFitTheMapping: "paid: not of its mapped type"
    define({ transform: (records) => records.map(() => ({ paid: "yes" })) });
    // @ts-expect-error doesNotFitTheMapping: "address.city: not of its mapped type"
    define({ transform: (records) => records.map(() => ({ address: { city: 1 } })) });
    // @ts-expect-error doesNotFitTheMapping: "total: not of its mapped type"
    define({ transform: (all) => all.map(({ item }) => ({ total: item["total"] })) });
  });
});

test("a mapping has types that OpenSearch knows", () => {
  expect(defineMapping).type.not.toBeCallableWith({ properties: { total: { type: "number" } } });
});

describe("an enrichment", () => {
  const weather = {
    keyOf: () => "Rome",
    fetchMany: async (keys: readonly string[]) => keys.map(() => ({ celsius: 20 })),
  };

  test("hands its value to the transform with the type that is fetched, or undefined", () => {
    const declared = defineTransform({
      enrichments: { weather },
      transform: (records) =>
        records.map(({ enriched }) => {
          expect(enriched.weather).type.toBe<{ celsius: number } | undefined>();
          return {};
        }),
    });
    expect(declared).type.toBe<UserTransform>();
  });

  test("is there by the name it has, and no other", () => {
    defineTransform({
      enrichments: { weather },
      transform: (records) =>
        records.map(({ enriched }) => {
          expect(enriched).type.not.toHaveProperty("wether");
          return {};
        }),
    });
  });

  test("fails in one of three ways", () => {
    expect<Enrichment<object>>().type.toBeAssignableFrom({
      ...weather,
      whenItFails: "index-without" as const,
    });
    expect<Enrichment<object>>().type.not.toBeAssignableFrom({ ...weather, whenItFails: "ignore" as const });
  });

  test("is not needed: a transform of plain records is one", () => {
    const plain: TransformFunction = (records) => records.map(({ item }) => item);
    expect(defineTransform).type.toBeCallableWith({ transform: plain });
  });
});
