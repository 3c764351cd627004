import { auditWorkflow } from "../../components/drift-audit/audit-workflow.ts";
import type { AttributeMap } from "../../core/attribute-value.ts";
import type { AuditReport } from "../../core/audit-report.ts";
import { toExternalVersion, versionOfReread } from "../../core/external-version.ts";
import { fingerprintRecord } from "../../core/fingerprint.ts";
import { LineBlock } from "../../core/line-block.ts";
import { encodeSegment } from "../../core/manifest-codec.ts";
import type { ManifestEntry } from "../../core/manifest-entry.ts";
import type { IndexInspector } from "../../core/ports/index-inspector.ts";
import type { LogHorizon } from "../../core/ports/log-horizon.ts";
import type { StreamHorizon } from "../../core/ports/stream-horizon.ts";
import type { TableExport } from "../../core/ports/table-export.ts";
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
import { orders as sqlOrders } from "./sql-table.ts";

const ROUTING = { shards: 2, routingShards: 4 };
const GENERATION = "orders-custom-1";

/** One change that the stream holds and the consumer has, or has not yet, read. */
interface Change {
  readonly recordId: string;
  readonly content: number | undefined;
  readonly time: number;
  /** Where its commit lies in a database's log. */
  readonly lsn: number;
}

/** Where a world's records are. A database's are read a few rows at a time, and its changes pass through Kafka. */
export type WorldSource = "dynamodb" | "sql";

