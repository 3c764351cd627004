import { auditWorkflow } from "../../components/drift-audit/audit-workflow.ts";
import type { AttributeMap } from "../../core/attribute-value.ts";
import type { AuditReport } from "../../core/audit-report.ts";
import { toDocumentText } from "../../core/document.ts";
import { versionOfReread } from "../../core/external-version.ts";
import { LineBlock } from "../../core/line-block.ts";
import { encodeSegment } from "../../core/manifest-codec.ts";
import type { ManifestSegment } from "../../core/manifest-entry.ts";
import { fingerprintPlainRecord } from "../../core/plain-fingerprint.ts";
import type { ExportState } from "../../core/ports/table-export.ts";
import { makePositionReader } from "../../core/read-manifest.ts";
import { managedPlace } from "../../core/read-sent-line.ts";
import type { DeadLetter, ReindexRequest } from "../../core/reindex-request.ts";
import { shardOfDocument } from "../../core/shard-of-document.ts";
import { stateLayout } from "../../core/state-layout.ts";
import type { TableControl } from "../../core/table-control.ts";
import type { ManagedGeneration, TableDescriptor } from "../../core/table-descriptor.ts";
import type { AuditDeps } from "../../drift-audit/audit-deps.ts";
import { handleStep } from "../../drift-audit/handle-step.ts";
import { drawReport } from "../../drift-audit/report-page.ts";
import { parseStepEvent } from "../../drift-audit/step-event.ts";
import { MemoryObjects } from "./memory-objects.ts";
import { makeModelInspector } from "./model-inspector.ts";
import { runStateMachine } from "./run-state-machine.ts";

const ROUTING = { shards: 2, routingShards: 4 };
const UUID = "uuid";
const WAIT_MILLIS = 10_000;
/** Rows of a pipeline's export carry a version from five minutes before it. */
const EXPORT_OVERLAP_MILLIS = 300_000;

export const GENERATION = "orders-managed-1";

/** One change that the stream holds and the pipeline has, or has not yet, read. */
interface Change {
  readonly id: string;
  readonly content: number | undefined;
  readonly time: number;
  readonly version: bigint;
}

/**
 * What becomes of a change: it is sent and indexed; or it is not sent, or is sent and never arrives, or is sent and the
 * index refuses it.
 */
type Fate = "indexed" | "dropped" | "lost" | "refused";

/** A table, a pipeline, its two sinks and a manifest in memory: what an audit of a managed generation looks at. */
export class ManagedWorld {
  now = 1_764_000_000_000;
  readonly store = new MemoryObjects();
  readonly table = new Map<string, number>();
  /** An index without tombstones: what is deleted is gone. */
  readonly index = new Map<string, { version: bigint; seqNo: number; shard: number }>();
  readonly letters: DeadLetter[] = [];
  readonly skipped: string[] = [];
  readonly requests: ReindexRequest[] = [];
  /** The pipeline's own export; undefined until it has asked for it. */
  load: { readonly exportTime: number; state: ExportState } | undefined;
  streamIsTooLong = false;
  /** Whether re-reads are answered. */
  repairs = true;
  /** Runs at every wait of the workflow. */
  onWait: () => void | Promise<void> = () => {};
  control: TableControl;
  readonly #nextSeqNo = [0, 0];
  #stream: Change[] = [];
  /** When every change was made: what the stream holds, whoever has read it. */
  readonly #history: number[] = [];
  #names = 0;
  #exported = new Map<string, number>();

  constructor() {
    const at = "2025-11-01T00:00:00Z";
    this.control = {
      table: "orders",
      retired: false,
      generations: {
        [GENERATION]: {
          generation: GENERATION,
          index: GENERATION,
          indexUuid: UUID,
          mode: "managed",
          revision: 1,
          transformHash: "identity",
          createdAt: at,
          load: { exportArn: "arn", exportTime: at, state: "done", startedAt: at },
        },
      },
    };
  }

  readonly generation: ManagedGeneration = {
    generation: GENERATION,
    mode: "managed",
    revision: 1,
    index: GENERATION,
    writeAlias: `${GENERATION}-write`,
    indexUuid: UUID,
    transformHash: "identity",
    reindexQueueUrl: "q",
    deadLetterQueueUrl: "d",
    buildStateMachine: "b",
    pipeline: { name: "shop-orders", collectSeconds: 30 },
  };

  readonly descriptor: TableDescriptor = {
    table: "orders",
    alias: "orders",
    source: {
      kind: "dynamodb",
      tableName: "orders",
      tableArn: "arn:aws:dynamodb:us-east-1:123456789012:table/orders",
      streamArn: "stream",
      key: { partitionKey: { name: "id", type: "S" } },
    },
    access: { auditRoleArn: "audit-role", lifecycleRoleArn: "lifecycle-role" },
    generations: [this.generation],
    cutover: "automatic",
    audit: {
      verifyIndex: true,
      breaker: { share: 0.01, minimumCount: 100 },
      fullEveryDays: 30,
      pollSeconds: 10,
    },
    consumerTimeoutSeconds: 10,
    manifestBuckets: 4,
  };

