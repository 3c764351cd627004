import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { zipSync } from "fflate";
import { SyncError } from "../../core/errors.ts";

/** A plugin's zip, ready to upload. */
export interface AssembledPlugin {
  readonly file: string;
  /** SHA-256 over the names and contents of its jars, hex: the same jars give the same on every machine. */
  readonly sha256: string;
}

/** Assembles a plugin of some jars beside Debezium's; tests of components pass their own and need no Maven. */
export type AssemblePlugin = (jars: readonly string[]) => AssembledPlugin;

const MAVEN = "mvn";
const POM = resolve(fileURLToPath(import.meta.url), "../connect-plugin.pom.xml");
/** Fixed: what Maven takes by default differs from machine to machine. */
const COPY = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies";
/** A zip's dates begin in 1980; any fixed one makes it the same on every machine. */
const FIXED_TIME = new Date("1980-01-02T00:00:00Z");

/**
 * Fetches Debezium and what it needs from Maven Central and packs it with the jars given.
 *
 * @throws SyncError `PREREQUISITE_MISSING` without Maven, or when a jar cannot be had (not retryable)
 */
export function assemblePlugin(jars: readonly string[]): AssembledPlugin {
  const folder = mkdtempSync(join(tmpdir(), "trueup-plugin-"));
  try {
    runMaven(folder);
    const debezium = readdirSync(folder).map((name) => join(folder, name));
    return pack([...debezium, ...jars]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function runMaven(folder: string): void {
  const args = ["-q", "-B", "-ntp", "-f", POM, COPY, "-DincludeScope=runtime", `-DoutputDirectory=${folder}`];
  const { status, stdout, error } = spawnSync(MAVEN, args, { encoding: "utf8" });
  if (status === 0) return;
  const [subject] = (error?.message ?? stdout).split("\n");
  throw missing(
    "Maven did not bring the connector",
    subject ?? MAVEN,
    "install Maven, and see whether it reaches Maven Central; or give the plugin as an object",
  );
}

/** @param files - jars by path; their names are their names in the zip */
export function pack(files: readonly string[]): AssembledPlugin {
  const jars = new Map(files.map((file) => [basename(file), readJar(file)]));
  const names = [...jars.keys()].sort();
  const hash = createHash("sha256");
  for (const name of names) hash.update(`${name}\n`).update(jars.get(name) ?? "");
  const sha256 = hash.digest("hex");
  const entries = names.map(
    (name) => [`trueup-debezium/${name}`, jars.get(name) ?? new Uint8Array()] as const,
  );
  // Jars are compressed already.
  const zip = zipSync(Object.fromEntries(entries), { level: 0, mtime: FIXED_TIME });
  const folder = join(tmpdir(), `trueup-plugins-${process.getuid?.() ?? 0}`);
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${sha256}.zip`);
  writeFileSync(`${file}.${process.pid}`, zip);
  renameSync(`${file}.${process.pid}`, file);
  return { file, sha256 };
}

function readJar(file: string): Uint8Array {
  try {
    return readFileSync(file);
  } catch {
    throw missing("a jar of the connector's plugin is not there", file, "correct its path");
  }
}

function missing(what: string, subject: string, fix: string): SyncError {
  return new SyncError("PREREQUISITE_MISSING", what, { subject, fix, retryable: false });
}
