import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import ts from "typescript";
import { promiseNames } from "../../testing/options.ts";
import { PROJECT_ROOT } from "../support/stack-files.ts";

jest.setTimeout(120_000);

const page = readFileSync(join(PROJECT_ROOT, "docs/transforms.md"), "utf8");
const blocks = [...page.matchAll(/^```ts\n(.*?)^```$/gms)].map(([, code = ""]) => code);

/** Writes each block as the file its first line names, in one folder for each that has a test or a type of its own. */
function writeBlocks(folder: string): readonly string[] {
  return blocks.map((code, place) => {
    const named = /^\/\/ (\S+\.ts)\n/.exec(code)?.[1] ?? "block.ts";
    // The first transform of a name is the one that the page's test imports; what is typed imports its mapping.
    const part = /mapping/i.test(code) ? "typed" : named === "block.ts" ? `block-${place}` : "plain";
    const file = join(folder, part, named);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, code);
    return file;
  });
}

it("shows only code that compiles", () => {
  // Inside the package, so that its own name is found.
  mkdirSync(join(PROJECT_ROOT, ".trueup"), { recursive: true });
  const folder = mkdtempSync(join(PROJECT_ROOT, ".trueup/docs-"));
  try {
    const files = writeBlocks(folder);
    const { config } = ts.readConfigFile(join(PROJECT_ROOT, "tsconfig.json"), ts.sys.readFile);
    const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, PROJECT_ROOT);
    const program = ts.createProgram([...files], options);
    const faults = ts
      .getPreEmitDiagnostics(program)
      .map(
        ({ file, messageText }) => `${file?.fileName}: ${ts.flattenDiagnosticMessageText(messageText, "\n")}`,
      );
    expect(faults).toEqual([]);
    expect(files.length).toBeGreaterThan(4);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

it("says of every promise that the kit tries what breaks without it", () => {
  for (const name of promiseNames) expect(page).toContain(`\`${name}\``);
});