  /** A write or delete of the application. @param micros - what the pipeline adds to the version of the second */
  write(id: string, content: number | undefined, micros = this.#stream.length % 1_000_000): void {
    if (content === undefined) this.table.delete(id);
    else this.table.set(id, content);
    const second = Math.floor(this.now / 1000);
    const version = BigInt(second) * 1_000_000n + BigInt(micros);
    this.#stream.push({ id, content, time: second * 1000, version });
    this.#history.push(second * 1000);
  }

  /** The pipeline deals with up to `count` changes, and closes one file of each of its sinks. */
  async send(fate: Fate = "indexed", count = Number.POSITIVE_INFINITY): Promise<void> {
    const changes = this.#stream.splice(0, count);
    if (fate === "dropped" || changes.length === 0) return;
    if (fate === "indexed") for (const change of changes) this.#accept(change);
    await this.#putFile("sent", changes.map(toLine).join(""), "ndjson.gz");
    if (fate === "refused") await this.refuse(400, ...changes.map(({ id, content }) => ({ id, content })));
  }

  /** The pipeline's index sink gives documents up. */
  async refuse(
    status: number,
    ...documents: readonly { id: string; content: number | undefined }[]
  ): Promise<void> {
    const dlqObjects = documents.map(({ id, content }) => ({
      pluginId: "opensearch",
      pluginName: "opensearch",
      pipelineName: "shop-orders",
      failedData: {
        index: `${GENERATION}-write`,
        indexId: id,
        status,
        message: "mapper_parsing_exception: failed to parse field [content] of type [date]",
        document: content === undefined ? {} : JSON.parse(toDocumentText(toRecord(id, content))),
      },
      timestamp: new Date(this.now).toISOString(),
    }));
    await this.#putFile("refused", JSON.stringify({ dlqObjects }), "json");
  }

  /** The pipeline asks for its export, the table as it is now. */
  beginLoad(): void {
    this.load = { exportTime: this.now, state: { state: "running" } };
  }

  /** The pipeline sends rows of its export; the index takes all of them. */
  async sendRows(...ids: readonly string[]): Promise<void> {
    const time = this.load?.exportTime ?? this.now;
    const version = BigInt(time - EXPORT_OVERLAP_MILLIS) * 1000n;
    const rows = ids.map((id) => ({ id, content: this.table.get(id), time, version }));
    for (const row of rows) this.#accept(row);
    await this.#putFile("sent", rows.map(toLine).join(""), "ndjson.gz");
  }

  /** Somebody writes into the index without us. */
  alter(id: string): void {
    const version = (this.index.get(id)?.version ?? 0n) + 1n;
    this.index.set(id, { version, ...this.#take(id) });
  }

  /** Somebody removes a document without us. */
  remove(id: string): void {
    this.#take(id);
    this.index.delete(id);
  }

  /** Files of one of the pipeline's sinks that wait. */
  files(sink: "sent" | "refused"): readonly string[] {
    const prefix = stateLayout[sink](GENERATION, UUID);
    return [...this.store.objects.keys()].filter((key) => key.startsWith(prefix));
  }

  /** Runs the real workflow over the real steps. */
  async audit(run: string, kind: "auto" | "full" = "full"): Promise<AuditReport> {
    const deps = this.#deps();
    const input = { table: this.descriptor, kind };
    await runStateMachine(auditWorkflow({ partition: "aws", auditFunctionArn: "f" }), input, {
      executionName: `orders-${run}`,
      invoke: (payload) => handleStep(deps, parseStepEvent(payload), this.now + 1e9),
      readArray: async (key) => JSON.parse((await this.store.readText(key)) ?? "null"),
      onWait: async () => {
        this.now += WAIT_MILLIS;
        await this.onWait();
        if (this.repairs) await this.#repair();
      },
    });
    return JSON.parse((await this.store.readText(`audits/orders/${run}/report.json`)) ?? "null");
  }

  /** Asks how the pipeline's load stands, as a build does. */
  checkLoad(generation = GENERATION): Promise<object> {
    const event = { step: "check-managed-load", table: this.descriptor, generation };
    return handleStep(this.#deps(), parseStepEvent(event), this.now + 1e9);
  }

  #name(): string {
    this.#names += 1;
    return String(this.#names).padStart(8, "0");
  }

  #putFile(sink: "sent" | "refused", text: string, ending: string): Promise<void> {
    return this.store.writeText(`${stateLayout[sink](GENERATION, UUID)}${this.#name()}.${ending}`, text);
  }

  #take(id: string): { seqNo: number; shard: number } {
    const shard = shardOfDocument(id, ROUTING);
    const seqNo = this.#nextSeqNo[shard] ?? 0;
    this.#nextSeqNo[shard] = seqNo + 1;
    return { seqNo, shard };
  }

  /** `external_gte`: an older version loses. */
  #accept({ id, content, version }: Pick<Change, "id" | "content" | "version">): void {
    if ((this.index.get(id)?.version ?? 0n) > version) return;
    const at = this.#take(id);
    if (content === undefined) this.index.delete(id);
    else this.index.set(id, { version, ...at });
  }

