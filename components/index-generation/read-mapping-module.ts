import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { runInThisContext } from "node:vm";
import { buildSync } from "esbuild";
import type { IndexMapping } from "./default-mapping.ts";

/**
 * Reads a mapping that a module declares with `defineMapping`: its default export, or the one named `mapping`. The module is
 * run, so it should do nothing else.
 *
 * @returns undefined when the module does not build, throws, or exports no object
 */
export function readMappingModule(file: string): IndexMapping | undefined {
  try {
    const exported = toObject(runModule(file));
    // As JSON, because that is what the engine is sent.
    const mapping: unknown = JSON.parse(JSON.stringify(exported["mapping"] ?? exported["default"]));
    return isMapping(mapping) ? mapping : undefined;
  } catch {
    return undefined;
  }
}

function runModule(file: string): unknown {
  const { outputFiles } = buildSync({
    entryPoints: [file],
    alias: { "trueup/transform": resolve(packageRoot(), "core/transform") },
    bundle: true,
    format: "iife",
    globalName: "exported",
    platform: "node",
    target: "node24",
    write: false,
    logLevel: "silent",
  });
  return runInThisContext(`(() => { ${outputFiles[0]?.text ?? ""}\nreturn exported; })()`, {
    filename: file,
  });
}

function toObject(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? { ...value } : {};
}

/** That its members are a mapping's, OpenSearch says. */
function isMapping(value: unknown): value is IndexMapping {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** This file lies two folders below the root of the modules. */
function packageRoot(): string {
  return resolve(fileURLToPath(import.meta.url), "../../..");
}
