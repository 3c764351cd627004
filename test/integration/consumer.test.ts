import { randomUUID } from "node:crypto";
import { makeSearchConnection, type SearchConnection } from "../../adapters/opensearch-connection.ts";
import {
  makeOpenSearchDocumentVersions,
  makeOpenSearchIdentity,
} from "../../adapters/opensearch-identity.ts";
import { makeOpenSearchIndex } from "../../adapters/opensearch-index.ts";
import type { AttributeMap } from "../../core/attribute-value.ts";
import type { StreamRecord } from "../../core/decode-stream-record.ts";
import type { ExternalVersion } from "../../core/external-version.ts";
import identityTransform from "../../core/identity-transform.ts";
import type { ManifestSegment } from "../../core/manifest-entry.ts";
import type { DeadLetter } from "../../core/reindex-request.ts";
import { makeConsumeStream } from "../../fallback-consumer/consume-stream.ts";
import { makeRenderBatch } from "../../fallback-consumer/render-batch.ts";

const endpoint = process.env["TRUEUP_TEST_SEARCH"] ?? "";
const now = Date.now;
const soon = () => now() + 20_000;
const version = (value: bigint) => value as ExternalVersion;
const connect = (to: string) =>
  makeSearchConnection({ endpoint: to, authentication: { kind: "none" } }, () =>
    Promise.reject(new Error("no secret")),
  );

let send: SearchConnection;
let index: string;
let alias: string;
let indexUuid: string;

const get = async (id: string) =>
  (await send({ method: "GET", path: `/${index}/_doc/${encodeURIComponent(id)}` })).text;

beforeEach(async () => {
  send = connect(endpoint);
  index = `consumer-test-${randomUUID()}`;
  alias = `${index}-write`;
  const mappings = { properties: { n: { type: "long" }, big: { type: "keyword" } } };
  const settings = { number_of_replicas: 0 };
  await send({
    method: "PUT",
    path: `/${index}`,
    body: JSON.stringify({ settings, mappings, aliases: { [alias]: { is_write_index: true } } }),
  });
  const { text } = await send({ method: "GET", path: `/${index}/_settings/index.uuid` });
  indexUuid = /"uuid":"([^"]+)"/.exec(text)?.[1] ?? "";
});

afterEach(async () => {
  await send({ method: "DELETE", path: `/${index}` });
});

describe("the writer and a real engine", () => {
  const makeIndex = (to = send) => makeOpenSearchIndex(to, { writeAlias: alias, now });

  it("accepts the same version again, refuses an older one, and keeps the largest there is", async () => {
    const largest = 9_223_372_036_854_775_807n;
    const kinds: string[] = [];
    for (const value of [1_000_000n, 1_000_000n, 1n, largest, 5n]) {
      const [outcome] = await makeIndex().write([{ id: "a", version: version(value), source: "{}" }], soon());
      kinds.push(outcome?.kind ?? "");
    }
    expect(kinds).toEqual(["applied", "applied", "superseded", "applied", "superseded"]);
    expect(await makeOpenSearchDocumentVersions(send, alias).read("a")).toBe(largest);
  });

  it("tells a mapping's refusal of one document apart from its neighbours, without its value", async () => {
    const outcomes = await makeIndex().write(
      [
        { id: "good", version: version(1n), source: '{"n":1}' },
        { id: "bad", version: version(1n), source: '{"n":"secret"}' },
      ],
      soon(),
    );
    expect(outcomes).toMatchObject([{ kind: "applied" }, { kind: "rejected", cause: "MAPPING_REJECTED" }]);
    expect(JSON.stringify(outcomes)).not.toContain("secret");
  });

  it("isolates a document over the engine's request limit, and writes the others of its bulk", async () => {
    const huge = `{"t":"${"x".repeat(101 * 1024 * 1024)}"}`;
    const roomy = makeOpenSearchIndex(send, { writeAlias: alias, now, maxBulkBytes: 512 * 1024 * 1024 });
    const outcomes = await roomy.write(
      [
        { id: "a", version: version(1n), source: "{}" },
        { id: "huge", version: version(1n), source: huge },
        { id: "b", version: version(1n), source: "{}" },
      ],
      now() + 60_000,
    );
    expect(outcomes).toMatchObject([
      { kind: "applied" },
      { kind: "rejected", cause: "DOCUMENT_TOO_LARGE" },
      { kind: "applied" },
    ]);
  }, 90_000);

  it("writes nothing and makes no index once its alias is gone", async () => {
    await send({ method: "DELETE", path: `/${index}/_alias/${alias}` });
    const outcomes = await makeIndex().write([{ id: "a", version: version(1n), source: "{}" }], soon());
    expect(outcomes).toMatchObject([{ kind: "unavailable", status: 404 }]);
    expect((await send({ method: "HEAD", path: `/${alias}` })).status).toBe(404);
  });

  it("reports an engine that is not there as unavailable when time is up", async () => {
    const nowhere = makeIndex(connect("http://127.0.0.1:9"));
    expect(await nowhere.write([{ id: "a", version: version(1n), source: "{}" }], now() + 500)).toMatchObject(
      [{ kind: "unavailable" }],
    );
  });
});

