import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { SyncError } from "../../core/errors.ts";
import { cacheFolder } from "./folders.ts";
import { runCommand } from "./run-command.ts";

const VERSION = "3.7.0";
const ARTIFACT = `org.opensearch.distribution.integ-test-zip:opensearch:${VERSION}:zip`;
const MAVEN = { command: "mvn", install: "apt-get install -y maven" };
const UNZIP = { command: "unzip", install: "apt-get install -y unzip" };

/** The unpacked distribution: all standard modules, no security plugin. */
export const openSearchHome = join(cacheFolder, `opensearch-${VERSION}`);

/**
 * Fetches and unpacks OpenSearch from Maven, once.
 *
 * @throws SyncError `PREREQUISITE_MISSING` without Maven or unzip
 */
export function ensureOpenSearch(say: (step: string) => void): void {
  if (existsSync(join(openSearchHome, "bin/opensearch"))) return;
  say(`Fetching OpenSearch ${VERSION} (once, 160 MB)`);
  const download = join(cacheFolder, "download");
  rmSync(download, { recursive: true, force: true });
  mkdirSync(download, { recursive: true });
  runCommand(MAVEN, [
    "-q",
    "-B",
    "-ntp",
    "dependency:copy",
    `-Dartifact=${ARTIFACT}`,
    `-DoutputDirectory=${download}`,
  ]);
  runCommand(UNZIP, ["-q", join(download, onlyEntry(download)), "-d", join(download, "unpacked")]);
  renameSync(join(download, "unpacked", onlyEntry(join(download, "unpacked"))), openSearchHome);
  rmSync(download, { recursive: true, force: true });
}

function onlyEntry(folder: string): string {
  const [entry, ...others] = readdirSync(folder);
  if (entry !== undefined && others.length === 0) return entry;
  throw new SyncError("PREREQUISITE_MISSING", "the OpenSearch artifact is not as expected", {
    subject: ARTIFACT,
    fix: `delete ${cacheFolder} and run the same command again`,
    retryable: true,
  });
}
