import { ExactNumber } from "../../../../core/exact-number.ts";
import { type EventValue, writeJson } from "../event.ts";
import { readCalculation } from "./arithmetic.ts";
import { getValue, toPath } from "./event-path.ts";
import type { Expression, Readable } from "./readable.ts";

const METADATA = /^getMetadata\(\s*(?:"([^"]*)"|'([^']*)')\s*\)$/;
const POINTER = /^\/[\w.@-]+(?:\/[\w.@-]+)*$/;
const NAME = /^[\w.@-]+(?:\/[\w.@-]+)*$/;
const NUMBER = /^-?\d+(?:\.\d+)?$/;
const TEXT = /^"([^"\\]*)"$/;

/**
 * Reads an expression: `getMetadata("…")`, `/a/b`, a literal, or such calculated with `+ - *` or compared with `==` and `!=`.
 * The rest of Data Prepper's language is not run here.
 *
 * @returns undefined when it is something else
 * @see https://docs.opensearch.org/latest/data-prepper/pipelines/expression-syntax/
 */
export function readExpression(text: string): Expression | undefined {
  return readTerm(text) ?? readCalculation(text, readTerm);
}

function readTerm(text: string): Expression | undefined {
  const trimmed = text.trim();
  const [metadata, double, single] = METADATA.exec(trimmed) ?? [];
  if (metadata !== undefined) return metadataOf((double ?? single ?? "").replace(/^\//, ""));
  if (POINTER.test(trimmed)) return ({ data }) => getValue(data, toPath(trimmed)) ?? null;
  const literal = readLiteral(trimmed);
  return literal === undefined ? undefined : () => literal;
}

function metadataOf(name: string): Expression {
  return ({ metadata }) => {
    const value = Object.hasOwn(metadata, name) ? (metadata[name] ?? null) : null;
    return typeof value === "bigint" ? new ExactNumber(String(value)) : value;
  };
}

function readLiteral(text: string): EventValue | undefined {
  if (text === "null") return null;
  if (text === "true" || text === "false") return text === "true";
  if (NUMBER.test(text)) return new ExactNumber(text);
  return TEXT.exec(text)?.[1];
}

/** Puts an event's values into the places `${…}` of a text. */
export type TextFormat = (event: Readable) => string;

const PLACE = /\$\{([^}]*)\}/g;

/**
 * Reads a text with places: an event's own member wins over an expression of that name; what is not there is empty.
 *
 * @returns undefined when a place is neither
 * @see https://github.com/opensearch-project/data-prepper `data-prepper-api/…/event/JacksonEvent.java` formatStringInternal
 */
export function readFormat(text: string): TextFormat | undefined {
  const places = [...text.matchAll(PLACE)].map(([, inside = ""]) => readPlace(inside));
  if (places.some((place) => place === undefined) || text.replace(PLACE, "").includes("${")) return undefined;
  return (event) => {
    let place = 0;
    return text.replace(PLACE, () => toText(places[place++]?.(event) ?? null));
  };
}

function readPlace(inside: string): Expression | undefined {
  const expression = readExpression(inside);
  if (!NAME.test(inside)) return expression;
  return (event) => getValue(event.data, toPath(inside)) ?? expression?.(event) ?? null;
}

function toText(value: EventValue): string {
  if (value === null) return "";
  return typeof value === "object" && !(value instanceof ExactNumber) ? writeJson(value) : String(value);
}
