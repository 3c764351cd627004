// Native JavaScript: jest imports it as it is, so that it may import the engines' modules.
import { chmodSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { startMinistack } from "../../local/engines/ministack.ts";
import { startOpenSearch } from "../../local/engines/opensearch.ts";
import { projectRoot } from "../../local/setup/folders.ts";
import { prepareEngines } from "../../local/setup/prepare.ts";
import stopEngines from "./stop-engines.mjs";

/**
 * Starts the engines that integration tests talk to, on free ports, unless the environment names running ones
 * (`TRUEUP_TEST_SEARCH`, `TRUEUP_TEST_AWS`). One that does not start fails the run: nothing is skipped.
 */
export default async function startEngines() {
  const running = [];
  globalThis.trueupEngines = running;
  if (process.env.TRUEUP_TEST_SEARCH && process.env.TRUEUP_TEST_AWS) return;
  prepareEngines();
  const parent = join(projectRoot, ".trueup/test");
  mkdirSync(parent, { recursive: true });
  const folder = mkdtempSync(join(parent, "engines-"));
  chmodSync(folder, 0o755); // a search engine that root starts runs as another user
  running.push({ stop: async () => rmSync(folder, { recursive: true, force: true }) });
  try {
    if (!process.env.TRUEUP_TEST_SEARCH) await startSearch(running, folder);
    if (!process.env.TRUEUP_TEST_AWS) await startAws(running, folder);
  } catch (failure) {
    await stopEngines(); // jest tears nothing down when the set-up fails
    throw failure;
  }
}

async function startSearch(running, folder) {
  const place = { port: await freePort(), folder: join(folder, "search"), heapMegabytes: 1024 };
  const engine = await startOpenSearch(place);
  running.push(engine);
  process.env.TRUEUP_TEST_SEARCH = engine.url;
}

async function startAws(running, folder) {
  const place = {
    port: await freePort(),
    folder: join(folder, "aws"),
    region: "us-east-1",
    accountId: "123456789012",
  };
  const engine = await startMinistack(place);
  running.push(engine);
  process.env.TRUEUP_TEST_AWS = engine.url;
}

function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}
