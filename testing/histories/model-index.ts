import type { IndexWrite, IndexWriter, WriteOutcome } from "../../core/ports/index-writer.ts";

interface StoredDocument {
  readonly version: bigint;
  readonly source: string;
  readonly seqNo: number;
}

/** How the next bulk goes wrong. Bits of `pattern` choose the writes concerned, by place. */
export type BulkFault =
  | { readonly kind: "none" }
  /** Refused before anything was written. */
  | { readonly kind: "down" }
  /** Some writes answered 429 inside a 200. */
  | { readonly kind: "throttled"; readonly pattern: number }
  /** The engine died on the way: some writes are in, nobody knows which. */
  | { readonly kind: "killed"; readonly pattern: number }
  /** The client gave up, the bulk is still on its way and lands later. */
  | { readonly kind: "late" };

/** How long OpenSearch remembers the version of a document that is gone (`index.gc_deletes`). */
const GC_DELETES_MILLIS = 60_000;

/**
 * An index that behaves as OpenSearch was seen to: `external_gte`, a sequence number for every accepted
 * write, and deletes that are remembered for 60 s only.
 */
export class ModelIndex implements IndexWriter {
  readonly documents = new Map<string, StoredDocument>();
  readonly late: (readonly IndexWrite[])[] = [];
  fault: BulkFault = { kind: "none" };
  /** Documents whose body holds this text are refused by the mapping. */
  refuses: string | undefined;
  readonly #deletes = new Map<string, { readonly version: bigint; readonly at: number }>();
  readonly #now: () => number;
  #seqNo = 0;

  constructor(now: () => number) {
    this.#now = now;
  }

  async write(writes: readonly IndexWrite[]): Promise<readonly WriteOutcome[]> {
    const { fault } = this;
    this.fault = { kind: "none" };
    if (fault.kind === "late") this.late.push(writes);
    return writes.map((write, place) => {
      const concerned = "pattern" in fault && (fault.pattern >> (place % 16)) % 2 === 1;
      if (fault.kind === "none" || (fault.kind === "throttled" && !concerned)) return this.#accept(write);
      if (fault.kind === "killed" && concerned) this.#accept(write);
      return { kind: "unavailable", status: fault.kind === "throttled" ? 429 : 0, reason: fault.kind };
    });
  }

  /** A bulk of a dead invocation arrives after all. */
  landOne(): void {
    for (const write of this.late.shift() ?? []) this.#accept(write);
  }

  /** A conditional delete, as the purge does it. @returns whether the document still was what the caller saw */
  purge(id: string, seqNo: number): number | undefined {
    const stored = this.documents.get(id);
    if (stored?.seqNo !== seqNo) return undefined;
    this.documents.delete(id);
    this.#deletes.set(id, { version: stored.version + 1n, at: this.#now() });
    this.#seqNo += 1;
    return this.#seqNo;
  }

  #accept(write: IndexWrite): WriteOutcome {
    if (this.refuses !== undefined && write.source?.includes(this.refuses)) {
      return { kind: "rejected", cause: "MAPPING_REJECTED", reason: "mapper_parsing_exception" };
    }
    if (write.version < this.#versionOf(write.id)) return { kind: "superseded" };
    this.#seqNo += 1;
    this.#deletes.delete(write.id);
    this.documents.set(write.id, { version: write.version, source: write.source ?? "", seqNo: this.#seqNo });
    return { kind: "applied", seqNo: this.#seqNo, primaryTerm: 1 };
  }

  #versionOf(id: string): bigint {
    const remembered = this.#deletes.get(id);
    const forgotten = remembered === undefined || this.#now() - remembered.at > GC_DELETES_MILLIS;
    return this.documents.get(id)?.version ?? (forgotten ? 0n : remembered.version);
  }
}
