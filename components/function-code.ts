import { createHash } from "node:crypto";
import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { buildSync } from "esbuild";
import { zipSync } from "fflate";
import { SyncError } from "../core/errors.ts";

/** The functions this project deploys, by entry file. */
export type FunctionEntry =
  | "fallback-consumer/dynamodb-stream"
  | "fallback-consumer/kafka-stream"
  | "fallback-consumer/reindex"
  | "fallback-consumer/sql-reindex"
  | "fallback-consumer/bulk-load"
  | "fallback-consumer/sql-reindex"
  | "fallback-consumer/sql-bulk-load"
  | "drift-audit/drift-audit"
  | "index-lifecycle/index-lifecycle";

/** A function's code, ready to upload. */
export interface FunctionCode {
  /** A zip with one module, `index.mjs`, whose `handler` Lambda calls. */
  readonly file: string;
  /** SHA-256 of the zip, hex. The same sources give the same bytes on every machine. */
  readonly sha256: string;
  /** Size of the module before compression, bytes. */
  readonly bytes: number;
}

/** Makes functions' code; tests of components pass their own and need no build. */
export interface CodeBuilder {
  /** @param transformFile - absolute path of the user's transform; the identity when absent */
  build(entry: FunctionEntry, transformFile?: string): FunctionCode;
  /** Which transform that is: `identity`, or 16 hex digits over the user's module and its imports without ours. */
  transformHash(transformFile?: string): string;
}

const HASH_DIGITS = 16;
/** A zip's dates begin in 1980; any fixed one makes it the same on every machine. */
const FIXED_TIME = new Date("1980-01-02T00:00:00Z");
/** The AWS SDK and its kin use `require` in places; an ESM bundle has none of its own. */
const REQUIRE_BANNER =
  'import { createRequire as trueupRequire } from "node:module"; const require = trueupRequire(import.meta.url);';

/**
 * Builds functions with esbuild while the program runs, so that `pulumi up` needs no step before it.
 *
 * Each distinct function is built once a process, however many tables share it.
 *
 * @param packageRoot - where this package's modules are, TypeScript in a checkout and JavaScript where it is installed
 */
export function makeCodeBuilder(packageRoot: string): CodeBuilder {
  const built = new Map<string, FunctionCode>();
  const hashes = new Map<string, string>();
  return {
    build: (entry, transformFile) =>
      remember(built, `${entry} ${transformFile}`, () => {
        const identity = join(packageRoot, "core/identity-transform");
        return packModule(bundle(packageRoot, entry, transformFile ?? identity));
      }),
    transformHash: (transformFile) =>
      transformFile === undefined
        ? "identity"
        : remember(hashes, transformFile, () => hashTransform(packageRoot, transformFile)),
  };
}

function bundle(packageRoot: string, entry: FunctionEntry, transformFile: string): Uint8Array {
  const [output] = runBuild({
    entryPoints: [join(packageRoot, entry)],
    alias: {
      "trueup:transform": resolve(transformFile),
      "trueup/transform": join(packageRoot, "core/transform"),
      // The Kafka client's other build of this reads a file beside itself, which a bundle has not.
      "@platformatic/wasm-utils": "@platformatic/wasm-utils/bundled",
    },
    absWorkingDir: packageRoot,
    banner: { js: REQUIRE_BANNER },
    minify: true,
    keepNames: true,
  });
  return output;
}

/**
 * What our own code does does not change what a document is, so it stays out of the hash, however it is imported.
 *
 * Names stay as they are written: esbuild chooses short ones by how often letters occur in a file, types included.
 */
function hashTransform(packageRoot: string, transformFile: string): string {
  const entry = resolve(transformFile);
  const [output] = runBuild({
    entryPoints: [entry],
    external: ["trueup", "trueup/*", join(packageRoot, "core/*")],
    // What is not an ES module is named by its path from here; from the file, that is the same on every machine.
    absWorkingDir: dirname(entry),
    minifySyntax: true,
    minifyWhitespace: true,
  });
  return createHash("sha256").update(output).digest("hex").slice(0, HASH_DIGITS);
}

function runBuild(options: Parameters<typeof buildSync>[0]): readonly [Uint8Array] {
  const shared = { bundle: true, format: "esm", platform: "node", target: "node24", write: false } as const;
  try {
    const { outputFiles } = buildSync({ ...options, ...shared, legalComments: "none", logLevel: "silent" });
    const [output] = outputFiles ?? [];
    if (output === undefined) throw new Error("esbuild gave no output");
    return [output.contents];
  } catch (cause) {
    throw new SyncError("TRANSFORM_INVALID", "a function's code does not build", {
      subject: cause instanceof Error ? cause.message : String(cause),
      fix: "correct the file and line it names",
      retryable: false,
      cause,
    });
  }
}

function packModule(module: Uint8Array): FunctionCode {
  const zip = zipSync({ "index.mjs": module }, { level: 9, mtime: FIXED_TIME });
  const sha256 = createHash("sha256").update(zip).digest("hex");
  const folder = join(tmpdir(), `trueup-functions-${process.getuid?.() ?? 0}`);
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${sha256}.zip`);
  writeFileSync(`${file}.${process.pid}`, zip);
  renameSync(`${file}.${process.pid}`, file);
  return { file, sha256, bytes: module.length };
}

function remember<T>(known: Map<string, T>, key: string, make: () => T): T {
  const value = known.get(key) ?? make();
  known.set(key, value);
  return value;
}
