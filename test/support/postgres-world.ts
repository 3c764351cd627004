import type { AttributeMap } from "../../core/attribute-value.ts";
import { compactAll, type ManifestPlace } from "../../core/compact-segments.ts";
import { makeOffsetReader } from "../../core/latest-position.ts";
import { LineBlock } from "../../core/line-block.ts";
import { encodeSegment } from "../../core/manifest-codec.ts";
import type { ManifestEntry, ManifestSegment } from "../../core/manifest-entry.ts";
import { foldEntries } from "../../core/manifest-fold.ts";
import type { ControlStore } from "../../core/ports/control-store.ts";
import type { SourceReader } from "../../core/ports/source-reader.ts";
import type { DeadLetter, ReindexRequest } from "../../core/reindex-request.ts";
import type { SqlColumn } from "../../core/sql/sql-column.ts";
import { isYoungPosition } from "../../core/sql/young-winner.ts";
import { stateLayout } from "../../core/state-layout.ts";
import { DELETED_AT_FIELD } from "../../core/table-descriptor.ts";
import type { SourceRecord, Transform, TransformResult } from "../../core/transform.ts";
import { makeConsumeKafka } from "../../fallback-consumer/consume-kafka.ts";
import type { ConsumerDeps } from "../../fallback-consumer/consumer-deps.ts";
import { makeLoadFile } from "../../fallback-consumer/load-file.ts";
import { makeRecordGap } from "../../fallback-consumer/record-gap.ts";
import { makeReindexRecords } from "../../fallback-consumer/reindex-records.ts";
import { makeRenderBatch } from "../../fallback-consumer/render-batch.ts";
import { makeTruncations } from "../../fallback-consumer/truncate-table.ts";
import { ModelIndex } from "../../testing/histories/model-index.ts";
import { makeControl, makeGeneration } from "./generation-controls.ts";
import { MemoryObjects } from "./memory-objects.ts";
import type { InvocationFault } from "./model-world.ts";
import { type ModelRow, PARTITIONS, PostgresModel, TOPIC } from "./postgres-model.ts";

const START = 1_800_000_000_000;
const INVOCATION_MILLIS = 60_000;
const GENERATION = "things-custom-1";
const FOLDER = stateLayout.manifest(GENERATION, "u");

const columns: readonly SqlColumn[] = [
  { name: "id", type: { kind: "text" }, isKey: true },
  { name: "value", type: { kind: "text" }, isKey: false },
  { name: "parts", type: { kind: "number" }, isKey: false },
  { name: "large", type: { kind: "text" }, isKey: false },
];

/** How a world is made, so that a test can also break what must not be broken. */
export interface WorldOptions {
  readonly several: boolean;
  readonly tellsOldRows: boolean;
  /** Re-reads write no watermark: the rule that the history H3 broke. */
  readonly withoutWatermark?: boolean;
}

/** A PostgreSQL, its topic, an index, a manifest and queues, in memory; the product's own consumers between them. */
export class PostgresWorld {
  readonly database: PostgresModel;
  readonly index: ModelIndex;
  readonly entries: ManifestEntry[] = [];
  readonly letters: DeadLetter[] = [];
  readonly requests: ReindexRequest[] = [];
  readonly store = new MemoryObjects();
  /** What happens between a re-read's watermark and its read. */
  meanwhile: (() => void)[] = [];
  readonly #control = { value: makeControl([], { table: "things" }) };
  readonly #checkpoints: number[] = Array.from({ length: PARTITIONS }, () => 0);
  readonly #options: WorldOptions;
  #consume: ReturnType<typeof makeConsumeKafka>;
  readonly #reindex: ReturnType<typeof makeReindexRecords>;
  readonly #load: ReturnType<typeof makeLoadFile>;
  readonly #exports: (readonly string[])[] = [];
  /** Loads that broke off: the workflow begins them again. */
  readonly #unfinished = new Set<number>();
  #lines: readonly string[] = [];
  #now = START;
  #count = 0;
  #manifestFails = false;
  #lettersFail = false;

