import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../../local/setup/folders.ts";

const SOURCES = [
  "adapters",
  "cli",
  "components",
  "core",
  "drift-audit",
  "fallback-consumer",
  "index-lifecycle",
  "local",
  "stacks",
  "transforms",
  "package.json",
  "Pulumi.yaml",
  "tsconfig.json",
];
const SHARED = ["node_modules", ".trueup"];
const ENTRIES = [
  "fallback-consumer/dynamodb-stream.ts",
  "fallback-consumer/reindex.ts",
  "fallback-consumer/bulk-load.ts",
  "drift-audit/drift-audit.ts",
  "index-lifecycle/index-lifecycle.ts",
];

/**
 * Makes a checkout whose functions do the same and have other bytes, as after an upgrade of the library; the stack that
 * runs is the same one.
 *
 * @param folder - made, or upgraded once more
 */
export function upgradeLibrary(folder: string, edition: number): void {
  if (edition === 1) {
    mkdirSync(folder, { recursive: true });
    for (const path of SOURCES) cpSync(join(projectRoot, path), join(folder, path), { recursive: true });
    for (const path of SHARED) symlinkSync(join(projectRoot, path), join(folder, path));
  }
  for (const entry of ENTRIES) {
    const text = readFileSync(join(projectRoot, entry), "utf8");
    writeFileSync(join(folder, entry), `${text}\nReflect.set(globalThis, "edition", ${edition});\n`);
  }
}
