import { auditWorkflow } from "../../components/drift-audit/audit-workflow.ts";
import type { AttributeMap } from "../../core/attribute-value.ts";
import type { AuditReport } from "../../core/audit-report.ts";
import { toExternalVersion, versionOfReread } from "../../core/external-version.ts";
import { fingerprintRecord } from "../../core/fingerprint.ts";
import { encodeSegment } from "../../core/manifest-codec.ts";
import type { ManifestEntry } from "../../core/manifest-entry.ts";
import { makePositionReader } from "../../core/read-manifest.ts";
import type { ReindexRequest } from "../../core/reindex-request.ts";
import { shardOfDocument } from "../../core/shard-of-document.ts";
import type { TableControl } from "../../core/table-control.ts";
import type { TableDescriptor } from "../../core/table-descriptor.ts";
import type { AuditDeps } from "../../drift-audit/audit-deps.ts";
import { handleStep } from "../../drift-audit/handle-step.ts";
import { drawReport } from "../../drift-audit/report-page.ts";
import { parseStepEvent } from "../../drift-audit/step-event.ts";
import { MemoryObjects } from "./memory-objects.ts";
import { makeModelInspector } from "./model-inspector.ts";
import { runStateMachine } from "./run-state-machine.ts";

const ROUTING = { shards: 2, routingShards: 4 };
const GENERATION = "orders-custom-1";
const PLACE = `manifest/${GENERATION}/uuid/`;

/** One change that the stream holds and the consumer has, or has not yet, read. */
interface Change {
  readonly recordId: string;
  readonly content: number | undefined;
  readonly time: number;
}

/** A table, its stream, a consumer, an index and a manifest in memory: what an audit looks at. */
export class AuditWorld {
  now = 1_764_000_000_000;
  readonly store = new MemoryObjects();
  readonly table = new Map<string, number>();
  readonly index = new Map<string, { version: bigint; seqNo: number; shard: number }>();
  readonly announced: string[] = [];
  readonly requests: ReindexRequest[] = [];
  readonly #nextSeqNo = [0, 0];
  readonly #stream: Change[] = [];
  #read = 0;
  #names = 0;
  #exported = new Map<string, number>();
  control: TableControl;
  /** Whether the consumer answers reindex requests. */
  repairs = true;
  /** Runs at every wait of the workflow. */
  onWait: () => void = () => {};

  constructor() {
    this.control = {
      table: "orders",
      retired: false,
      generations: {
        [GENERATION]: {
          generation: GENERATION,
          index: GENERATION,
          indexUuid: "uuid",
          mode: "custom",
          revision: 1,
          transformHash: "identity",
          createdAt: "2026-11-01T00:00:00Z",
          load: {
            exportArn: "arn",
            exportTime: "2026-11-01T00:00:00Z",
            state: "done",
            startedAt: "2026-11-01T00:00:00Z",
          },
        },
      },
    };
  }

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
    generations: [
      {
        generation: GENERATION,
        mode: "custom",
        revision: 1,
        index: GENERATION,
        writeAlias: `${GENERATION}-write`,
        indexUuid: "uuid",
        transformHash: "identity",
        consumerFunction: "c",
        loaderFunction: "l",
        reindexQueueUrl: "q",
        deadLetterQueueUrl: "d",
        buildStateMachine: "b",
      },
    ],
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

  /** A write or delete of the application; the consumer sees it when it comes to it. */
  write(recordId: string, content: number | undefined): void {
    if (content === undefined) this.table.delete(recordId);
    else this.table.set(recordId, content);
    this.#stream.push({ recordId, content, time: Math.floor(this.now / 1000) * 1000 });
  }