  constructor(options: WorldOptions) {
    this.#options = options;
    const now = () => this.#now;
    this.database = new PostgresModel({ tellsOldRows: options.tellsOldRows, now });
    this.index = new ModelIndex(now);
    const generation = makeGeneration({ generation: GENERATION, indexUuid: "u", transformHash: "h" });
    this.#control.value = { ...this.#control.value, generations: { [GENERATION]: generation } };
    const deps = this.#makeDeps();
    this.#consume = this.#makeConsumer();
    this.#load = makeLoadFile({ ...deps, file: { readBlocks: () => this.#readBlocks() } });
    this.#reindex = makeReindexRecords({
      ...deps,
      several: options.several,
      source: this.#source(),
      documents: { list: async (recordIds) => recordIds.map((recordId) => this.#documentsOf(recordId)) },
      versions: { read: async (id) => this.index.documents.get(id)?.version },
      postponer: { postpone: async () => undefined },
      unrepairable: { write: async (_run, { id }) => void this.letters.push(this.#unrepairable(id)) },
      isYoung: isYoungPosition,
    });
  }

  get gap(): string | undefined {
    return this.#control.value.generations[GENERATION]?.gap?.cause;
  }

  advance(millis: number): void {
    this.#now += millis;
  }

  /** Delivers records of some partitions in one invocation. @param partitions - bits, by number */
  async consume(partitions: number, count: number, fault: InvocationFault): Promise<void> {
    const records = this.database.topic.flatMap((log, partition) => {
      const from = this.#checkpoints[partition] ?? 0;
      return (partitions >> partition) % 2 === 1 ? log.slice(from, from + count) : [];
    });
    if (records.length === 0) return;
    await this.#invoke(fault, async () => {
      const { batchItemFailures } = await this.#consume(records, this.#now + INVOCATION_MILLIS);
      const failed = new Map(
        batchItemFailures.map(({ itemIdentifier: { partition, offset } }) => [partition, offset]),
      );
      for (const { topic, partition, offset } of records) {
        this.#checkpoints[partition] = failed.get(`${topic}-${partition}`) ?? offset + 1;
      }
    });
  }

  /** Another instance of the function works from now on: it remembers nothing. */
  restart(): void {
    this.#consume = this.#makeConsumer();
  }

  /** The mapping delivers again from anywhere. */
  rewind(partition: number, share: number): void {
    const from = this.#checkpoints[partition] ?? 0;
    this.#checkpoints[partition] = from - Math.floor(from * share);
  }

  /** The first records that were not delivered yet are gone for good. */
  lose(partition: number, count: number): void {
    this.#checkpoints[partition] = (this.#checkpoints[partition] ?? 0) + count;
  }

