import type { ChangeEvent } from "../../core/change-event.ts";
import { versionOfStreamSecond } from "../../core/external-version.ts";
import type { ReindexRequest } from "../../core/reindex-request.ts";
import type { Rendering } from "../../fallback-consumer/render-batch.ts";
import { requestRereads } from "../../fallback-consumer/request-rereads.ts";

const NOW = 1_800_000_000_000;

function eventOf(recordId: string): ChangeEvent {
  const key = { id: { S: recordId } };
  const version = versionOfStreamSecond(NOW / 1000);
  return { op: "insert", recordId, key, version, sourceTime: NOW, position: "0", image: key };
}

function renderedWithout(rereadAfterMillis?: number): Rendering {
  const again = rereadAfterMillis === undefined ? {} : { rereadAfterMillis };
  return { kind: "rendered", documents: [], formerIds: [], ...again };
}

async function requestsOf(...rendered: readonly (readonly [recordId: string, rendering: Rendering])[]) {
  const requests: ReindexRequest[] = [];
  const queue = { send: async (sent: readonly ReindexRequest[]) => void requests.push(...sent) };
  const all = rendered.map(([recordId, rendering]) => ({ event: eventOf(recordId), rendering }));
  await requestRereads({ queue, newRequestId: () => "new", now: () => NOW }, all);
  return requests;
}

describe("requesting re-reads of what is indexed without an enrichment", () => {
  it("asks once for each record, by its key, when its enrichment says", async () => {
    expect(await requestsOf(["a", renderedWithout(1_000)], ["b", renderedWithout()])).toEqual([
      {
        requestId: "new",
        reason: "enrichment",
        recordId: "a",
        key: { id: { S: "a" } },
        attempt: 1,
        notBefore: NOW + 1_000,
      },
    ]);
  });

  it("asks for none whose last change lacks nothing, and for one whose last change does", async () => {
    expect(await requestsOf(["a", renderedWithout(1_000)], ["a", renderedWithout()])).toEqual([]);
    expect(await requestsOf(["a", renderedWithout()], ["a", renderedWithout(1_000)])).toHaveLength(1);
  });
});
