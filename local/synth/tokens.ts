import { type Json, mapTexts, textsOf } from "./json.ts";

/** What is known only when a resource exists: its reference, or one of its attributes. */
export interface Token {
  /** A resource's logical id, or a pseudo parameter such as `AWS::Region`. */
  readonly of: string;
  /** Absent: the reference itself, what CloudFormation's `Ref` gives. */
  readonly attribute?: string;
  /** Of an attribute that is a list of texts `a:b`: which part of its first text. */
  readonly part?: number;
}

const TOKEN = /⟨([A-Za-z0-9:]+)(?:\.([A-Za-z0-9.]+))?(?:#(\d))?⟩/g;

/** Writes a token as text, which may stand inside any other text and survives JSON. */
export function writeToken({ of, attribute, part }: Token): string {
  return `⟨${of}${attribute === undefined ? "" : `.${attribute}`}${part === undefined ? "" : `#${part}`}⟩`;
}

/** A text cut into what it says and the tokens between. */
export function splitTokens(text: string): readonly (string | Token)[] {
  const parts: (string | Token)[] = [];
  let end = 0;
  for (const match of text.matchAll(TOKEN)) {
    const [whole, of = "", attribute, part] = match;
    if (match.index > end) parts.push(text.slice(end, match.index));
    parts.push({
      of,
      ...(attribute === undefined ? {} : { attribute }),
      ...(part === undefined ? {} : { part: Number(part) }),
    });
    end = match.index + whole.length;
  }
  if (end < text.length || parts.length === 0) parts.push(text.slice(end));
  return parts;
}

/** The tokens anywhere in plain data. */
export function tokensOf(value: Json): readonly Token[] {
  return textsOf(value)
    .flatMap(splitTokens)
    .filter((part) => typeof part !== "string");
}

/** Puts values in the place of tokens. */
export function resolveTokens(value: Json, resolve: (token: Token) => string): Json {
  return mapTexts(value, (text) =>
    splitTokens(text)
      .map((part) => (typeof part === "string" ? part : resolve(part)))
      .join(""),
  );
}