  /** The consumer deals with up to `count` changes. @param swallow - the index and manifest never hear of them */
  async consume(count = Number.POSITIVE_INFINITY, swallow = false): Promise<void> {
    const changes = this.#stream.slice(this.#read, this.#read + count);
    if (changes.length === 0) return;
    this.#read += changes.length;
    const last = changes.at(-1);
    const folded = new Map<string, { change: Change; tied: boolean }>();
    for (const change of changes) {
      const before = folded.get(change.recordId);
      folded.set(change.recordId, { change, tied: before?.change.time === change.time });
    }
    const entries = swallow
      ? []
      : [...folded.values()].flatMap(({ change, tied }) =>
          this.#put(change, BigInt(change.time / 1000) * 1_000_000n, tied),
        );
    const sequence = String(this.#read).padStart(6, "0");
    await this.#append(entries, [{ shard: "s", sequence, time: last?.time ?? 0 }]);
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

  /** Runs the real workflow over the real steps. */
  async audit(
    run: string,
    more: { readonly approved?: string; readonly generation?: string } = {},
  ): Promise<AuditReport> {
    const input = { table: this.descriptor, kind: "full", ...more };
    const deps = this.#deps();
    await runStateMachine(auditWorkflow({ partition: "aws", auditFunctionArn: "f" }), input, {
      executionName: `orders-${run}`,
      invoke: (payload) => handleStep(deps, parseStepEvent(payload), this.now + 1e9),
      readArray: async (key) => JSON.parse((await this.store.readText(key)) ?? "null"),
      onWait: async () => {
        this.now += 10_000;
        this.onWait();
        if (this.repairs) await this.#repair();
      },
    });
    return JSON.parse((await this.store.readText(`audits/orders/${run}/report.json`)) ?? "null");
  }

  #take(id: string): { seqNo: number; shard: number } {
    const shard = shardOfDocument(id, ROUTING);
    const seqNo = this.#nextSeqNo[shard] ?? 0;
    this.#nextSeqNo[shard] = seqNo + 1;
    return { seqNo, shard };
  }

  #put({ recordId, content, time }: Change, version: bigint, tied: boolean): ManifestEntry[] {
    if ((this.index.get(recordId)?.version ?? 0n) > version) return [];
    const at = this.#take(recordId);
    this.index.set(recordId, { version, ...at });
    return [
      {
        id: recordId,
        recordId,
        version: toExternalVersion(version, "test"),
        fingerprint: content === undefined ? "" : fingerprintRecord(toRecord(recordId, content)),
        state: content === undefined ? "deleted" : "present",
        seqNo: at.seqNo,
        primaryTerm: 1,
        tied,
        sourceTime: time,
        transformHash: "identity",
      },
    ];
  }

  async #append(
    entries: readonly ManifestEntry[],
    positions: readonly { shard: string; sequence: string; time: number }[],
  ) {
    this.#names += 1;
    const origin = positions.length > 0 ? ("stream" as const) : ("reindex" as const);
    const text = encodeSegment({
      generation: GENERATION,
      indexUuid: "uuid",
      transformHash: "identity",
      origin,
      positions,
      entries,
    });
    await this.store.writeText(
      `${PLACE}segments/h/${String(this.#names).padStart(8, "0")}-${origin}-x.gz`,
      text,
    );
  }

  /** The reindex consumer: re-reads the record as of now. */
  async #repair(): Promise<void> {
    for (const { recordId } of this.requests.splice(0)) {
      const content = this.table.get(recordId);
      const version = BigInt(Math.floor(this.now / 1000) - 5) * 1_000_000n - 1n;
      await this.#append(this.#put({ recordId, content, time: this.now }, version, false), []);
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
          yield [...world.#exported].map(([id, content]) => JSON.stringify({ Item: toRecord(id, content) }));
        },
      },
      positions: makePositionReader(this.store),
      inspector: makeModelInspector({
        documents: this.index,
        indexUuid: "uuid",
        routing: ROUTING,
        nextSeqNo: (shard) => this.#nextSeqNo[shard] ?? 0,
        purge: async (_index, purges) =>
          purges.map(({ id, seqNo }) => {
            if (this.index.get(id)?.seqNo !== seqNo) return undefined;
            this.index.delete(id);
            return { seqNo: this.#take(id).seqNo, primaryTerm: 1 };
          }),
      }),
      accessTo: () => ({
        exports: {
          start: async () => {
            this.#exported = new Map(this.table);
            return { exportArn: "arn/export", exportTime: Math.floor(this.now / 1000) * 1000 };
          },
          find: async () => undefined,
          check: async () => ({ state: "done", items: this.#exported.size, billedBytes: 1024 ** 3 }),
          files: async () => [
            { bucket: "state", key: "data.json.gz", items: Math.max(1, this.#exported.size) },
          ],
        },
        horizon: {
          kind: "stream",
          look: async (positions) => {
            const next = this.#stream[this.#read];
            const look =
              next === undefined
                ? ({ kind: "empty", at: this.now } as const)
                : ({ kind: "record", time: next.time } as const);
            return [{ shard: "s", position: positions[0], look }];
          },
        },
        deadLettersOf: () => ({ send: async () => {} }),
        queueOf: () => ({ send: async (requests) => void this.requests.push(...requests) }),
        source: {
          read: async (keys) => ({
            version: versionOfReread(this.now),
            readAt: this.now,
            records: keys.map(() => undefined),
          }),
        },
      }),
      appender: { append: async ({ entries }) => this.#append(entries, []) },
      announcer: { announce: async ({ subject }) => void this.announced.push(subject) },
      measure: () => {},
      drawReport,
      onSkipped: () => {},
      now: () => this.now,
      newName: () => {
        this.#names += 1;
        return `name-${this.#names}`;
      },
    };
  }
}

function toRecord(id: string, content: number): AttributeMap {
  return { id: { S: id }, content: { N: String(content) } };
}
