import type { AttributeMap, TableKey } from "../../core/attribute-value.ts";
import type { StreamRecord } from "../../core/decode-stream-record.ts";
import { toKey, toRecordId } from "../../core/document-id.ts";
import { versionOfReread } from "../../core/external-version.ts";
import { LineBlock } from "../../core/line-block.ts";
import type { ManifestEntry, ManifestSegment } from "../../core/manifest-entry.ts";
import type { DeadLetter, ReindexRequest } from "../../core/reindex-request.ts";
import { DELETED_AT_FIELD } from "../../core/table-descriptor.ts";
import { makeConsumeStream } from "../../fallback-consumer/consume-stream.ts";
import type { ConsumerDeps } from "../../fallback-consumer/consumer-deps.ts";
import { makeLoadFile } from "../../fallback-consumer/load-file.ts";
import { makeReindexRecords } from "../../fallback-consumer/reindex-records.ts";
import type { RenderBatch } from "../../fallback-consumer/render-batch.ts";
import { type BulkFault, ModelIndex } from "./model-index.ts";

/** What goes wrong in one invocation, beside its bulk. */
export interface InvocationFault {
  readonly bulk: BulkFault;
  /** S3 refuses the segment, or the function's time is over before it is put: the same to everybody else. */
  readonly manifestFails: boolean;
  readonly lettersFail: boolean;
}

const HOUR = 3_600_000;
const START = 1_800_000_000_000;
const INVOCATION_MILLIS = 60_000;
/** What a history takes place with. */
export interface HistoryArgs {
  readonly key: TableKey;
  /** How records become documents: the product's own, around the transform under test. */
  readonly render: (now: () => number) => RenderBatch;
  /** A record may have several documents. */
  readonly several: boolean;
  /** How far the clock that dates changes is ahead of the consumer's. */
  readonly skewMillis: number;
}

/**
 * A database with its stream, an index, a manifest and queues, in memory; the product's own consumers between them.
 *
 * Time moves only when told to. One shard, because order is promised per record only.
 */
export class HistoryWorld {
  readonly index: ModelIndex;
  readonly manifest: ManifestEntry[] = [];
  readonly letters: DeadLetter[] = [];
  readonly requests: ReindexRequest[] = [];
  /** Records by their ids. */
  readonly database = new Map<string, AttributeMap>();
  readonly unrepairable: string[] = [];
  readonly #stream: { readonly record: StreamRecord; readonly at: number }[] = [];
  readonly #exports: { readonly lines: readonly string[]; readonly at: number }[] = [];
  readonly #key: TableKey;
  readonly #skewMillis: number;
  readonly #consume: ReturnType<typeof makeConsumeStream>;
  readonly #reindex: ReturnType<typeof makeReindexRecords>;
  readonly #load: ReturnType<typeof makeLoadFile>;
  #now = START;
  #checkpoint = 0;
  #oldest = 0;
  #requestCount = 0;
  #manifestFails = false;
  #lettersFail = false;
  #lines: readonly string[] = [];

  constructor(args: HistoryArgs) {
    this.#key = args.key;
    this.#skewMillis = args.skewMillis;
    this.index = new ModelIndex(() => this.#now);
    const deps = this.#makeDeps(args);
    this.#consume = makeConsumeStream(deps);
    this.#load = makeLoadFile({ ...deps, file: { readBlocks: () => this.#readBlocks() } });
    this.#reindex = makeReindexRecords({
      ...deps,
      several: args.several,
      source: {
        read: async (keys) => ({
          version: versionOfReread(this.#now),
          readAt: this.#now,
          records: keys.map((key) => this.#readRecord(key)),
        }),
      },
      documents: { list: async (recordIds) => recordIds.map((recordId) => this.#documentsOf(recordId)) },
      versions: { read: async (id) => this.index.documents.get(id)?.version },
      postponer: { postpone: async () => undefined },
      unrepairable: { write: async (_run, { id }) => void this.unrepairable.push(id) },
    });
  }

  advance(millis: number): void {
    this.#now += millis;
  }

  get now(): number {
    return this.#now;
  }

  put(image: AttributeMap): void {
    const id = toRecordId(image, this.#key);
    const before = this.database.get(id);
    this.database.set(id, image);
    this.#emit(before === undefined ? "INSERT" : "MODIFY", before, image);
  }

  remove(id: string): void {
    const before = this.database.get(id);
    if (before === undefined) return;
    this.database.delete(id);
    this.#emit("REMOVE", before, undefined);
  }

  /** A record nobody can read is in the stream; it stands for no change. */
  emitGarbage(): void {
    this.#push({ eventName: "INSERT", dynamodb: { SequenceNumber: String(this.#stream.length + 1) } });
  }

  /** The mapping sends its poll again from anywhere the stream still reaches. */
  rewind(share: number): void {
    this.#checkpoint -= Math.floor((this.#checkpoint - this.#oldest) * share);
  }

  async consume(count: number, fault: InvocationFault): Promise<void> {
    const batch = this.#stream.slice(this.#checkpoint, this.#checkpoint + count);
    if (batch.length === 0) return;
    const records = batch.map(({ record }) => record);
    await this.#invoke(fault, async () => {
      const answer = await this.#consume({ records, shard: "0", deadline: this.#now + INVOCATION_MILLIS });
      const [failed] = answer.batchItemFailures;
      const place = records.findIndex((record) => record.dynamodb?.SequenceNumber === failed?.itemIdentifier);
      this.#checkpoint += place === -1 ? records.length : place;
    });
  }

  takeExport(): void {
    const lines = [...this.database.values()].map((Item) => JSON.stringify({ Item }));
    this.#exports.push({ lines, at: this.#now });
  }

  /** Loads an export taken any time before: a stale row is what a bulk load is full of. */
  async load(which: number, fault: InvocationFault): Promise<void> {
    const taken = this.#exports[which % Math.max(1, this.#exports.length)];
    if (taken === undefined) return;
    this.#lines = taken.lines;
    const exportTime = new Date(taken.at).toISOString();
    await this.#invoke(fault, async () => {
      await this.#load({ bucket: "b", key: "k", exportTime, fromLine: 0 }, this.#now + INVOCATION_MILLIS);
    });
  }

