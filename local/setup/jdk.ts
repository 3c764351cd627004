import { spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { SyncError } from "../../core/errors.ts";
import type { SearchDistribution } from "./search-distribution.ts";

const USUAL_FOLDER = "/usr/lib/jvm";
const OWN_VARIABLE = { opensearch: "OPENSEARCH_JAVA_HOME", elasticsearch: "ES_JAVA_HOME" } as const;

/**
 * Finds a JDK a search engine runs on: the engine's own variable, `JAVA_HOME`, then the usual folder.
 *
 * @returns its home folder
 * @throws SyncError `PREREQUISITE_MISSING` (not retryable)
 */
export function findJdk({ product, version, java }: SearchDistribution): string {
  const variable = OWN_VARIABLE[product];
  const usual = existsSync(USUAL_FOLDER)
    ? readdirSync(USUAL_FOLDER).map((name) => join(USUAL_FOLDER, name))
    : [];
  const found = [process.env[variable], process.env["JAVA_HOME"], ...usual].find((home) => {
    const release = home === undefined ? 0 : majorVersion(home);
    return release >= java.oldest && release <= java.newest;
  });
  if (found !== undefined) return found;
  const range = Number.isFinite(java.newest)
    ? `version ${java.oldest} to ${java.newest}`
    : `version ${java.oldest} or newer`;
  throw new SyncError("PREREQUISITE_MISSING", `no JDK of ${range}, for ${product} ${version}`, {
    subject: `${variable}, JAVA_HOME, ${USUAL_FOLDER}`,
    fix: `run \`apt-get install -y openjdk-${Number.isFinite(java.newest) ? 17 : 21}-jdk-headless\` (Debian 12 has 17, Debian 13 and Ubuntu 22.04 have 21), or point ${variable} at one`,
    retryable: false,
  });
}

function majorVersion(home: string): number {
  const java = join(home, "bin/java");
  if (!existsSync(java)) return 0;
  const { stderr } = spawnSync(java, ["-version"], { encoding: "utf8" });
  return Number(/version "(\d+)/.exec(stderr)?.[1] ?? 0);
}
