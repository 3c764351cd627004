import { versionOfReread } from "../../core/external-version.ts";
import type { WriteOutcome } from "../../core/ports/index-writer.ts";
import type { ReindexRequest } from "../../core/reindex-request.ts";
import type { ReindexDeps, ReindexMessage } from "../../fallback-consumer/reindex-deps.ts";
import { makeReindexRecords } from "../../fallback-consumer/reindex-records.ts";

const NOW = Date.parse("2026-11-25T10:00:00Z");
const VERSION = versionOfReread(NOW);

/** A consumer whose index answers every write the same way. */
function makeWorld(outcome: WriteOutcome, more: Partial<ReindexDeps> = {}) {
  const postponed: { readonly receiptHandle: string; readonly seconds: number }[] = [];
  const requests: ReindexRequest[] = [];
  const deps: ReindexDeps = {
    generation: {
      table: "orders",
      generation: "orders-custom-1",
      mode: "custom",
      indexUuid: "uuid",
      transformHash: "identity",
      key: { partitionKey: { name: "id", type: "S" } },
    },
    index: { write: async (writes) => writes.map(() => outcome) },
    identity: { verify: async () => undefined },
    manifest: { append: async () => undefined },
    deadLetters: { send: async () => undefined },
    render: async (events) =>
      events.map(({ recordId }) => ({
        kind: "rendered",
        documents: [{ id: recordId, source: "{}" }],
        formerIds: [],
      })),
    observe: () => undefined,
    now: () => NOW,
    source: { read: async (records) => ({ version: VERSION, readAt: NOW, records }) },
    documents: { list: async () => [] },
    queue: { send: async (sent) => void requests.push(...sent) },
    postponer: {
      postpone: async (receiptHandle, seconds) => void postponed.push({ receiptHandle, seconds }),
    },
    versions: { read: async () => undefined },
    unrepairable: { write: async () => undefined },
    newRequestId: () => "new",
    several: false,
    ...more,
  };
  return { postponed, requests, reindex: makeReindexRecords(deps) };
}

function messageOf(request: Partial<ReindexRequest>): ReindexMessage {
  const body = { requestId: "1", reason: "drift", recordId: "a", attempt: 1, notBefore: NOW, ...request };
  return { messageId: "m", receiptHandle: "r", sentAt: NOW, body: JSON.stringify(body) };
}