  /** Somebody replays a dead letter, however old. */
  replayLetter(which: number): void {
    const letter = this.letters[which % Math.max(1, this.letters.length)];
    if (letter !== undefined && letter.recordId !== "") this.request(letter.recordId, letter.documentId);
  }

  request(recordId: string, documentId?: string): void {
    const request = { requestId: this.#nextRequestId(), reason: "ambiguous", recordId, attempt: 1 } as const;
    const extra = documentId === undefined ? {} : { documentId };
    this.requests.push({ ...request, notBefore: this.#now, auditRun: "run", ...extra });
  }

  async reindex(fault: InvocationFault): Promise<void> {
    const taken = this.requests.splice(0, 10);
    const messages = taken.map((request) => ({
      messageId: request.requestId,
      receiptHandle: "",
      body: JSON.stringify(request),
      sentAt: this.#now - HOUR,
    }));
    let failed = new Set(taken.map(({ requestId }) => requestId));
    await this.#invoke(fault, async () => {
      const answer = await this.#reindex(messages, this.#now + INVOCATION_MILLIS);
      failed = new Set(answer.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
    });
    this.requests.unshift(...taken.filter(({ requestId }) => failed.has(requestId)));
  }

  /**
   * Days pass and old tombstones are purged: after everything is read, with no load open, as the rules demand.
   * What is older than the stream keeps can no longer be replayed, nor can an old export be loaded.
   */
  async purge(): Promise<void> {
    await this.settle();
    this.advance(49 * HOUR);
    this.#oldest = this.#checkpoint;
    this.#exports.length = 0;
    const last = this.#foldManifest();
    for (const [id, { source, seqNo, version }] of this.index.documents) {
      const entry = last.get(id);
      if (!source.includes(DELETED_AT_FIELD) || entry?.state !== "deleted" || entry.seqNo !== seqNo) continue;
      const purged = this.index.purge(id, seqNo);
      if (purged !== undefined)
        this.manifest.push({ ...entry, version: toVersion(version), state: "purged", seqNo: purged });
    }
  }

  /** Everything on its way arrives, everything waiting is dealt with. */
  async settle(): Promise<void> {
    while (this.index.late.length > 0) this.index.landOne();
    for (let round = 0; this.#checkpoint < this.#stream.length; round += 1) {
      if (round > 1_000) throw new Error("the stream does not come to an end");
      await this.consume(100, healthy);
      this.advance(60_000);
    }
    for (let round = 0; this.requests.length > 0; round += 1) {
      if (round > 1_000) throw new Error("the reindex queue does not come to an end");
      await this.reindex(healthy);
      this.advance(11_000);
    }
  }

  /** Every dead letter is replayed, once what caused it is corrected. */
  replayAll(): void {
    for (const place of this.letters.keys()) this.replayLetter(place);
  }

  /** What an audit would ask to be read again: ties, and documents another write of the same version has touched. */
  ambiguous(): readonly ManifestEntry[] {
    const last = this.#foldManifest();
    return [...last.values()].filter((entry) => {
      const stored = this.index.documents.get(entry.id);
      if (entry.state === "announced") return stored?.version === entry.version;
      return entry.tied || (entry.state !== "purged" && stored?.seqNo !== entry.seqNo);
    });
  }

  /** Documents of the index that no manifest entry accounts for: drift, which none of these histories may cause. */
  unaccounted(): readonly string[] {
    const last = this.#foldManifest();
    return [...this.index.documents]
      .filter(([id, { version }]) => last.get(id)?.version !== version)
      .map(([id]) => id);
  }

  /** What searches see: each document's text by its id. */
  live(): ReadonlyMap<string, string> {
    const live = [...this.index.documents].filter(([, { source }]) => !source.includes(DELETED_AT_FIELD));
    return new Map(live.map(([id, { source }]) => [id, source]));
  }

  #makeDeps({ key, render }: HistoryArgs): ConsumerDeps {
    return {
      generation: {
        table: "t",
        generation: "t-custom-1",
        mode: "custom",
        indexUuid: "u",
        transformHash: "h",
        key,
      },
      index: this.index,
      identity: { verify: async () => undefined },
      manifest: { append: async (segment) => this.#append(segment) },
      deadLetters: { send: async (letters) => this.#takeLetters(letters) },
      render: render(() => this.#now),
      queue: { send: async (requests) => void this.requests.push(...requests) },
      newRequestId: () => this.#nextRequestId(),
      observe: () => undefined,
      now: () => this.#now,
    };
  }

  async #invoke(
    { bulk, manifestFails, lettersFail }: InvocationFault,
    run: () => Promise<void>,
  ): Promise<void> {
    this.index.fault = bulk;
    this.#manifestFails = manifestFails;
    this.#lettersFail = lettersFail;
    await run().catch((cause: unknown) => {
      if (!(cause instanceof Error) || !/refused|INDEX_UNAVAILABLE|TRANSFORM_FAILED/.test(cause.message))
        throw cause;
    });
    this.index.fault = { kind: "none" };
    this.#manifestFails = false;
    this.#lettersFail = false;
  }

  #append({ entries }: ManifestSegment): void {
    if (this.#manifestFails) throw new Error("S3 refused the segment");
    this.manifest.push(...entries);
  }

  #takeLetters(letters: readonly DeadLetter[]): void {
    if (this.#lettersFail) throw new Error("SQS refused the letters");
    this.letters.push(...letters);
  }

  async *#readBlocks() {
    yield LineBlock.of(this.#lines);
  }

  #readRecord(key: AttributeMap): AttributeMap | undefined {
    return this.database.get(toRecordId(key, this.#key));
  }

  #documentsOf(recordId: string) {
    return [...this.#foldManifest().values()]
      .filter((entry) => entry.recordId === recordId)
      .map(({ id, version, state }) => ({ id, version, live: state === "present" }));
  }

  /** The fold as design.md states it: the last by sequence number, tied when its version was seen with another content. */
  #foldManifest(): Map<string, ManifestEntry> {
    const last = new Map<string, ManifestEntry>();
    for (const entry of this.manifest) {
      const known = last.get(entry.id);
      const before = known?.state === "announced" ? undefined : known;
      if (entry.state === "announced") {
        last.set(entry.id, before ?? entry);
        continue;
      }
      if (before === undefined || entry.seqNo > before.seqNo) {
        const same = before?.version === entry.version && before.fingerprint === entry.fingerprint;
        const tied =
          before?.version === entry.version && (before.tied || !same || before.state !== entry.state);
        last.set(entry.id, { ...entry, tied: entry.tied || (tied && entry.state !== "purged") });
      } else if (before.version === entry.version && before.fingerprint !== entry.fingerprint) {
        last.set(entry.id, { ...before, tied: before.state !== "purged" });
      }
    }
    return last;
  }

  #emit(eventName: string, before: AttributeMap | undefined, after: AttributeMap | undefined): void {
    this.#push({
      eventName,
      dynamodb: {
        ApproximateCreationDateTime: Math.floor((this.#now + this.#skewMillis) / 1000),
        Keys: toKey(after ?? before ?? {}, this.#key),
        SequenceNumber: String(this.#stream.length + 1),
        ...(before === undefined ? {} : { OldImage: before }),
        ...(after === undefined ? {} : { NewImage: after }),
      },
    });
  }

  #push(record: StreamRecord): void {
    this.#stream.push({ record, at: this.#now });
  }

  #nextRequestId(): string {
    this.#requestCount += 1;
    return `request-${this.#requestCount}`;
  }
}

/** Nothing goes wrong. */
export const healthy: InvocationFault = { bulk: { kind: "none" }, manifestFails: false, lettersFail: false };

function toVersion(version: bigint): ManifestEntry["version"] {
  return version as ManifestEntry["version"];
}
