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
} as const;

/** One of the demo's generations. */
export type Revision = keyof typeof REVISIONS;

/**
 * Writes a stack file, as a person would edit one.
 *
 * @param revisions - the generations to list, oldest first; none declares no table
 * @returns its path
 */
export function writeConfiguration(revisions: readonly Revision[]): string {
  const places = {
    source: { dynamodb: SOURCE_TABLE },
    generations: revisions.map((revision) => REVISIONS[revision]),
    consumerTimeoutSeconds: 20,
    audit: { pollSeconds: 2 },
  };
  const tables = revisions.length === 0 ? {} : { [PLACES]: places };
  mkdirSync(demoFolder, { recursive: true });
  const file = join(demoFolder, `stack-${revisions.join("-") || "empty"}.yaml`);
  writeFileSync(file, stringify({ config: { "trueup:tables": tables } }));
  return file;
}
