import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { SyncError } from "../../core/errors.ts";
import { startOpenSearch } from "../engines/opensearch.ts";
import { killProcess } from "../engines/process.ts";
import { projectRoot } from "../setup/folders.ts";

const LOCAL_FOLDER = join(projectRoot, ".trueup/local");
const HEAP_MEGABYTES = 1024;

/** Ends the local stack's OpenSearch as a crash would. */
export async function crashSearch(): Promise<void> {
  await killProcess(join(searchFolder(), "process.json"));
}

/**
 * Starts it again on the data that the crash left, and waits until it answers.
 *
 * @param search - the URL it had
 */
export async function restartSearch(search: string): Promise<void> {
  const port = Number(new URL(search).port);
  await startOpenSearch({ port, folder: searchFolder(), heapMegabytes: HEAP_MEGABYTES });
}

/** The folder of the engine that `up` started, known by its configuration. */
function searchFolder(): string {
  const folders = existsSync(LOCAL_FOLDER) ? readdirSync(LOCAL_FOLDER) : [];
  const name = folders.find((folder) => existsSync(join(LOCAL_FOLDER, folder, "config/opensearch.yml")));
  if (name !== undefined) return join(LOCAL_FOLDER, name);
  throw new SyncError("ENGINE_FAILED", "the local stack runs no OpenSearch", {
    subject: LOCAL_FOLDER,
    fix: "run the demo from its beginning",
    retryable: false,
  });
}