  takeExport(): void {
    this.#exports.push(
      [...this.database.rows].map(([id, row]) => JSON.stringify({ Item: toRecord(id, row) })),
    );
  }

  async load(which: number, fault: InvocationFault): Promise<void> {
    // A loader does not begin what the stream tells anyway; see `load-handler.ts`.
    if (this.#control.value.generations[GENERATION]?.truncation !== undefined) return;
    const taken = which % Math.max(1, this.#exports.length);
    this.#lines = this.#exports[taken] ?? [];
    const exportTime = new Date(this.#now).toISOString();
    this.#unfinished.add(taken);
    await this.#invoke(fault, async () => {
      await this.#load({ bucket: "b", key: "k", exportTime, fromLine: 0 }, this.#now + INVOCATION_MILLIS);
      this.#unfinished.delete(taken);
    });
  }

  request(recordId: string, documentId?: string): void {
    const extra = documentId === undefined ? {} : { documentId };
    const common = { requestId: this.#nextName(), reason: "drift", recordId, attempt: 1 } as const;
    this.requests.push({ ...common, notBefore: this.#now, auditRun: "run", ...extra });
  }

  async reindex(fault: InvocationFault): Promise<void> {
    const taken = this.requests.splice(0, 10);
    if (taken.length === 0) return;
    const messages = taken.map((request) => ({
      messageId: request.requestId,
      receiptHandle: "",
      body: JSON.stringify(request),
      sentAt: this.#now,
    }));
    let failed = new Set(taken.map(({ requestId }) => requestId));
    await this.#invoke(fault, async () => {
      const answer = await this.#reindex(messages, this.#now + INVOCATION_MILLIS);
      failed = new Set(answer.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
    });
    this.requests.unshift(...taken.filter(({ requestId }) => failed.has(requestId)));
  }

  /** Everything on its way arrives, everything waiting is dealt with. */
  async settle(): Promise<void> {
    this.database.commitAll();
    for (const taken of this.#unfinished) await this.load(taken, healthy);
    while (this.index.late.length > 0) this.index.landOne();
    await this.#until(
      "topic",
      () => this.#isRead(),
      async () => {
        for (let partition = 0; partition < PARTITIONS; partition += 1)
          await this.consume(1 << partition, 100, healthy);
        this.advance(60_000);
      },
    );
    await this.#until(
      "reindex queue",
      () => this.requests.length === 0,
      async () => {
        await this.reindex(healthy);
        this.advance(11_000);
      },
    );
  }

  /** What audits do at the end of any history: read again whatever is ambiguous. */
  async heal(): Promise<void> {
    await this.settle();
    for (let audit = 0; audit < 3 && this.ambiguous().length > 0; audit += 1) {
      for (const { recordId, id } of this.ambiguous()) this.request(recordId, id);
      await this.settle();
    }
  }

  ambiguous(): readonly ManifestEntry[] {
    return [...foldEntries(this.entries).values()].filter((entry) => {
      const stored = this.index.documents.get(entry.id);
      if (entry.state === "announced") return stored?.version === entry.version;
      return entry.tied || stored?.seqNo !== entry.seqNo;
    });
  }

  /** Documents of the index that no manifest entry accounts for. */
  unaccounted(): readonly string[] {
    const last = foldEntries(this.entries);
    return [...this.index.documents]
      .filter(([id, { version }]) => last.get(id)?.version !== version)
      .map(([id]) => id);
  }

  /** What searches see. */
  searchable(): Record<string, string> {
    const live = [...this.index.documents].filter(([, { source }]) => !source.includes(DELETED_AT_FIELD));
    return Object.fromEntries(live.map(([id, { source }]) => [id, describe(JSON.parse(source))]));
  }

  /** What searches must see, told from the database alone. */
  expected(): Record<string, string> {
    const documents = [...this.database.rows].flatMap(([id, row]): [string, string][] => {
      const text = describe({ value: row.value, large: row.large ?? null });
      if (!this.#options.several || row.parts === undefined) return [[id, text]];
      return Array.from({ length: row.parts }, (_, part): [string, string] => [`${id}#${part}`, text]);
    });
    return Object.fromEntries(documents);
  }

  #source(): SourceReader {
    return {
      read: async (keys) => {
        const position = this.#options.withoutWatermark
          ? this.database.position
          : this.database.writeWatermark();
        for (const act of this.meanwhile.splice(0)) act();
        const records = keys.map((key) => this.#readRow(key));
        return { version: toVersion(position), readAt: this.#now, records };
      },
    };
  }

  #readRow({ id = { S: "" } }: AttributeMap): AttributeMap | undefined {
    const name = "S" in id ? id.S : "";
    const row = this.database.rows.get(name);
    return row === undefined ? undefined : toRecord(name, row);
  }

  #makeConsumer(): ReturnType<typeof makeConsumeKafka> {
    const deps = this.#makeDeps();
    const place: ManifestPlace = {
      store: this.store,
      folder: FOLDER,
      buckets: 3,
      newName: () => this.#nextName(),
    };
    return makeConsumeKafka({
      ...deps,
      tableName: "public.things",
      topic: TOPIC,
      columns: { read: async () => columns, tellsOldRows: async () => this.#options.tellsOldRows },
      offsets: makeOffsetReader(this.store, { generation: GENERATION, indexUuid: "u" }, () => this.#now),
      gaps: makeRecordGap({ ...deps, control: this.#controlStore(), announce: () => undefined }),
      truncations: makeTruncations({
        ...deps,
        control: this.#controlStore(),
        place,
        wait: async (millis) => this.advance(millis),
        invocationMillis: () => INVOCATION_MILLIS,
      }),
      several: this.#options.several,
    });
  }

  #makeDeps(): ConsumerDeps {
    const transform: Transform = this.#options.several
      ? { kind: "user", documents: "any", timeoutMillis: 1, transform: () => [] }
      : { kind: "identity" };
    return {
      generation: {
        table: "things",
        generation: GENERATION,
        mode: "custom",
        indexUuid: "u",
        transformHash: "h",
        key: { partitionKey: { name: "id", type: "S" } },
      },
      index: this.index,
      identity: { verify: async () => undefined },
      manifest: { append: async (segment) => this.#append(segment) },
      deadLetters: { send: async (letters) => this.#takeLetters(letters) },
      render: makeRenderBatch(transform, () => ({
        run: async (records) => records.map(transformRow),
        hasTime: () => true,
        pause: async () => undefined,
      })),
      ...this.#queue(),
      observe: () => undefined,
      now: () => this.#now,
    };
  }

  #queue() {
    return {
      queue: { send: async (requests: readonly ReindexRequest[]) => void this.requests.push(...requests) },
      newRequestId: () => this.#nextName(),
    };
  }

  #controlStore(): ControlStore {
    return {
      read: async () => this.#control.value,
      update: async (_table, change) => {
        this.#control.value = change(this.#control.value);
        return this.#control.value;
      },
    };
  }

  #append(segment: ManifestSegment): void {
    if (this.#manifestFails) throw new Error("S3 refused the segment");
    this.entries.push(...segment.entries);
    const time = new Date(this.#now).toISOString();
    const name = `${time.replaceAll(/[:.]/g, "-")}-${segment.origin}-${String(this.#count++).padStart(8, "0")}.gz`;
    void this.store.writeText(`${FOLDER}segments/${time.slice(0, 13)}/${name}`, encodeSegment(segment));
  }

  /** What an audit does to a manifest from time to time. */
  async compact(): Promise<void> {
    const place = { store: this.store, folder: FOLDER, buckets: 3, newName: () => this.#nextName() };
    await compactAll(place, () => true);
  }

  async #invoke(fault: InvocationFault, run: () => Promise<void>): Promise<void> {
    this.index.fault = fault.bulk;
    this.#manifestFails = fault.manifestFails;
    this.#lettersFail = fault.lettersFail;
    await run().catch((cause: unknown) => {
      if (!(cause instanceof Error) || !/refused|INDEX_UNAVAILABLE/.test(cause.message)) throw cause;
    });
    this.index.fault = { kind: "none" };
    this.#manifestFails = false;
    this.#lettersFail = false;
  }

  #takeLetters(letters: readonly DeadLetter[]): void {
    if (this.#lettersFail) throw new Error("SQS refused the letters");
    this.letters.push(...letters);
  }

  #unrepairable(id: string): DeadLetter {
    const place = { table: "things", generation: GENERATION, recordId: id, key: {}, position: "", at: "" };
    return { ...place, cause: "UNREPAIRABLE", reason: "" };
  }

  #documentsOf(recordId: string) {
    return [...foldEntries(this.entries).values()]
      .filter((entry) => entry.recordId === recordId)
      .map(({ id, version, state }) => ({ id, version, live: state === "present" }));
  }

  #isRead(): boolean {
    return this.database.topic.every((log, partition) => (this.#checkpoints[partition] ?? 0) >= log.length);
  }

  async #until(what: string, isDone: () => boolean, act: () => Promise<void>): Promise<void> {
    for (let round = 0; !isDone(); round += 1) {
      if (round > 1_000) throw new Error(`the ${what} does not come to an end`);
      await act();
    }
  }

  async *#readBlocks() {
    yield LineBlock.of(this.#lines);
  }

  #nextName(): string {
    this.#count += 1;
    return `name-${this.#count}`;
  }
}

const healthy: InvocationFault = { bulk: { kind: "none" }, manifestFails: false, lettersFail: false };

function transformRow({ recordId, item }: SourceRecord): TransformResult {
  const document = { value: item["value"], large: item["large"] };
  if (typeof item["parts"] !== "number") return document;
  if (item["parts"] === 0) return null;
  return Array.from({ length: item["parts"] }, (_, part) => ({ id: `${recordId}#${part}`, document }));
}

function toRecord(id: string, { value, parts, large }: ModelRow): AttributeMap {
  return {
    id: { S: id },
    value: { S: value },
    parts: parts === undefined ? { NULL: true } : { N: String(parts) },
    large: large === undefined ? { NULL: true } : { S: large },
  };
}

function describe({ value, large }: { readonly value: string; readonly large: string | null }): string {
  return `${value}/${large}`;
}

function toVersion(version: bigint): ManifestEntry["version"] {
  return version as ManifestEntry["version"];
}
