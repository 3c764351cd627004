import { randomUUID } from "node:crypto";
import { makeSearchConnection, type SearchConnection } from "../../adapters/opensearch-connection.ts";
import {
  makeOpenSearchDocumentVersions,
  makeOpenSearchIdentity,
} from "../../adapters/opensearch-identity.ts";
import { makeOpenSearchIndex } from "../../adapters/opensearch-index.ts";
import { makePostgresColumns, readColumns } from "../../adapters/postgres-columns.ts";
import { makePostgresReader } from "../../adapters/postgres-reader.ts";
import type { KafkaRecord } from "../../core/kafka-record.ts";
import { makeOffsetReader } from "../../core/latest-position.ts";
import { encodeSegment } from "../../core/manifest-codec.ts";
import type { ManifestEntry, ManifestSegment } from "../../core/manifest-entry.ts";
import { foldEntries } from "../../core/manifest-fold.ts";
import type { ControlStore } from "../../core/ports/control-store.ts";
import type { SqlSession } from "../../core/ports/sql-session.ts";
import { makeRecordDocuments } from "../../core/read-manifest.ts";
import type { DeadLetter, ReindexRequest } from "../../core/reindex-request.ts";
import { tableKeyOf } from "../../core/sql/sql-column.ts";
import { isYoungPosition } from "../../core/sql/young-winner.ts";
import { stateLayout } from "../../core/state-layout.ts";
import type { Transform } from "../../core/transform.ts";
import { makeConsumeKafka } from "../../fallback-consumer/consume-kafka.ts";
import type { ConsumerDeps } from "../../fallback-consumer/consumer-deps.ts";
import { makeRecordGap } from "../../fallback-consumer/record-gap.ts";
import { makeReindexRecords } from "../../fallback-consumer/reindex-records.ts";
import { makeRenderBatch } from "../../fallback-consumer/render-batch.ts";
import { makeTruncations } from "../../fallback-consumer/truncate-table.ts";
import { makeControl, makeGeneration } from "./generation-controls.ts";
import { MemoryObjects } from "./memory-objects.ts";

const INVOCATION_MILLIS = 60_000;

/** The product's consumers of one table, between a real PostgreSQL, a real index, and a manifest and queues in memory. */
export class PostgresConsumer {
  readonly table: string;
  readonly index: string;
  readonly requests: ReindexRequest[] = [];
  readonly letters: DeadLetter[] = [];
  readonly entries: ManifestEntry[] = [];
  readonly #send: SearchConnection;
  readonly #store = new MemoryObjects();
  readonly #control = { value: makeControl([], { table: "t" }) };
  readonly #consume: ReturnType<typeof makeConsumeKafka>;
  readonly #reindex: ReturnType<typeof makeReindexRecords>;
  /** Truncates wait for other invocations, which there are none of. */
  #skew = 0;
  #segments = 0;

