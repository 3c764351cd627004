import type { ObjectStore } from "../../core/ports/object-store.ts";

/** An object store in memory, with a hook before every call, so that tests can interleave two users of it. */
export class MemoryObjects implements ObjectStore {
  readonly objects = new Map<
    string,
    { readonly text: string; readonly parts: readonly string[]; readonly tag: string }
  >();
  #tags = 0;
  readonly #before: () => Promise<void>;

  constructor(before: () => Promise<void> = async () => {}) {
    this.#before = before;
  }

  /** The same objects, seen through another hook. */
  through(before: () => Promise<void>): MemoryObjects {
    const view = new MemoryObjects(before);
    Object.defineProperty(view, "objects", { value: this.objects });
    view.#tags = Math.floor(Math.random() * 1e9) + 1e6;
    return view;
  }

  async readText(key: string): Promise<string | undefined> {
    await this.#before();
    return this.objects.get(key)?.text;
  }

  async writeText(key: string, text: string): Promise<void> {
    await this.#before();
    this.#put(key, [text]);
  }

  async writeParts(key: string, texts: readonly string[]): Promise<readonly number[]> {
    await this.#before();
    this.#put(key, texts);
    const offsets = [0];
    for (const text of texts) offsets.push((offsets.at(-1) ?? 0) + text.length);
    return offsets;
  }

  async readPart(key: string, start: number, end: number): Promise<string | undefined> {
    await this.#before();
    return this.objects.get(key)?.text.slice(start, end);
  }

  async readTagged(key: string): Promise<{ text: string; tag: string } | undefined> {
    await this.#before();
    const found = this.objects.get(key);
    return found === undefined ? undefined : { text: found.text, tag: found.tag };
  }

  async replace(key: string, text: string, tag: string | undefined): Promise<boolean> {
    await this.#before();
    if (this.objects.get(key)?.tag !== tag) return false;
    this.#put(key, [text]);
    return true;
  }

  async list(prefix: string, limit: number): Promise<readonly { key: string; bytes: number }[]> {
    await this.#before();
    return [...this.objects.entries()]
      .filter(([key]) => key.startsWith(prefix))
      .sort(([left], [right]) => (left < right ? -1 : 1))
      .slice(0, limit)
      .map(([key, { text }]) => ({ key, bytes: text.length }));
  }

  async remove(keys: readonly string[]): Promise<void> {
    await this.#before();
    for (const key of keys) this.objects.delete(key);
  }

  #put(key: string, parts: readonly string[]): void {
    this.#tags += 1;
    this.objects.set(key, { text: parts.join(""), parts, tag: `tag-${this.#tags}` });
  }
}
