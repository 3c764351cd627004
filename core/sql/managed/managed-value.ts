import type { AttributeValue } from "../../attribute-value.ts";
import { toManagedScalar } from "./managed-scalar.ts";

/**
 * A column's value as Data Prepper's `rds` source sends it; see {@link toManagedScalar}. Arrays, of any depth, are lists.
 *
 * @param text - PostgreSQL's own text; null where the value is null
 * @param typeName - as `pg_type.typname` has it: `_int4` is an array of `int4`
 */
export function toManagedValue(text: string | null, typeName: string): AttributeValue {
  if (text === null) return { NULL: true };
  if (!typeName.startsWith("_")) return toManagedScalar(text, typeName);
  return readArray(text, typeName.slice(1), typeName === "_box" ? ";" : ",");
}

/** @see https://www.postgresql.org/docs/current/arrays.html#ARRAYS-IO */
function readArray(text: string, elementType: string, delimiter: string): AttributeValue {
  const reader = new ArrayReader(text.replace(/^(\[[\d:-]+\])+=/, ""), elementType, delimiter);
  return reader.list();
}

/** Reads an array's literal from its beginning on. */
class ArrayReader {
  readonly #text: string;
  readonly #elementType: string;
  readonly #delimiter: string;
  #place = 0;

  constructor(text: string, elementType: string, delimiter: string) {
    this.#text = text;
    this.#elementType = elementType;
    this.#delimiter = delimiter;
  }

  list(): AttributeValue {
    const items: AttributeValue[] = [];
    this.#place += 1;
    while (this.#text[this.#place] !== "}") {
      items.push(this.#item());
      if (this.#text[this.#place] === this.#delimiter) this.#place += 1;
    }
    this.#place += 1;
    return { L: items };
  }

  #item(): AttributeValue {
    if (this.#text[this.#place] === "{") return this.list();
    if (this.#text[this.#place] === '"') return toManagedScalar(this.#quoted(), this.#elementType);
    const plain = this.#plain();
    return plain === "NULL" ? { NULL: true } : toManagedScalar(plain, this.#elementType);
  }

  #quoted(): string {
    let value = "";
    for (this.#place += 1; this.#text[this.#place] !== '"'; this.#place += 1) {
      if (this.#text[this.#place] === "\\") this.#place += 1;
      value += this.#text[this.#place] ?? "";
    }
    this.#place += 1;
    return value;
  }

  #plain(): string {
    const start = this.#place;
    while (!["}", this.#delimiter, undefined].includes(this.#text[this.#place])) this.#place += 1;
    return this.#text.slice(start, this.#place);
  }
}
