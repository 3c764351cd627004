import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { strFromU8, strToU8, unzipSync, zipSync } from "fflate";
import { withoutItems, withoutRows, wrapHandler } from "../../../local/demo/swallow-changes.ts";

const REAL =
  "export const handler = (event) => event.Records.map((record) => record.dynamodb.Keys.cityId.S);";

describe("a consumer wrapped to swallow changes", () => {
  it("hands the real handler every record but those it swallows", () => {
    const wrapped = unzipSync(
      wrapHandler(zipSync({ "index.mjs": strToU8(REAL) }), "index.handler", withoutItems(["2"])),
    );
    expect(strFromU8(wrapped["real-index.mjs"] ?? new Uint8Array())).toBe(REAL);
    const Records = ["1", "2", "3"].map((id) => ({ dynamodb: { Keys: { cityId: { S: id } } } }));
    expect(runHandler(wrapped, { Records })).toEqual(["1", "3"]);
  });

  it("takes the change of a row away and leaves its offset", () => {
    const real = "export const handler = (event) => event.records;";
    const wrapped = unzipSync(
      wrapHandler(zipSync({ "index.mjs": strToU8(real) }), "index.handler", withoutRows(["2"])),
    );
    const key = (id: number) => Buffer.from(JSON.stringify({ id })).toString("base64");
    const records = {
      "geo.cities-0": [
        { offset: 7, key: key(1), value: "a" },
        { offset: 8, key: key(2), value: "b" },
      ],
    };
    expect(runHandler(wrapped, { records })).toEqual({
      "geo.cities-0": [
        { offset: 7, key: key(1), value: "a" },
        { offset: 8, key: key(2) },
      ],
    });
  });

  it("is refused for an archive without the handler's file", () => {
    const archive = zipSync({ "other.mjs": strToU8(REAL) });
    expect(() => wrapHandler(archive, "index.handler", withoutItems([]))).toThrow("ENGINE_FAILED");
  });
});

/** Runs the files as Lambda would: native modules, which jest's own loader does not run. */
function runHandler(files: Readonly<Record<string, Uint8Array>>, event: object): unknown {
  const folder = mkdtempSync(join(tmpdir(), "wrapped-"));
  try {
    for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
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
