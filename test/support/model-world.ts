import type { AttributeMap } from "../../core/attribute-value.ts";
import type { SourceRecord, Transform, TransformResult } from "../../core/transform.ts";
import { makeRenderBatch } from "../../fallback-consumer/render-batch.ts";
import { HistoryWorld } from "../../testing/histories/history-world.ts";

export { healthy, type InvocationFault } from "../../testing/histories/history-world.ts";

/** What a record of the model says: its value, and how many documents it makes (`undefined` = one, itself). */
export interface ModelRecord {
  readonly value: string;
  readonly parts?: number;
}

/** A value the mapping refuses, and one the transform throws at, until somebody mends them. */
export const REFUSED = "refused-by-the-mapping";
export const EXPLODES = "explodes-in-the-transform";

const KEY = { partitionKey: { name: "id", type: "S" } } as const;

/** A history of records that say how many documents they make, with a mapping and a transform that refuse some. */
export class ModelWorld extends HistoryWorld {
  readonly #model = new Map<string, ModelRecord>();
  readonly #repair: { isMended: boolean };

  constructor({ several, skewMillis }: { readonly several: boolean; readonly skewMillis: number }) {
    const repair = { isMended: false };
    const transform: Transform = several
      ? { kind: "user", documents: "any", timeoutMillis: 1, transform: () => [] }
      : { kind: "identity" };
    const render = makeRenderBatch(transform, () => ({
      run: async (records) => records.map((record) => transformRecord(record, repair.isMended)),
      hasTime: () => true,
      pause: async () => undefined,
    }));
    super({ key: KEY, render: () => render, several, skewMillis });
    this.#repair = repair;
    this.index.refuses = REFUSED;
  }

  putRecord(id: string, record: ModelRecord): void {
    this.#model.set(id, record);
    this.put(toItem(id, record));
  }

  override remove(id: string): void {
    this.#model.delete(id);
    super.remove(id);
  }

  /** The mapping and the transform are corrected, and every dead letter is replayed. */
  mend(): void {
    this.#repair.isMended = true;
    this.index.refuses = undefined;
    this.replayAll();
  }

  /** What searches see. */
  searchable(): Record<string, string> {
    return Object.fromEntries([...this.live()].map(([id, source]) => [id, JSON.parse(source).value]));
  }

  /** What searches must see, told from the database alone. */
  expected(): Record<string, string> {
    const documents: [string, string][] = [];
    for (const [id, { value, parts }] of this.#model) {
      if (parts === undefined) documents.push([id, value]);
      for (let part = 0; part < (parts ?? 0); part += 1) documents.push([`${id}#${part}`, value]);
    }
    return Object.fromEntries(documents);
  }
}

function transformRecord({ recordId, item }: SourceRecord, isMended: boolean): TransformResult {
  if (item["value"] === EXPLODES && !isMended) throw new Error("the transform cannot do this one");
  if (typeof item["parts"] !== "number") return { value: item["value"] };
  if (item["parts"] === 0) return null;
  return Array.from({ length: item["parts"] }, (_, part) => ({
    id: `${recordId}#${part}`,
    document: { value: item["value"] },
  }));
}

function toItem(id: string, { value, parts }: ModelRecord): AttributeMap {
  const item = { id: { S: id }, value: { S: value } };
  return parts === undefined ? item : { ...item, parts: { N: String(parts) } };
}