  async #append(segment: ManifestSegment): Promise<void> {
    const folder = stateLayout.manifest(GENERATION, UUID);
    const key = `${folder}segments/h/${this.#name()}-${segment.origin}-x.gz`;
    await this.store.writeText(key, encodeSegment(segment));
  }

  /** The reindex function: reads the record as of now, writes it, or removes its document. */
  async #repair(): Promise<void> {
    for (const { recordId: id } of this.requests.splice(0)) {
      const content = this.table.get(id);
      const version = versionOfReread(this.now);
      if ((this.index.get(id)?.version ?? 0n) > version) continue;
      this.#accept({ id, content, version });
      const isGone = content === undefined;
      await this.#append({
        generation: GENERATION,
        indexUuid: UUID,
        transformHash: "identity",
        origin: "reindex",
        positions: [],
        entries: [
          {
            id,
            recordId: id,
            version,
            fingerprint: isGone ? "" : fingerprintPlainRecord(toRecord(id, content)),
            state: isGone ? "deleted" : "present",
            ...managedPlace(version),
            tied: false,
            sourceTime: this.now,
            transformHash: "identity",
          },
        ],
      });
    }
  }

  #deps(): AuditDeps {
    const world = this;
    return {
      stateBucket: "state",
      store: this.store,
      control: {
        read: async () => this.control,
        update: async (_table, change) => {
          this.control = change(this.control);
          return this.control;
        },
      },
      exportFile: {
        readBlocks: async function* () {
          const items = [...world.#exported].map(([id, content]) => ({ Item: toRecord(id, content) }));
          yield LineBlock.of(items.map((item) => JSON.stringify(item)));
        },
      },
      positions: makePositionReader(this.store),
      inspector: makeModelInspector({
        documents: this.index,
        indexUuid: UUID,
        routing: ROUTING,
        nextSeqNo: (shard) => this.#nextSeqNo[shard] ?? 0,
        purge: () => Promise.reject(new Error("there are no tombstones to purge")),
      }),
      accessTo: () => ({
        exports: {
          start: async () => {
            this.#exported = new Map(this.table);
            return { exportArn: "arn/export", exportTime: Math.floor(this.now / 1000) * 1000 };
          },
          find: async (prefix) =>
            this.load !== undefined && prefix === stateLayout.managedExport("orders", GENERATION, UUID)
              ? { exportArn: "arn/load", exportTime: this.load.exportTime }
              : undefined,
          check: async (arn) =>
            arn === "arn/load" && this.load !== undefined
              ? this.load.state
              : { state: "done", items: this.#exported.size, billedBytes: 1024 ** 3 },
          files: async () => [
            { bucket: "state", key: "data.json.gz", items: Math.max(1, this.#exported.size) },
          ],
        },
        horizon: {
          kind: "stream",
          look: () => Promise.reject(new Error("a pipeline's shards are not looked at")),
          firstAfter: async (instant) => {
            if (this.streamIsTooLong) throw new RangeError("too much to look through");
            return this.#history.find((time) => time > instant);
          },
        },
        deadLettersOf: () => ({ send: async (letters) => void this.letters.push(...letters) }),
        queueOf: () => ({ send: async (requests) => void this.requests.push(...requests) }),
        source: {
          read: async (keys) => ({
            version: versionOfReread(this.now),
            readAt: this.now,
            records: keys.map(() => undefined),
          }),
        },
      }),
      appender: { append: (segment) => this.#append(segment) },
      announcer: { announce: async () => {} },
      measure: () => {},
      drawReport,
      onSkipped: (what) => void this.skipped.push(what),
      now: () => this.now,
      newName: () => `name-${this.#name()}`,
    };
  }
}

/** A line of the manifest sink: the record as plain JSON, with what the pipeline adds. */
function toLine({ id, content, time, version }: Change): string {
  const record = content === undefined ? "{" : `${toDocumentText(toRecord(id, content)).slice(0, -1)},`;
  const action = content === undefined ? "delete" : "index";
  return `${record}"_trueup_id":"${id}","_trueup_version":${version},"_trueup_action":"${action}","_trueup_time":${time}}\n`;
}

function toRecord(id: string, content: number): AttributeMap {
  return { id: { S: id }, content: { N: String(content) }, tags: { SS: ["b", "a"] } };
}
