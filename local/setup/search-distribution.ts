import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { SyncError } from "../../core/errors.ts";
import { cacheFolder } from "./folders.ts";
import { runCommand } from "./run-command.ts";

const MAVEN = { command: "mvn", install: "apt-get install -y maven" };
const UNZIP = { command: "unzip", install: "apt-get install -y unzip" };

/** A release of a search engine, as Maven has it: no security plugin, no x-pack; before 3.x no modules but HTTP. */
export interface SearchDistribution {
  readonly product: "opensearch" | "elasticsearch";
  readonly version: string;
  readonly artifact: string;
  readonly megabytes: number;
  /** Java releases it runs on. */
  readonly java: { readonly oldest: number; readonly newest: number };
}

/** What the local stack and most tests use. @see https://docs.opensearch.org/latest/install-and-configure/os-comp/ */
export const openSearch3: SearchDistribution = {
  product: "opensearch",
  version: "3.7.0",
  artifact: "org.opensearch.distribution.integ-test-zip:opensearch:3.7.0:zip",
  megabytes: 160,
  java: { oldest: 21, newest: Number.POSITIVE_INFINITY },
};

/** The last line of 2.x. It asks for a security manager, which Java 24 took away. @see https://openjdk.org/jeps/486 */
export const openSearch2: SearchDistribution = {
  product: "opensearch",
  version: "2.19.4",
  artifact: "org.opensearch.distribution.integ-test-zip:opensearch:2.19.4:zip",
  megabytes: 56,
  java: { oldest: 11, newest: 23 },
};

/** The last Elasticsearch under the Apache licence. Java 17 is the last that lets it set a security manager unasked. */
export const elasticsearch7: SearchDistribution = {
  product: "elasticsearch",
  version: "7.10.2",
  artifact: "org.elasticsearch.distribution.integ-test-zip:elasticsearch:7.10.2:zip",
  megabytes: 31,
  java: { oldest: 11, newest: 17 },
};

/** The folder a distribution is unpacked in. */
export function homeOf({ product, version }: SearchDistribution): string {
  return join(cacheFolder, `${product}-${version}`);
}

/**
 * Fetches and unpacks a distribution from Maven, once.
 *
 * @throws SyncError `PREREQUISITE_MISSING` without Maven or unzip
 */
export function ensureDistribution(distribution: SearchDistribution, say: (step: string) => void): void {
  const { product, version, artifact, megabytes } = distribution;
  const home = homeOf(distribution);
  if (existsSync(join(home, "bin", product))) return;
  say(`Fetching ${product} ${version} (once, ${megabytes} MB)`);
  const download = `${home}-download`;
  rmSync(download, { recursive: true, force: true });
  mkdirSync(download, { recursive: true });
  runCommand(MAVEN, [
    "-q",
    "-B",
    "-ntp",
    "dependency:copy",
    `-Dartifact=${artifact}`,
    `-DoutputDirectory=${download}`,
  ]);
  const zip = onlyEntry(distribution, download);
  runCommand(UNZIP, ["-q", join(download, zip), "-d", join(download, "unpacked")]);
  const unpacked = join(download, "unpacked");
  renameSync(join(unpacked, onlyEntry(distribution, unpacked)), home);
  rmSync(download, { recursive: true, force: true });
}

function onlyEntry({ artifact }: SearchDistribution, folder: string): string {
  const [entry, ...others] = readdirSync(folder);
  if (entry !== undefined && others.length === 0) return entry;
  throw new SyncError("PREREQUISITE_MISSING", "the search engine's artifact is not as expected", {
    subject: artifact,
    fix: `delete ${cacheFolder} and run the same command again`,
    retryable: true,
  });
}