  private constructor(
    table: string,
    send: SearchConnection,
    index: string,
    deps: ConsumerDeps,
    session: SqlSession,
    several: boolean,
  ) {
    this.table = table;
    this.index = index;
    this.#send = send;
    const { generation, indexUuid } = deps.generation;
    const now = () => Date.now() + this.#skew;
    this.#control.value = {
      ...this.#control.value,
      generations: { [generation]: makeGeneration({ generation, indexUuid, transformHash: "h" }) },
    };
    const control: ControlStore = {
      read: async () => this.#control.value,
      update: async (_table, change) => {
        this.#control.value = change(this.#control.value);
        return this.#control.value;
      },
    };
    const folder = stateLayout.manifest(generation, indexUuid);
    const shared = {
      ...deps,
      now,
      manifest: { append: async (segment: ManifestSegment) => this.#append(folder, segment, now()) },
      deadLetters: { send: async (letters: readonly DeadLetter[]) => void this.letters.push(...letters) },
      queue: { send: async (requests: readonly ReindexRequest[]) => void this.requests.push(...requests) },
      newRequestId: randomUUID,
      several,
    };
    this.#consume = makeConsumeKafka({
      ...shared,
      tableName: table,
      topic: `shop.${table}`,
      columns: makePostgresColumns(session),
      offsets: makeOffsetReader(this.#store, deps.generation, now),
      gaps: makeRecordGap({ ...shared, control, announce: () => undefined }),
      truncations: makeTruncations({
        ...shared,
        control,
        place: { store: this.#store, folder, buckets: 4, newName: randomUUID },
        wait: async (millis) => {
          this.#skew += millis;
        },
        invocationMillis: () => INVOCATION_MILLIS,
      }),
    });
    this.#reindex = makeReindexRecords({
      ...shared,
      source: makePostgresReader(session, { tableName: table, watermarkId: `test ${index}`, now }),
      documents: makeRecordDocuments(this.#store, deps.generation),
      versions: makeOpenSearchDocumentVersions(send, `${index}-write`),
      unrepairable: { write: async (_run, { id }) => void this.letters.push(unrepairable(id)) },
      postponer: { postpone: async () => undefined },
      isYoung: isYoungPosition,
    });
  }

  /** Makes an index for a table, and its consumers. @param transform - of a user; absent: every row its own document */
  static async make(
    endpoint: string,
    session: SqlSession,
    table: string,
    transform?: Extract<Transform, { kind: "user" }>,
  ) {
    const send = makeSearchConnection({ endpoint, authentication: { kind: "none" } }, () =>
      Promise.reject(new Error("no secret")),
    );
    const index = `postgres-${table.replace(/^public\./, "").replaceAll("_", "-")}-${randomUUID()}`;
    const writeAlias = `${index}-write`;
    const body = {
      settings: { number_of_replicas: 0, "index.mapping.total_fields.limit": 2_000 },
      mappings: { dynamic: false },
      aliases: { [writeAlias]: { is_write_index: true } },
    };
    await send({ method: "PUT", path: `/${index}`, body: JSON.stringify(body) });
    const { text } = await send({ method: "GET", path: `/${index}/_settings/index.uuid` });
    const indexUuid = /"uuid":"([^"]+)"/.exec(text)?.[1] ?? "";
    const key = tableKeyOf(await readColumns(session, table), table);
    const deps: ConsumerDeps = {
      generation: { table: "t", generation: index, mode: "custom", indexUuid, transformHash: "h", key },
      index: makeOpenSearchIndex(send, { writeAlias, now: Date.now }),
      identity: makeOpenSearchIdentity(send, { writeAlias, indexUuid }, Date.now),
      manifest: { append: async () => undefined },
      deadLetters: { send: async () => undefined },
      render: makeRenderBatch(transform ?? { kind: "identity" }, (user) => ({
        run: async (records) => user.transform(records, NO_SERVICES),
        hasTime: () => true,
        pause: async () => undefined,
      })),
      queue: { send: async () => undefined },
      newRequestId: randomUUID,
      observe: () => undefined,
      now: Date.now,
    };
    return new PostgresConsumer(table, send, index, deps, session, transform !== undefined);
  }

  get gap(): string | undefined {
    return Object.values(this.#control.value.generations)[0]?.gap?.cause;
  }

  /** @returns the place in the records of each partition from which on they must come again; its end where all is done */
  async consume(records: readonly KafkaRecord[]): Promise<ReadonlyMap<number, number>> {
    const { batchItemFailures } = await this.#consume(records, Date.now() + this.#skew + INVOCATION_MILLIS);
    const next = new Map(records.map(({ partition, offset }) => [partition, offset + 1]));
    for (const { itemIdentifier } of batchItemFailures) {
      next.set(Number(/\d+$/.exec(itemIdentifier.partition)?.[0]), itemIdentifier.offset);
    }
    return next;
  }

  ask(recordId: string): void {
    this.requests.push({ requestId: randomUUID(), reason: "drift", recordId, attempt: 1, notBefore: 0 });
  }

  async reindex(): Promise<void> {
    const taken = this.requests.splice(0, 100);
    const bodies = taken.map((request) => ({ ...request, notBefore: 0 }));
    const messages = bodies.map((request) => ({
      messageId: request.requestId,
      receiptHandle: "",
      body: JSON.stringify(request),
      sentAt: Date.now(),
    }));
    if (messages.length > 0) await this.#reindex(messages, Date.now() + this.#skew + INVOCATION_MILLIS);
  }

  /** What the index holds, tombstones apart: the documents by id. */
  async documents(): Promise<ReadonlyMap<string, object>> {
    await this.#send({ method: "POST", path: `/${this.index}/_refresh` });
    const { text } = await this.#send({ method: "GET", path: `/${this.index}/_search?size=5000` });
    const hits: readonly { readonly _id: string; readonly _source: object }[] = JSON.parse(text).hits.hits;
    const live = hits.filter(({ _source }) => !("_trueup_deleted_at" in _source));
    return new Map(live.map(({ _id, _source }) => [_id, _source]));
  }

  /** The manifest's live documents by id, each with the fingerprint of its row. */
  fingerprints(): ReadonlyMap<string, string> {
    const live = [...foldEntries(this.entries).values()].filter(({ state }) => state === "present");
    return new Map(live.map(({ id, fingerprint }) => [id, fingerprint]));
  }

  async remove(): Promise<void> {
    await this.#send({ method: "DELETE", path: `/${this.index}` });
  }

  async #append(folder: string, segment: ManifestSegment, now: number): Promise<void> {
    this.entries.push(...segment.entries);
    const time = new Date(now).toISOString();
    const place = String(this.#segments++).padStart(8, "0");
    const name = `${time.replaceAll(/[:.]/g, "-")}-${segment.origin}-${place}.gz`;
    await this.#store.writeText(`${folder}segments/${time.slice(0, 13)}/${name}`, encodeSegment(segment));
  }
}

const NO_SERVICES = {
  fetch,
  lookup: async () => [],
  secrets: {},
  configuration: {},
  log: { info: () => undefined, warn: () => undefined },
};

function unrepairable(id: string): DeadLetter {
  const place = { table: "t", generation: "", recordId: id, key: {}, position: "", at: "" };
  return { ...place, cause: "UNREPAIRABLE", reason: "" };
}
