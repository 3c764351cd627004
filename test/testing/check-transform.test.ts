import { defineTransform } from "../../core/transform.ts";
import existing from "../../examples/existing-program/transforms/orders.ts";
import { checkTransform, inspectTransform, renderBroken } from "../../testing/index.ts";
import { promiseNames } from "../../testing/options.ts";
import example from "../../transforms/example.ts";
import { ORDERS } from "./planted-bugs.ts";

const key = { partitionKey: "id" };
const silent = { broken: [], histories: 100, seed: 1 };

describe("a transform that keeps its promises", () => {
  it("is the example that ships, over records of every kind it tells apart", async () => {
    const records = [{ id: "1", name: "Ann" }, { id: "2", name: "Bob", draft: true }, { id: "3" }];
    expect(await checkTransform(example, { records, key })).toEqual(silent);
  });

  it("is that of the example program", async () => {
    const records = [
      { id: "1", customer: "Ann", total: 12.5, placedAt: "2026-11-25", payment: { card: "4711" } },
      { id: "2", customer: "Bob" },
    ];
    expect(await checkTransform(existing, { records, key })).toEqual(silent);
  });

  it("may make any number of documents of a record, in a thousand histories", async () => {
    const lines = defineTransform({
      transform: (records) =>
        records.map(({ recordId, item }) =>
          Array.isArray(item["tags"])
            ? item["tags"].map((tag, place) => ({ id: `${recordId}#${place}`, document: { tag } }))
            : null,
        ),
    });
    expect(await checkTransform(lines, { records: ORDERS, key, runs: 1_000 })).toMatchObject({
      broken: [],
      histories: 1_000,
    });
  });

  it("may be enriched, with what the test answers for the world", async () => {
    const enriched = defineTransform({
      documents: "one",
      enrichments: {
        class: {
          keyOf: ({ item }) => (typeof item["customer"] === "string" ? item["customer"] : undefined),
          fetchMany: async (keys, { fetch, configuration, secrets }) => {
            const url = `${String(configuration["url"])}?${keys.join()}`;
            const answer = await fetch(url, { headers: { authorization: secrets["apiKey"] ?? "" } });
            const classes: string[] = JSON.parse(await answer.text());
            return classes;
          },
        },
      },
      transform: (records) =>
        records.map(({ item, enriched: { class: name } }) => ({ ...item, class: name })),
    });
    const asked: string[] = [];
    const fetch: typeof globalThis.fetch = async (input) => {
      asked.push(String(input));
      const names = String(input).split("?")[1]?.split(",") ?? [];
      return new Response(JSON.stringify(names.map((name) => `class of ${name}`)));
    };
    const world = { fetch, configuration: { url: "https://crm" }, secrets: { apiKey: "k" } };
    expect(await checkTransform(enriched, { records: ORDERS, key, ...world })).toEqual(silent);
    expect(asked).toContain("https://crm?Ann,Bob");
  });

  it("may have numeric and two-part keys, sets, binary and long numbers", async () => {
    const records = [
      {
        tenant: "a",
        at: 1,
        words: new Set(["x", "y"]),
        bytes: new Uint8Array([1]),
        long: 2n ** 70n,
        none: null,
      },
      { tenant: "a", at: 2, words: new Set(["z"]), nested: { list: [1, true, { deep: "x" }] } },
    ];
    const all = defineTransform({ documents: "one", transform: (batch) => batch.map(({ item }) => item) });
    const keys = { partitionKey: "tenant", sortKey: "at" };
    expect(await checkTransform(all, { records, key: keys })).toEqual(silent);
  });
});

it("does not wait for a transform that never answers", async () => {
  const silentOne = defineTransform({
    documents: "one",
    timeoutMillis: 20,
    transform: () => new Promise(() => {}),
  });
  const { broken } = await inspectTransform(silentOne, { records: ORDERS, key });
  expect(broken).toMatchObject([
    { promise: "no-throw", example: [expect.anything(), expect.stringContaining("no answer within 20 ms")] },
  ]);
});

describe("a history that goes wrong", () => {
  it("is told as its few steps, the document, and what it should be", async () => {
    const shared = defineTransform({
      transform: (records) =>
        records.map(({ item: { customer = null } }) => [
          { id: `customer-${String(customer)}`, document: { customer } },
        ]),
    });
    const except = promiseNames.filter((name) => name !== "histories");
    const { broken } = await inspectTransform(shared, { records: ORDERS, key, except });
    expect(broken.map(renderBroken)).toEqual([
      expect.stringMatching(
        /^ {2}histories: after this history.*\n {4}1 {2}put \{"id":.*\n(.*\n)*? {4}document +customer-.*\n {4}in the index +nothing\n {4}its record makes +\{"customer":/,
      ),
    ]);
    expect(broken[0]?.example.length).toBeLessThan(8);
  });
});

describe("what is meant", () => {
  const today = defineTransform({
    documents: "one",
    transform: (records) => records.map(({ item }) => ({ ...item, indexedAt: Date.now() })),
  });

  it("is not complained of where it is excepted", async () => {
    const meant = await inspectTransform(today, { records: ORDERS, key, except: ["clock", "histories"] });
    expect(meant.broken).toEqual([]);
  });

  it("gives the clock and the random numbers back", async () => {
    const [date, random] = [Date, Math.random];
    await inspectTransform(today, { records: ORDERS, key });
    expect([Date, Math.random]).toEqual([date, random]);
    expect(Math.abs(Date.now() - performance.timeOrigin - performance.now())).toBeLessThan(60_000);
  });
});

it.each<[string, readonly Record<string, unknown>[], RegExp]>([
  ["no record", [], /must have one record or more/],
  ["a record without its key", [{ name: "x" }], /key attribute id must be a text, a number or binary/],
  [
    "a value no table holds",
    [{ id: "1", at: new Date() }],
    /a sample record\.at is nothing a DynamoDB table holds/,
  ],
  ["an empty set", [{ id: "1", tags: new Set() }], /a sample record\.tags must be a set/],
])("says what is wrong with the samples: %s", async (_name, records, message) => {
  await expect(checkTransform(example, { records, key })).rejects.toThrow(message);
});
