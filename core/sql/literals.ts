/** An array literal of PostgreSQL, taken apart: null is NULL, and arrays may lie in arrays. */
export type ArrayItem = string | null | readonly ArrayItem[];

/**
 * Takes an array literal apart: `{1,NULL,"a,b"}`, `[0:1]={1,2}`, `{{1},{2}}`.
 *
 * @returns undefined when it is none
 * @see https://www.postgresql.org/docs/current/arrays.html#ARRAYS-IO
 */
export function parseArray(text: string): readonly ArrayItem[] | undefined {
  const start = text.indexOf("{");
  if (start === -1) return undefined;
  const reader = { text, place: start };
  return readArray(reader);
}

interface Reader {
  readonly text: string;
  place: number;
}

function readArray(reader: Reader): readonly ArrayItem[] | undefined {
  const items: ArrayItem[] = [];
  reader.place += 1;
  if (reader.text[reader.place] === "}") {
    reader.place += 1;
    return items;
  }
  while (reader.place < reader.text.length) {
    const item = readItem(reader);
    if (item === undefined) return undefined;
    items.push(item);
    const next = reader.text[reader.place];
    reader.place += 1;
    if (next === "}") return items;
    if (next !== ",") return undefined;
  }
  return undefined;
}

function readItem(reader: Reader): ArrayItem | undefined {
  const first = reader.text[reader.place];
  if (first === "{") return readArray(reader);
  if (first === '"') return readQuoted(reader);
  const start = reader.place;
  while (reader.place < reader.text.length && !/[,}]/.test(reader.text.charAt(reader.place)))
    reader.place += 1;
  const bare = reader.text.slice(start, reader.place);
  return bare === "NULL" ? null : bare.replaceAll(/\\(.)/gs, "$1");
}

function readQuoted(reader: Reader): string | undefined {
  QUOTED.lastIndex = reader.place;
  const [quoted] = QUOTED.exec(reader.text) ?? [];
  if (quoted === undefined) return undefined;
  reader.place += quoted.length;
  return unquote(quoted);
}

const QUOTED = /"(?:[^"\\]|\\.)*"/sy;

function unquote(quoted: string): string {
  return quoted.slice(1, -1).replaceAll(/\\(.)/gs, "$1");
}

const PAIR = /\s*("(?:[^"\\]|\\.)*")\s*=>\s*(NULL|"(?:[^"\\]|\\.)*")\s*(?:,|$)/sy;

/**
 * Takes an hstore's text apart: `"k"=>"v", "n"=>NULL`.
 *
 * @returns undefined when it is none
 * @see https://www.postgresql.org/docs/current/hstore.html#HSTORE-EXTERNAL-REP
 */
export function parseHstore(text: string): readonly (readonly [string, string | null])[] | undefined {
  const pairs: (readonly [string, string | null])[] = [];
  PAIR.lastIndex = 0;
  while (PAIR.lastIndex < text.length) {
    const [, key = "", value = ""] = PAIR.exec(text) ?? [];
    if (key === "") return undefined;
    pairs.push([unquote(key), value === "NULL" ? null : unquote(value)]);
  }
  return pairs;
}
