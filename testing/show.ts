import type { AttributeMap } from "../core/attribute-value.ts";
import { stringifyDocument, toPlainRecord } from "../core/document.ts";
import type { Outcome } from "./trial.ts";

const LONGEST = 160;

/** A value as a line of text, cut where it is long. */
export function show(value: unknown): string {
  return cut(stringify(value));
}

/** A record as its transform sees it. */
export function showImage(image: AttributeMap): string {
  return show(toPlainRecord(image));
}

/** What became of a record. */
export function showOutcome(outcome: Outcome): string {
  switch (outcome.kind) {
    case "threw":
      return `threw ${cut(outcome.reason)}`;
    case "invalid":
      return cut(outcome.reason);
    case "made":
      return outcome.documents
        .map(({ id, source }) => (source === undefined ? "no document" : `${id}: ${cut(source)}`))
        .join(", ");
  }
}

/** Lines with their labels in one column. */
export function labelled(...lines: readonly (readonly [label: string, text: string])[]): readonly string[] {
  const width = Math.max(...lines.map(([label]) => label.length));
  return lines.map(([label, text]) => `${label.padEnd(width)}  ${text}`);
}

/** Whether two outcomes would be the same in an index. */
export function isSame(left: Outcome, right: Outcome): boolean {
  return showWhole(left) === showWhole(right);
}

/** All of an outcome, as text. Why something was thrown may differ. */
export function showWhole(outcome: Outcome): string {
  if (outcome.kind !== "made") return outcome.kind;
  return outcome.documents.map(({ id, source }) => `${id} ${source}`).join("\n");
}

function cut(text: string): string {
  return text.length <= LONGEST ? text : `${text.slice(0, LONGEST)}…`;
}

function stringify(value: unknown): string {
  try {
    return stringifyDocument(value) ?? String(value);
  } catch {
    return stringifyAnything(value);
  }
}

/** What is no document either. */
function stringifyAnything(value: unknown): string {
  try {
    return JSON.stringify(value, (_name, member: unknown) =>
      typeof member === "number" || typeof member === "bigint" ? String(member) : member,
    );
  } catch {
    return String(value);
  }
}
