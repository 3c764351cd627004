import { ExactNumber } from "../../core/exact-number.ts";
import type { BrokenPromise } from "../options.ts";
import { rekey } from "../rekey.ts";
import { labelled, show, showImage } from "../show.ts";
import { outcomeIn, type Trial } from "../trial.ts";

/** What is returned can be written as JSON, and read back as it was. */
export async function checkValidDocuments(trial: Trial): Promise<BrokenPromise | undefined> {
  for (const image of trial.samples) {
    const outcome = await outcomeIn(trial, [image]);
    if (outcome.kind === "threw") continue;
    const lost = findLost(outcome.raw, "");
    const reason = lost === undefined ? outcome.kind === "invalid" && outcome.reason : describeLost(lost);
    if (reason === false || reason === undefined) continue;
    return {
      promise: "valid-documents",
      what: `it returns what no index can hold: ${reason}`,
      example: labelled(["record", showImage(image)], ["returned", show(outcome.raw)]),
      fix: "return plain objects of texts, finite numbers, booleans, null, arrays and objects",
    };
  }
  return undefined;
}

interface Lost {
  readonly path: string;
  readonly value: unknown;
}

function describeLost({ path, value }: Lost): string {
  const kind =
    typeof value === "object" && value !== null
      ? `a ${value.constructor?.name ?? "object"}, which JSON would write as {}`
      : typeof value === "number"
        ? String(value)
        : `a ${typeof value}`;
  return `${path === "" ? "the result" : path} is ${kind}`;
}

/** The first value that JSON would drop, change or refuse. Absent members are none. */
function findLost(value: unknown, path: string): Lost | undefined {
  switch (typeof value) {
    case "string":
    case "boolean":
    case "bigint":
    case "undefined":
      return undefined;
    case "number":
      return Number.isFinite(value) ? undefined : { path, value };
    case "object":
      return value === null || value instanceof ExactNumber ? undefined : findLostInside(value, path);
    default:
      return { path, value };
  }
}

function findLostInside(value: object, path: string): Lost | undefined {
  if (Object.prototype.toString.call(value) === "[object Date]") {
    return Number.isNaN(Number(value)) ? { path, value: Number.NaN } : undefined;
  }
  const kind = Object.prototype.toString.call(value);
  if (kind === "[object Map]" || kind === "[object Set]" || kind === "[object RegExp]")
    return { path, value };
  for (const [name, member] of Object.entries(value)) {
    const lost = findLost(
      member,
      Array.isArray(value) ? `${path}[${name}]` : `${path}.${name}`.replace(/^\./, ""),
    );
    if (lost !== undefined) return lost;
  }
  return undefined;
}

/** No two records make a document of one id: the second would overwrite the first. */
export async function checkUniqueIds(trial: Trial): Promise<BrokenPromise | undefined> {
  for (const sample of trial.samples) {
    const [one, other] = [rekey(trial, sample).image, rekey(trial, sample).image];
    const [first, second] = [await outcomeIn(trial, [one]), await outcomeIn(trial, [other])];
    if (first.kind !== "made" || second.kind !== "made") continue;
    const ids = new Set(first.documents.map(({ id }) => id));
    const shared = second.documents.find(({ id }) => ids.has(id));
    if (shared === undefined) continue;
    return {
      promise: "unique-ids",
      what: `two records make the document ${shared.id}, so that each overwrites the other's`,
      example: labelled(["record", showImage(one)], ["another", showImage(other)]),
      fix: "make the id of the record's own: begin it with recordId",
    };
  }
  return undefined;
}
