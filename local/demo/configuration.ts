import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import { demoFolder } from "./demo-report.ts";
import { SOURCE_TABLE } from "./source-table.ts";

/** The alias of the demo's documents. */
export const PLACES = "places";

const REVISIONS = {
  1: { mode: "custom", revision: 1, mapping: "local/demo/places.v1.json" },
  2: {
    mode: "custom",
    revision: 2,
    mapping: "local/demo/places.v2.json",
    transform: "local/demo/places.v2.ts",
  },
  3: managed(3),
  4: { mode: "custom", revision: 4, mapping: "local/demo/places.v1.json" },
  5: managed(5),
} as const;

/** A pipeline that tells of what it sent soon, so that nobody has to wait for its audit. */
function managed(revision: number) {
  const pipeline = { flushMillis: 200, collectSeconds: 2 };
  return { mode: "managed", revision, mapping: "local/demo/places.v1.json", pipeline } as const;
}

/** One of the demo's generations. */
export type Revision = keyof typeof REVISIONS;

/** What else a stack file declares, beside the places. */
export interface MoreDeclared {
  readonly sources: Readonly<Record<string, unknown>>;
  readonly tables: Readonly<Record<string, unknown>>;
}

/**
 * Writes a stack file, as a person would edit one.
 *
 * @param revisions - the generations to list, oldest first; none declares no table of places
 * @returns its path
 */
export function writeConfiguration(revisions: readonly Revision[], more?: MoreDeclared): string {
  const places = {
    source: { dynamodb: SOURCE_TABLE },
    generations: revisions.map((revision) => REVISIONS[revision]),
    consumerTimeoutSeconds: 20,
    audit: { pollSeconds: 2 },
  };
  const tables = { ...(revisions.length === 0 ? {} : { [PLACES]: places }), ...more?.tables };
  const sources = more === undefined ? {} : { "trueup:sources": more.sources };
  mkdirSync(demoFolder, { recursive: true });
  const names = [...revisions, ...Object.keys(more?.tables ?? {})];
  const file = join(demoFolder, `stack-${names.join("-") || "empty"}.yaml`);
  writeFileSync(file, stringify({ config: { ...sources, "trueup:tables": tables } }));
  return file;
}
