import { chmodSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { startOpenSearch } from "../../local/engines/opensearch.ts";
import { cacheFolder, projectRoot } from "../../local/setup/folders.ts";
import { ensureDistribution, type SearchDistribution } from "../../local/setup/search-distribution.ts";

/** A search engine that one test file has for itself. */
export interface OwnEngine {
  readonly url: string;
  /** Ends it and removes its folder. */
  stop(): Promise<void>;
}

/** Fetches an engine where it has not been fetched, and starts it in a folder of its own. */
export async function startOwnEngine(distribution: SearchDistribution): Promise<OwnEngine> {
  mkdirSync(cacheFolder, { recursive: true });
  ensureDistribution(distribution, (step) => process.stderr.write(`${step} …\n`));
  const parent = join(projectRoot, ".trueup/test");
  mkdirSync(parent, { recursive: true });
  const folder = mkdtempSync(join(parent, `${distribution.product}-`));
  chmodSync(folder, 0o755);
  const remove = () => rmSync(folder, { recursive: true, force: true });
  try {
    const place = { port: await findFreePort(), folder, heapMegabytes: 512, distribution };
    const engine = await startOpenSearch(place);
    return {
      url: engine.url,
      stop: async () => {
        await engine.stop();
        remove();
      },
    };
  } catch (cause) {
    remove();
    throw cause;
  }
}

/** A port of this machine that nobody listens on. */
export async function findFreePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0));
    });
  });
}
