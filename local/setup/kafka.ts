import { createHash } from "node:crypto";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { cacheFolder, projectRoot } from "./folders.ts";
import { runCommand } from "./run-command.ts";

const MAVEN = { command: "mvn", install: "apt-get install -y maven" };
const POM = join(projectRoot, "local/setup/kafka.pom.xml");
const COPY = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies";
const HOME = join(cacheFolder, "kafka");

/** Sets of jars that never share a class path, by their profile in `kafka.pom.xml`. */
const PROFILES = {
  broker: { says: "Kafka 4.1 (once, 45 MB)", folder: join(HOME, "broker") },
  connect: { says: "Kafka Connect 3.7 (once, 30 MB)", folder: join(HOME, "connect") },
  "debezium-postgres": {
    says: "Debezium for PostgreSQL (once, 8 MB)",
    folder: join(HOME, "plugins/debezium-postgres"),
  },
} as const;

/** A Connect worker's `plugin.path`: one folder a connector. */
export const connectPlugins = join(HOME, "plugins");

/** The class path of a Kafka broker or of a Connect worker. */
export function kafkaClassPath(program: "broker" | "connect"): string {
  return join(PROFILES[program].folder, "*");
}

/**
 * Fetches Kafka, Kafka Connect and the Debezium connector from Maven, unless just these are there.
 *
 * @throws SyncError `PREREQUISITE_MISSING` without Maven, or when an artifact cannot be had
 */
export function ensureKafka(say: (step: string) => void): void {
  const wanted = createHash("sha256").update(readFileSync(POM)).digest("hex");
  const mark = join(HOME, "installed");
  if (existsSync(mark) && readFileSync(mark, "utf8") === wanted) return;
  rmSync(HOME, { recursive: true, force: true });
  for (const [profile, { says, folder }] of Object.entries(PROFILES)) {
    say(`Fetching ${says}`);
    fetchJars(profile, folder);
  }
  writeFileSync(mark, wanted);
}

/** The plugin's version is fixed: what Maven takes by default differs from machine to machine. */
function fetchJars(profile: string, folder: string): void {
  const options = ["-q", "-B", "-ntp", "-f", POM, "-P", profile];
  runCommand(MAVEN, [...options, COPY, "-DincludeScope=runtime", `-DoutputDirectory=${folder}`]);
}
