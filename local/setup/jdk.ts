import { spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { SyncError } from "../../core/errors.ts";
import type { SearchDistribution } from "./search-distribution.ts";

/** What a program asks of its JDK. */
interface JavaNeed {
  readonly program: string;
  readonly oldest: number;
  readonly newest: number;
  /** The variable that names a JDK for this program alone. */
  readonly variable: string;
  /** The one command that installs one. */
  readonly install: string;
}

/**
 * Kafka 4 runs on 17 and later; Connect 3.7 is built for 8 to 21, and 24 took away what its clients call.
 *
 * @see https://kafka.apache.org/37/documentation.html#java
 */
const KAFKA: JavaNeed = {
  program: "Kafka and Kafka Connect 3.7",
  oldest: 17,
  newest: 23,
  variable: "KAFKA_JAVA_HOME",
  install: "`apt-get install -y openjdk-17-jre-headless` (Debian 12, Ubuntu 22.04 and later)",
};
const USUAL_FOLDER = "/usr/lib/jvm";
const OWN_VARIABLE = { opensearch: "OPENSEARCH_JAVA_HOME", elasticsearch: "ES_JAVA_HOME" } as const;

/**
 * Finds a JDK a search engine runs on: the engine's own variable, `JAVA_HOME`, then the usual folder.
 *
 * @returns its home folder
 * @throws SyncError `PREREQUISITE_MISSING` (not retryable)
 */
export function findJdk({ product, version, java }: SearchDistribution): string {
  const release = Number.isFinite(java.newest) ? 17 : 21;
  return find({
    program: `${product} ${version}`,
    ...java,
    variable: OWN_VARIABLE[product],
    install: `\`apt-get install -y openjdk-${release}-jdk-headless\` (Debian 12 has 17, Debian 13 and Ubuntu 22.04 have 21)`,
  });
}

/**
 * Finds a Java of 17 to 23 for Kafka and Connect: `KAFKA_JAVA_HOME`, `JAVA_HOME`, then the usual folder.
 *
 * @returns its home folder
 * @throws SyncError `PREREQUISITE_MISSING` (not retryable)
 */
export function findKafkaJava(): string {
  return find(KAFKA);
}

function find({ program, oldest, newest, variable, install }: JavaNeed): string {
  const named = [process.env[variable], process.env["JAVA_HOME"]];
  const usual = existsSync(USUAL_FOLDER)
    ? readdirSync(USUAL_FOLDER).map((name) => join(USUAL_FOLDER, name))
    : [];
  const fits = (version: number) => version >= oldest && version <= newest;
  const found = [...named, ...usual].find((home) => home !== undefined && fits(majorVersion(home)));
  if (found !== undefined) return found;
  const range = Number.isFinite(newest) ? `${oldest} to ${newest}` : `${oldest} or newer`;
  throw new SyncError("PREREQUISITE_MISSING", `no JDK of version ${range} for ${program}`, {
    subject: `${variable}, JAVA_HOME, ${USUAL_FOLDER}`,
    fix: `run ${install}, or point ${variable} at one`,
    retryable: false,
  });
}

function majorVersion(home: string): number {
  const java = join(home, "bin/java");
  if (!existsSync(java)) return 0;
  const { stderr } = spawnSync(java, ["-version"], { encoding: "utf8" });
  return Number(/version "(\d+)/.exec(stderr)?.[1] ?? 0);
}