const ROWS_A_LOOK = 3;
const TOPIC = "trueup-dev-shop.public.orders";
const PARTITIONS = 2;
/** An index of a real engine, in place of the one in memory. */
export interface RealIndex {
  readonly index: string;
  readonly indexUuid: string;
  readonly inspector: IndexInspector;
  /** @returns undefined when the index holds something newer */
  write(id: string, version: bigint): Promise<{ seqNo: number; primaryTerm: number } | undefined>;
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
  /** How many changes the consumer has read, of each partition of a database's topic; of a stream there is one. */
  readonly #read = [0, 0];
  /** Commits of a database, those it has brought to Kafka, and those its slot has confirmed. */
  #lsn = 0;
  #delivered = 0;
  #confirmed = 0;
  #rowsRead: { after: string; until: number | undefined; from: number } = {
    after: "",
    until: undefined,
    from: 0,
  };
  readonly #kind: WorldSource;
  #names = 0;
  #exported = new Map<string, number>();
  control: TableControl;
  /** Whether the consumer answers reindex requests. */
  repairs = true;
  /** Why a database's slot is lost. */
  lostSlot: string | undefined;
  /** Runs at every wait of the workflow. */
  onWait: () => void = () => {};
  /** Happens between the look at the ends of Kafka's partitions and the look at what was read of them. */
  onEndsRead: () => Promise<void> = async () => {};

  readonly descriptor: TableDescriptor;
  readonly #real: RealIndex | undefined;
  readonly #indexUuid: string;

  /** @param real - an index of an engine, in place of the one in memory */
  constructor(kind: WorldSource = "dynamodb", real?: RealIndex) {
    this.#kind = kind;
    this.#real = real;
    this.#indexUuid = real?.indexUuid ?? "uuid";
    this.descriptor = describe(kind, real?.index ?? GENERATION, this.#indexUuid);
    this.control = {
      table: "orders",
      retired: false,
      generations: {
        [GENERATION]: {
          generation: GENERATION,
          index: real?.index ?? GENERATION,
          indexUuid: this.#indexUuid,
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

  /** A write or delete of the application; the consumer sees it when it comes to it. */
  write(recordId: string, content: number | undefined): void {
    if (content === undefined) this.table.delete(recordId);
    else this.table.set(recordId, content);
    this.#lsn += 1;
    const time = this.#kind === "sql" ? this.now : Math.floor(this.now / 1000) * 1000;
    this.#stream.push({ recordId, content, time, lsn: this.#lsn });
  }

  /** The connector brings commits to Kafka; what it had brought before is confirmed by then. */
  deliver(count = Number.POSITIVE_INFINITY): void {
    this.#confirmed = count === Number.POSITIVE_INFINITY ? this.#lsn : this.#delivered;
    this.#delivered = Math.min(this.#lsn, this.#delivered + count);
  }

  /** What a partition holds, in the order of its offsets. */
  #held(partition: number): readonly Change[] {
    if (this.#kind === "dynamodb") return partition === 0 ? this.#stream : [];
    return this.#stream.filter(
      ({ recordId, lsn }) =>
        recordId.charCodeAt(recordId.length - 1) % PARTITIONS === partition && lsn <= this.#delivered,
    );
  }

  /**
   * The consumer deals with up to `count` changes of each partition.
   *
   * @param swallow - the index and manifest never hear of them
   */
  async consume(count = Number.POSITIVE_INFINITY, swallow = false): Promise<void> {
    for (let partition = 0; partition < PARTITIONS; partition += 1)
      await this.consumePartition(partition, count, swallow);
  }

  async consumePartition(partition: number, count: number, swallow = false): Promise<void> {
    const read = this.#read[partition] ?? 0;
    const changes = this.#held(partition).slice(read, read + count);
    if (changes.length === 0) return;
    this.#read[partition] = read + changes.length;
    const last = changes.at(-1);
    const folded = new Map<string, { change: Change; tied: boolean }>();
    for (const change of changes) {
      const before = folded.get(change.recordId);
      const tied = this.#kind === "dynamodb" && before?.change.time === change.time;
      folded.set(change.recordId, { change, tied });
    }
    const entries: ManifestEntry[] = [];
    for (const { change, tied } of swallow ? [] : folded.values()) {
      entries.push(...(await this.#put(change, this.#versionOf(change), tied)));
    }
    const offset = read + changes.length - (this.#kind === "sql" ? 1 : 0);
    const sequence = String(offset).padStart(6, "0");
    const shard = this.#kind === "sql" ? `${TOPIC}-${partition}` : "s";
    await this.#append(entries, [{ shard, sequence, time: last?.time ?? 0 }]);
  }

  #versionOf({ time, lsn }: Change): bigint {
    return this.#kind === "sql" ? BigInt(lsn) : BigInt(time / 1000) * 1_000_000n;
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
    more: {
      readonly approved?: string;
      readonly generation?: string;
      readonly kind?: "auto" | "full" | "incremental";
    } = {},
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

  /** What the index acknowledges; undefined when it holds something newer. */
  async #index(id: string, version: bigint): Promise<{ seqNo: number; primaryTerm: number } | undefined> {
    if (this.#real !== undefined) return this.#real.write(id, version);
    if ((this.index.get(id)?.version ?? 0n) > version) return undefined;
    const at = this.#take(id);
    this.index.set(id, { version, ...at });
    return { seqNo: at.seqNo, primaryTerm: 1 };
  }

  async #put(
    { recordId, content, time }: Omit<Change, "lsn">,
    version: bigint,
    tied: boolean,
  ): Promise<readonly ManifestEntry[]> {
    const at = await this.#index(recordId, version);
    if (at === undefined) return [];
    return [
      {
        id: recordId,
        recordId,
        version: toExternalVersion(version, "test"),
        fingerprint: content === undefined ? "" : fingerprintRecord(toRecord(recordId, content)),
        state: content === undefined ? "deleted" : "present",
        ...at,
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
      indexUuid: this.#indexUuid,
      transformHash: "identity",
      origin,
      positions,
      entries,
    });
    await this.store.writeText(
      `manifest/${GENERATION}/${this.#indexUuid}/segments/h/${String(this.#names).padStart(8, "0")}-${origin}-x.gz`,
      text,
    );
  }

  /** The reindex consumer: re-reads the record as of now. */
  async #repair(): Promise<void> {
    for (const { recordId } of this.requests.splice(0)) {
      const content = this.table.get(recordId);
      this.#lsn += 1;
      const change = { recordId, content, time: this.now, lsn: this.#lsn };
      const ofSecond = BigInt(Math.floor(this.now / 1000) - 5) * 1_000_000n - 1n;
      const version = this.#kind === "sql" ? BigInt(this.#lsn) : ofSecond;
      await this.#append(await this.#put(change, version, false), []);
    }
  }

  #export(): TableExport {
    return {
      start: async () => {
        this.#exported = new Map(this.table);
        return { exportArn: "arn/export", exportTime: Math.floor(this.now / 1000) * 1000 };
      },
      find: async () => undefined,
      check: async () => ({ state: "done", items: this.#exported.size, billedBytes: 1024 ** 3 }),
      files: async () => [{ bucket: "state", key: "data.json.gz", items: Math.max(1, this.#exported.size) }],
    };
  }

  /** Reads the table in the order of its key, a few rows a look, as it is then. */
  #rowsExport(): TableExport {
    return {
      ...this.#export(),
      start: async () => {
        this.#exported = new Map();
        this.#rowsRead = { after: "", until: undefined, from: this.now };
        return { exportArn: "arn/export", exportTime: this.now };
      },
      check: async () => {
        const { after, from } = this.#rowsRead;
        const next = [...this.table]
          .sort(([one], [two]) => (one < two ? -1 : 1))
          .filter(([id]) => id > after);
        for (const [id, content] of next.slice(0, ROWS_A_LOOK)) this.#exported.set(id, content);
        const until = next.length < ROWS_A_LOOK ? (this.#rowsRead.until ?? this.now) : undefined;
        this.#rowsRead = { after: next[ROWS_A_LOOK - 1]?.[0] ?? next.at(-1)?.[0] ?? after, until, from };
        if (until === undefined) return { state: "running" };
        return { state: "done", items: this.#exported.size, billedBytes: 0, read: { from, until } };
      },
    };
  }

  #streamHorizon(): StreamHorizon {
    return {
      kind: "stream",
      look: async (positions) => {
        const next = this.#stream[this.#read[0] ?? 0];
        const look =
          next === undefined
            ? ({ kind: "empty", at: this.now } as const)
            : ({ kind: "record", time: next.time } as const);
        return [{ shard: "s", position: positions[0], look }];
      },
      firstAfter: () => Promise.reject(new Error("a consumer tells its positions")),
    };
  }

  #logHorizon(): LogHorizon {
    return {
      kind: "log",
      mark: async () => {
        this.#lsn += 1;
        return BigInt(this.#lsn);
      },
      connector: async () =>
        this.lostSlot === undefined
          ? { kind: "reading", confirmedLsn: BigInt(this.#confirmed) }
          : { kind: "lost", cause: this.lostSlot },
      partitions: async () => {
        const partitions = Array.from({ length: PARTITIONS }, (_, partition) => ({
          shard: `${TOPIC}-${partition}`,
          earliest: 0n,
          end: BigInt(this.#held(partition).length),
        }));
        await this.onEndsRead();
        return partitions;
      },
    };
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
      inspector:
        this.#real?.inspector ??
        makeModelInspector({
          documents: this.index,
          indexUuid: this.#indexUuid,
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
        exports: this.#kind === "sql" ? this.#rowsExport() : this.#export(),
        horizon: this.#kind === "sql" ? this.#logHorizon() : this.#streamHorizon(),
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

function describe(kind: WorldSource, index: string, indexUuid: string): TableDescriptor {
  const key = { partitionKey: { name: "id", type: "S" } } as const;
  const dynamodb = {
    kind: "dynamodb",
    tableName: "orders",
    tableArn: "arn:aws:dynamodb:us-east-1:123456789012:table/orders",
    streamArn: "stream",
    key,
  } as const;
  return {
    table: "orders",
    alias: "orders",
    source: kind === "dynamodb" ? dynamodb : { ...sqlOrders.source, key },
    access: { auditRoleArn: "audit-role", lifecycleRoleArn: "lifecycle-role" },
    generations: [
      {
        generation: GENERATION,
        mode: "custom",
        revision: 1,
        index,
        writeAlias: `${index}-write`,
        indexUuid,
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
}
