import { chmodSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { startOpenSearch, stopOpenSearch } from "../../local/engines/opensearch.ts";
import { projectRoot } from "../../local/setup/folders.ts";
import { findFreePort } from "./search-engines.ts";

jest.setTimeout(240_000);

describe("the engines of the integration tests", () => {
  it("are a real OpenSearch and an AWS emulator of this machine alone", async () => {
    const search = await (await fetch(`${process.env["TRUEUP_TEST_SEARCH"]}/`)).json();
    expect(search).toMatchObject({ version: { distribution: "opensearch" } });
    expect((await fetch(`${process.env["TRUEUP_TEST_AWS"]}/_ministack/health`)).ok).toBe(true);
    expect(process.env["TRUEUP_TEST_SEARCH"]).toContain("127.0.0.1");
    expect(process.env["TRUEUP_TEST_AWS"]).toContain("127.0.0.1");
  });
});

describe("an OpenSearch of a folder", () => {
  it("is found again, and after a crash has what it acknowledged", async () => {
    mkdirSync(join(projectRoot, ".trueup/test"), { recursive: true });
    const folder = mkdtempSync(join(projectRoot, ".trueup/test/crash-"));
    chmodSync(folder, 0o755);
    const place = { port: await findFreePort(), folder, heapMegabytes: 512 };
    const first = await startOpenSearch(place);
    try {
      expect((await startOpenSearch(place)).pid).toBe(first.pid);
      const document = {
        method: "PUT",
        headers: { "content-type": "application/json" },
        body: '{"kept":true}',
      };
      expect((await fetch(`${first.url}/crash/_doc/1`, document)).status).toBe(201);
      await first.kill();
      const second = await startOpenSearch(place);
      expect(second.pid).not.toBe(first.pid);
      await fetch(`${second.url}/_cluster/health/crash?wait_for_status=yellow&timeout=60s`);
      expect(await (await fetch(`${second.url}/crash/_doc/1`)).json()).toMatchObject({
        _source: { kept: true },
      });
      await second.stop();
      await expect(fetch(second.url)).rejects.toThrow();
    } finally {
      await stopOpenSearch(folder);
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
