import { spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { SyncError } from "../../core/errors.ts";

/** OpenSearch 3 needs it. @see https://docs.opensearch.org/latest/install-and-configure/os-comp/ */
const OLDEST_VERSION = 21;
const USUAL_FOLDER = "/usr/lib/jvm";

/**
 * Finds a JDK new enough for OpenSearch: `OPENSEARCH_JAVA_HOME`, `JAVA_HOME`, then the usual folder.
 *
 * @returns its home folder
 * @throws SyncError `PREREQUISITE_MISSING` (not retryable)
 */
export function findJdk(): string {
  const named = [process.env["OPENSEARCH_JAVA_HOME"], process.env["JAVA_HOME"]];
  const usual = existsSync(USUAL_FOLDER)
    ? readdirSync(USUAL_FOLDER).map((name) => join(USUAL_FOLDER, name))
    : [];
  const found = [...named, ...usual].find(
    (home) => home !== undefined && majorVersion(home) >= OLDEST_VERSION,
  );
  if (found !== undefined) return found;
  throw new SyncError("PREREQUISITE_MISSING", `no JDK of version ${OLDEST_VERSION} or newer`, {
    subject: `OPENSEARCH_JAVA_HOME, JAVA_HOME, ${USUAL_FOLDER}`,
    fix: "run `apt-get install -y openjdk-21-jdk-headless` (Debian 13, Ubuntu 22.04 and later), or point OPENSEARCH_JAVA_HOME at one",
    retryable: false,
  });
}

function majorVersion(home: string): number {
  const java = join(home, "bin/java");
  if (!existsSync(java)) return 0;
  const { stderr } = spawnSync(java, ["-version"], { encoding: "utf8" });
  return Number(/version "(\d+)/.exec(stderr)?.[1] ?? 0);
}
