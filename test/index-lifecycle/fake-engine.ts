import { SyncError } from "../../core/errors.ts";
import { INDEX_MARK_NAME, type IndexMark, type JsonObject } from "../../core/index-definition.ts";
import type { AliasAction, IndexAdmin } from "../../core/ports/index-admin.ts";

interface FakeIndex {
  uuid: string;
  documents: number;
  mapping: JsonObject;
  settings: JsonObject;
  readonly aliases: Map<string, JsonObject>;
}

/** A search engine in memory: names are unique over indexes and aliases, alias changes are all or nothing. */
export class FakeEngine implements IndexAdmin {
  readonly indexes = new Map<string, FakeIndex>();
  made = 0;
  /** Thrown by the next call that changes anything. */
  failNext: Error | undefined;

  /** An index somebody else made. */
  addForeign(index: string, alias?: string): void {
    const aliases = new Map<string, JsonObject>(alias === undefined ? [] : [[alias, {}]]);
    this.indexes.set(index, { uuid: `foreign-${index}`, documents: 5, mapping: {}, settings: {}, aliases });
  }

  async findIndex(index: string) {
    const found = this.indexes.get(index);
    if (found === undefined) return undefined;
    const meta = found.mapping["_meta"] as { readonly [INDEX_MARK_NAME]?: IndexMark } | undefined;
    const mark = meta?.[INDEX_MARK_NAME];
    return { index, indexUuid: found.uuid, ...(mark === undefined ? {} : { mark }) };
  }

  async createIndex(index: string, body: JsonObject) {
    this.#mayFail();
    if (this.indexes.has(index) || this.#isAlias(index)) return "exists" as const;
    this.made += 1;
    this.indexes.set(index, {
      uuid: `uuid-${this.made}`,
      documents: 0,
      mapping: body["mappings"] as JsonObject,
      settings: (body["settings"] as { index: JsonObject }).index,
      aliases: new Map(Object.entries(body["aliases"] as Record<string, JsonObject>)),
    });
    return "created" as const;
  }

  async putMapping(index: string, mapping: JsonObject): Promise<void> {
    this.#mayFail();
    const found = this.indexes.get(index);
    if (found !== undefined) found.mapping = mapping;
  }

  async putSettings(index: string, settings: JsonObject): Promise<void> {
    this.#mayFail();
    const found = this.indexes.get(index);
    if (found !== undefined) found.settings = { ...found.settings, ...settings };
  }

  async deleteIndex(index: string): Promise<void> {
    this.#mayFail();
    this.indexes.delete(index);
  }

  async aliasMembers(alias: string) {
    return [...this.indexes]
      .filter(([, { aliases }]) => aliases.has(alias))
      .map(([index, { aliases }]) => ({ index, options: JSON.stringify(aliases.get(alias)) }));
  }

  async changeAliases(actions: readonly AliasAction[]): Promise<void> {
    this.#mayFail();
    const known = actions.every(({ index }) => this.indexes.has(index));
    if (!known) {
      throw new SyncError("CUTOVER_REFUSED", "no such index", {
        subject: JSON.stringify(actions),
        fix: "-",
        retryable: false,
      });
    }
    for (const action of actions) {
      if (action.kind === "delete-index") this.indexes.delete(action.index);
      else if (action.kind === "remove") this.indexes.get(action.index)?.aliases.delete(action.alias);
      else this.indexes.get(action.index)?.aliases.set(action.alias, action.options);
    }
  }

  async countDocuments(index: string) {
    return this.indexes.get(index)?.documents ?? 0;
  }

  #isAlias(name: string): boolean {
    return [...this.indexes.values()].some(({ aliases }) => aliases.has(name));
  }

  #mayFail(): void {
    const failure = this.failNext;
    this.failNext = undefined;
    if (failure !== undefined) throw failure;
  }
}
