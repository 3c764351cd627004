import type { ChangeEvent } from "../../../core/change-event.ts";
import type { EnrichmentFailurePolicy } from "../../../core/enrichment.ts";
import { versionOfStreamSecond } from "../../../core/external-version.ts";
import { defineTransform } from "../../../core/transform.ts";
import { makeCallTransform } from "../../../fallback-consumer/call-transform.ts";
import { makeEnrichRecords } from "../../../fallback-consumer/enrich/enrich-records.ts";
import { makeRenderBatch } from "../../../fallback-consumer/render-batch.ts";
import { quietServices } from "../../support/quiet-services.ts";

const NOW = 1_800_000_000_000;
const pause = async () => undefined;

/** Renders records named after their city, whose weather is fetched; the weather of no city that is `down` is known. */
async function render(whenItFails: EnrichmentFailurePolicy, ...cities: readonly string[]) {
  const warned: string[] = [];
  const services = {
    ...quietServices,
    log: { ...quietServices.log, warn: (message: string) => void warned.push(message) },
    secrets: { apiKey: "s3cret" },
    configuration: { unit: "C" },
  };
  const transform = defineTransform({
    documents: "one",
    enrichments: {
      weather: {
        keyOf: ({ item }) => (typeof item["city"] === "string" ? item["city"] : undefined),
        fetchMany: async (keys, { secrets, configuration }) => {
          if (keys.includes("down")) throw new Error('the answer to "down" was 503');
          return keys.map((key) => `${key} in ${String(configuration["unit"])} by ${secrets["apiKey"]}`);
        },
        retries: 0,
        whenItFails,
        rereadAfterSeconds: 90,
      },
    },
    transform: (records) => records.map(({ enriched: { weather } }) => ({ weather })),
  });
  const now = () => NOW;
  const renderBatch = makeRenderBatch(
    transform,
    makeCallTransform(services, now, pause),
    undefined,
    makeEnrichRecords(transform.enrichments ?? {}, { services, now, pause }),
  );
  const renderings = await renderBatch(cities.map(toEvent), NOW + 60_000);
  return { renderings, warned };
}

function toEvent(city: string): ChangeEvent {
  const image = { id: { S: city }, city: { S: city } };
  const version = versionOfStreamSecond(NOW / 1000);
  return {
    op: "insert",
    recordId: city,
    key: { id: { S: city } },
    version,
    sourceTime: NOW,
    position: "0",
    image,
  };
}

const rendered = (city: string) => ({
  kind: "rendered",
  documents: [{ id: city, source: JSON.stringify({ weather: `${city} in C by s3cret` }) }],
  formerIds: [],
});

describe("rendering with an enrichment", () => {
  it("hands its value to the transform, and secrets and configuration to what fetches it", async () => {
    const { renderings, warned } = await render("wait", "Rome", "Oslo");
    expect(renderings).toEqual([rendered("Rome"), rendered("Oslo")]);
    expect(warned).toEqual([]);
  });

  it("lets the record wait whose value cannot be fetched, and no other", async () => {
    const { renderings, warned } = await render("wait", "Rome", "down", "Oslo");
    expect(renderings).toEqual([
      rendered("Rome"),
      {
        kind: "failed",
        cause: "ENRICHMENT_FAILED",
        reason: 'enrichment weather: the answer to "down" was 503',
      },
      rendered("Oslo"),
    ]);
    expect(warned).toEqual(["an enrichment failed"]);
  });

  it("refuses it at once where nobody is to wait, naming the record and no value", async () => {
    const { renderings } = await render("dead-letter", "down", "Oslo");
    expect(renderings[1]).toEqual(rendered("Oslo"));
    const [refused] = renderings;
    expect(refused?.kind === "invalid" && refused.error.message).toBe(
      "ENRICHMENT_FAILED: enrichment weather has no value: the answer to '…' was 503 (record down). Fix: see that what it calls answers, then replay the dead letters.",
    );
  });

  it("makes the document without it, and says when the record must be read again", async () => {
    const { renderings } = await render("index-without", "Rome", "down");
    expect(renderings).toEqual([
      rendered("Rome"),
      {
        kind: "rendered",
        documents: [{ id: "down", source: "{}" }],
        formerIds: [],
        rereadAfterMillis: 90_000,
      },
    ]);
  });
});