describe("makeReindexRecords", () => {
  it("has a re-read that the index did not take back in seconds, not after the queue's visibility timeout", async () => {
    const world = makeWorld({ kind: "unavailable", status: 429, reason: "busy" });
    const answer = await world.reindex([messageOf({})], NOW + 60_000);
    expect(answer.batchItemFailures).toEqual([{ itemIdentifier: "m" }]);
    expect(world.postponed).toEqual([{ receiptHandle: "r", seconds: 10 }]);
  });

  it("reads all records of a message at once, and has the message again when the index did not take one", async () => {
    const reads: number[] = [];
    const world = makeWorld(
      { kind: "superseded" },
      {
        source: {
          read: async (records) => {
            reads.push(records.length);
            return { version: VERSION, readAt: NOW, records };
          },
        },
        index: {
          write: async (writes) =>
            writes.map(({ id }) =>
              id === "b"
                ? { kind: "unavailable", status: 429, reason: "busy" }
                : { kind: "applied", seqNo: 1, primaryTerm: 1 },
            ),
        },
      },
    );
    const requests = ["a", "b", "c", "b"].map((recordId, place) => ({
      requestId: `request-${place}`,
      reason: "rebuild",
      recordId,
      attempt: 1,
      notBefore: 0,
    }));
    const packed = { ...messageOf({}), body: JSON.stringify(requests) };
    const other = { ...messageOf({ recordId: "d" }), messageId: "n" };
    const answer = await world.reindex([packed, other], NOW + 60_000);
    expect(answer.batchItemFailures).toEqual([{ itemIdentifier: "m" }]);
    expect(world.postponed).toEqual([{ receiptHandle: "r", seconds: 10 }]);
    expect(reads).toEqual([5]);
  });

  it("leaves a request that is not due hidden until it is", async () => {
    const world = makeWorld({ kind: "superseded" });
    const answer = await world.reindex([messageOf({ notBefore: NOW + 7_500 })], NOW + 60_000);
    expect(answer.batchItemFailures).toEqual([{ itemIdentifier: "m" }]);
    expect(world.postponed).toEqual([{ receiptHandle: "r", seconds: 8 }]);
  });

  it("touches a record that is there instead of writing it, and removes what is gone, where a pipeline changes documents", async () => {
    const written: string[] = [];
    const touched: unknown[] = [];
    const world = makeWorld(
      { kind: "superseded" },
      {
        index: {
          write: async (writes) => {
            written.push(...writes.map(({ id, source }) => `${id} ${source}`));
            return writes.map(() => ({ kind: "applied", seqNo: 1, primaryTerm: 1 }));
          },
        },
        source: {
          read: async (keys) => ({
            version: VERSION,
            readAt: NOW,
            records: keys.map((key) =>
              "id" in key && "S" in key["id"] && key["id"].S === "gone" ? undefined : key,
            ),
          }),
        },
        render: async (events) => events.map(() => ({ kind: "rendered", documents: [], formerIds: [] })),
        toucher: { touch: async (key) => void touched.push(key) },
      },
    );
    const messages = [
      messageOf({ recordId: "there" }),
      { ...messageOf({ recordId: "gone" }), messageId: "n" },
    ];
    expect((await world.reindex(messages, NOW + 60_000)).batchItemFailures).toEqual([]);
    expect(touched).toEqual([{ id: { S: "there" } }]);
    expect(written.map((line) => line.split(" ")[0])).toEqual(["gone"]);
  });

  it("writes nothing while an enrichment is still missing, and asks again in a while", async () => {
    const written: string[] = [];
    const world = makeWorld(
      { kind: "superseded" },
      {
        index: {
          write: async (writes) => {
            written.push(...writes.map(({ id }) => id));
            return writes.map(() => ({ kind: "applied", seqNo: 1, primaryTerm: 1 }));
          },
        },
        render: async (events) =>
          events.map(({ recordId }) => ({
            kind: "rendered",
            documents: [{ id: recordId, source: "{}" }],
            formerIds: [],
            ...(recordId === "lacking" ? { rereadAfterMillis: 60_000 } : {}),
          })),
      },
    );
    const requests = [
      messageOf({ recordId: "lacking", reason: "enrichment" }),
      messageOf({ recordId: "complete", reason: "enrichment" }),
    ];
    expect((await world.reindex(requests, NOW + 60_000)).batchItemFailures).toEqual([]);
    expect(written).toEqual(["complete"]);
    expect(world.requests).toMatchObject([
      { requestId: "new", reason: "enrichment", recordId: "lacking", attempt: 1, notBefore: NOW + 60_000 },
    ]);
  });

  it("writes what it has of a drifted record although an enrichment is missing", async () => {
    const world = makeWorld(
      { kind: "applied", seqNo: 1, primaryTerm: 1 },
      {
        render: async (events) =>
          events.map(({ recordId }) => ({
            kind: "rendered",
            documents: [{ id: recordId, source: "{}" }],
            formerIds: [],
            rereadAfterMillis: 60_000,
          })),
      },
    );
    await world.reindex([messageOf({})], NOW + 60_000);
    expect(world.requests).toMatchObject([{ reason: "enrichment", recordId: "a" }]);
  });

  it("asks anew, ten seconds later, for a re-read that the index refused as older", async () => {
    const world = makeWorld({ kind: "superseded" });
    const answer = await world.reindex([messageOf({})], NOW + 60_000);
    expect(answer.batchItemFailures).toEqual([]);
    expect(world.requests).toMatchObject([{ requestId: "new", attempt: 2, notBefore: NOW + 10_000 }]);
  });
});
