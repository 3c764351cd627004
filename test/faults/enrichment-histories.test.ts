/**
 * Histories in which what an enrichment calls comes and goes, over the product's own consumers. Two cities can never be
 * fetched, whatever is called with them: they must hold up no other record.
 */
import fc from "fast-check";
import type { EnrichmentFailurePolicy } from "../../core/enrichment.ts";
import { defineTransform } from "../../core/transform.ts";
import { makeCallTransform } from "../../fallback-consumer/call-transform.ts";
import { makeEnrichRecords } from "../../fallback-consumer/enrich/enrich-records.ts";
import { makeRenderBatch } from "../../fallback-consumer/render-batch.ts";
import { HistoryWorld, healthy } from "../../testing/histories/history-world.ts";
import { type Step, stepsOf } from "../../testing/histories/steps.ts";
import { openTrial, type Trial } from "../../testing/trial.ts";
import { runs } from "../support/runs.ts";

jest.setTimeout(30 * 60_000);

const CITIES = [
  { id: "a", city: "Rome" },
  { id: "b", city: "Oslo" },
  { id: "c", city: "broken" },
  { id: "d" },
];

interface EnrichedWorld {
  readonly world: HistoryWorld;
  readonly trial: Trial;
  /** Whether what the enrichment calls is away. */
  readonly outside: { isDown: boolean };
}

function makeWorld(whenItFails: EnrichmentFailurePolicy, skewMillis = 0): EnrichedWorld {
  const outside = { isDown: false };
  const transform = defineTransform({
    documents: "one",
    enrichments: {
      weather: {
        keyOf: ({ item }) => (typeof item["city"] === "string" ? item["city"] : undefined),
        fetchMany: async (keys) => {
          if (outside.isDown) throw new Error("503");
          if (keys.includes("broken")) throw new Error("no such city");
          return keys.map((key) => `weather in ${key}`);
        },
        timeToLiveSeconds: 30,
        retries: 1,
        whenItFails,
      },
    },
    transform: (records) => records.map(({ item, enriched: { weather } }) => ({ ...item, weather })),
  });
  const trial = openTrial(transform, { records: CITIES, key: { partitionKey: "id" } });
  const pause = async () => undefined;
  const world = new HistoryWorld({
    key: trial.key,
    several: false,
    skewMillis,
    render: (now) =>
      makeRenderBatch(
        transform,
        makeCallTransform(trial.services, now, pause),
        undefined,
        makeEnrichRecords(transform.enrichments ?? {}, { services: trial.services, now, pause }),
      ),
  });
  return { world, trial, outside };
}

const weathers = ({ world }: EnrichedWorld) =>
  Object.fromEntries([...world.live()].map(([id, source]) => [id, JSON.parse(source).weather ?? null]));

/** What searches must see of what can be fetched. */
function expected({ world }: EnrichedWorld): Record<string, string | null> {
  const entries = [...world.database].map(([id, { city }]): [string, string | null] => {
    const name = city !== undefined && "S" in city ? city.S : undefined;
    return [id, name === undefined || name === "broken" ? null : `weather in ${name}`];
  });
  return Object.fromEntries(entries);
}

describe("a record whose enrichment is away", () => {
  it("is indexed without it, and with it once it is back; nothing is written meanwhile", async () => {
    const enriched = makeWorld("index-without");
    const { world, trial, outside } = enriched;
    outside.isDown = true;
    for (const sample of trial.samples.slice(0, 2)) world.put(sample);
    await world.consume(2, healthy);
    expect(weathers(enriched)).toEqual({ a: null, b: null });
    expect(world.requests.map(({ reason, recordId }) => [reason, recordId])).toEqual([
      ["enrichment", "a"],
      ["enrichment", "b"],
    ]);
    const written = world.manifest.length;
    world.advance(61_000);
    await world.reindex(healthy);
    expect([world.manifest.length, world.requests.length]).toEqual([written, 2]);
    outside.isDown = false;
    await world.settle();
    expect(weathers(enriched)).toEqual({ a: "weather in Rome", b: "weather in Oslo" });
    expect(world.letters).toEqual([]);
  });

  it("waits, and the records beside it do not", async () => {
    const enriched = makeWorld("wait");
    const { world, trial } = enriched;
    for (const sample of [...trial.samples].reverse()) world.put(sample);
    await world.consume(4, healthy);
    expect(weathers(enriched)).toEqual({ a: "weather in Rome", b: "weather in Oslo", d: null });
    expect(world.letters).toEqual([]);
    world.advance(16 * 60_000);
    await world.settle();
    expect(world.letters.map(({ recordId, cause }) => [recordId, cause])).toEqual([
      ["c", "ENRICHMENT_FAILED"],
    ]);
  });

  it("is dead-lettered at once where nobody is to wait", async () => {
    const { world, trial } = makeWorld("dead-letter");
    for (const sample of trial.samples) world.put(sample);
    await world.consume(4, healthy);
    expect(world.letters).toMatchObject([{ recordId: "c", cause: "ENRICHMENT_FAILED" }]);
    expect([...world.live().keys()].sort()).toEqual(["a", "b", "d"]);
  });
});

describe.each(["index-without", "wait", "dead-letter"] as const)("any history with outages, %s", (policy) => {
  it("ends with every document enriched that can be", async () => {
    const { trial } = makeWorld(policy);
    const step = fc.oneof(
      { weight: 6, arbitrary: stepsOf(trial).map((one) => ({ kind: "step", one }) as const) },
      { weight: 1, arbitrary: fc.boolean().map((isDown) => ({ kind: "outage", isDown }) as const) },
    );
    const property = fc.asyncProperty(fc.array(step, { maxLength: 40, size: "max" }), async (steps) => {
      const enriched = makeWorld(policy);
      for (const one of steps) {
        if (one.kind === "outage") enriched.outside.isDown = one.isDown;
        else await act(enriched, one.one);
      }
      await heal(enriched);
      const wanted = expected(enriched);
      const found = weathers(enriched);
      for (const [id, weather] of Object.entries(wanted)) {
        const city = enriched.world.database.get(id)?.["city"];
        if (city !== undefined && "S" in city && city.S === "broken" && policy !== "index-without") continue;
        expect([id, found[id]]).toEqual([id, weather]);
      }
    });
    await fc.assert(property, runs(300));
  });
});

async function act({ world }: EnrichedWorld, { act: happen }: Step): Promise<void> {
  await happen(world);
}

/** What is outside is back; letters are replayed. What can never be fetched asks for ever, so its requests are let go. */
async function heal({ world, outside }: EnrichedWorld): Promise<void> {
  outside.isDown = false;
  world.advance(61_000);
  for (let round = 0; round < 3; round += 1) {
    world.replayAll();
    for (const { recordId, id } of world.ambiguous()) world.request(recordId, id);
    for (let step = 0; step < 30; step += 1) {
      world.advance(31_000);
      while (world.index.late.length > 0) world.index.landOne();
      await world.consume(100, healthy);
      await world.reindex(healthy);
    }
  }
}