describe("the stream consumer and a real engine", () => {
  const second = Math.floor(Date.now() / 1000);
  const insert = (id: string, rest: AttributeMap = {}): StreamRecord => ({
    eventName: "INSERT",
    dynamodb: {
      ApproximateCreationDateTime: second,
      Keys: { id: { S: id } },
      NewImage: { id: { S: id }, ...rest },
      SequenceNumber: id,
    },
  });
  const makeConsumer = (segments: ManifestSegment[], letters: DeadLetter[], uuid = indexUuid) =>
    makeConsumeStream({
      generation: {
        table: "orders",
        generation: index,
        mode: "custom",
        indexUuid: uuid,
        transformHash: "identity",
        key: { partitionKey: { name: "id", type: "S" } },
      },
      index: makeOpenSearchIndex(send, { writeAlias: alias, now }),
      identity: makeOpenSearchIdentity(send, { writeAlias: alias, indexUuid: uuid }, now),
      manifest: { append: async (segment) => void segments.push(segment) },
      deadLetters: { send: async (sent) => void letters.push(...sent) },
      render: makeRenderBatch(identityTransform, () => {
        throw new Error("the identity calls nobody");
      }),
      queue: { send: async () => undefined },
      newRequestId: () => "none",
      observe: () => undefined,
      now,
    });

  it("indexes 38 digits, keys of 600 bytes, sets, binary, empty strings and nulls without loss", async () => {
    const segments: ManifestSegment[] = [];
    const digits = "12345678901234567890123456789012345678";
    const rest = {
      big: { N: digits },
      set: { SS: ["b", "a"] },
      bytes: { B: "aGk=" },
      empty: { S: "" },
      nothing: { NULL: true },
    } as const;
    const longKey = "k".repeat(600);
    const answer = await makeConsumer(
      segments,
      [],
    )({
      records: [insert("a", rest), insert(longKey)],
      shard: "0",
      deadline: soon(),
    });
    expect(answer.batchItemFailures).toEqual([]);
    expect(await get("a")).toContain(
      `"_source":{"id":"a","big":${digits},"set":["a","b"],"bytes":"aGk=","empty":"","nothing":null}`,
    );
    const [, entry] = segments[0]?.entries ?? [];
    expect(entry).toMatchObject({ recordId: longKey, id: expect.stringMatching(/^sha256-[0-9a-f]{64}$/) });
    expect(await get(entry?.id ?? "")).toContain(longKey);
  });

  it("acknowledges what the index acknowledged: the same sequence numbers the documents have", async () => {
    const segments: ManifestSegment[] = [];
    const letters: DeadLetter[] = [];
    const records = [insert("a"), insert("bad", { n: { S: "no number" } }), insert("b")];
    const answer = await makeConsumer(segments, letters)({ records, shard: "7", deadline: soon() });
    expect(answer.batchItemFailures).toEqual([]);
    expect(letters).toMatchObject([{ recordId: "bad", cause: "MAPPING_REJECTED", position: "7/bad" }]);
    expect(segments[0]?.positions).toEqual([{ shard: "7", sequence: "b", time: second * 1000 }]);
    for (const { id, seqNo, primaryTerm } of segments[0]?.entries ?? []) {
      expect(await get(id)).toContain(`"_seq_no":${seqNo},"_primary_term":${primaryTerm}`);
    }
    expect(segments[0]?.entries.map(({ id }) => id)).toEqual(["a", "b"]);
  });

  it("takes nothing when the alias leads to another index than its own", async () => {
    const consume = makeConsumer([], [], "another-uuid");
    await expect(consume({ records: [insert("a")], shard: "0", deadline: soon() })).rejects.toMatchObject({
      code: "INDEX_REPLACED",
      retryable: true,
    });
    expect(await get("a")).toContain('"found":false');
  });
});
