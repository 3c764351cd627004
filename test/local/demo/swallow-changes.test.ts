import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { strFromU8, strToU8, unzipSync, zipSync } from "fflate";
import { wrapHandler } from "../../../local/demo/swallow-changes.ts";

const REAL =
  "export const handler = (event) => event.Records.map((record) => record.dynamodb.Keys.cityId.S);";

describe("a consumer wrapped to swallow changes", () => {
  it("hands the real handler every record but those it swallows", () => {
    const wrapped = unzipSync(wrapHandler(zipSync({ "index.mjs": strToU8(REAL) }), "index.handler", ["2"]));
    expect(strFromU8(wrapped["real-index.mjs"] ?? new Uint8Array())).toBe(REAL);
    expect(runHandler(wrapped, ["1", "2", "3"])).toEqual(["1", "3"]);
  });

  it("is refused for an archive without the handler's file", () => {
    const archive = zipSync({ "other.mjs": strToU8(REAL) });
    expect(() => wrapHandler(archive, "index.handler", [])).toThrow("ENGINE_FAILED");
  });
});

/** Runs the files as Lambda would: native modules, which jest's own loader does not run. */
function runHandler(files: Readonly<Record<string, Uint8Array>>, ids: readonly string[]): unknown {
  const folder = mkdtempSync(join(tmpdir(), "wrapped-"));
  try {
    for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
    const event = { Records: ids.map((id) => ({ dynamodb: { Keys: { cityId: { S: id } } } })) };
    const program = `import { handler } from "./index.mjs"; console.log(JSON.stringify(handler(${JSON.stringify(event)})));`;
    const { stdout } = spawnSync("node", ["--input-type=module", "--eval", program], {
      cwd: folder,
      encoding: "utf8",
    });
    return JSON.parse(stdout);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
