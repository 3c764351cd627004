import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { binariesFolder, projectRoot } from "../../local/setup/folders.ts";

/** What `npm pack` makes, in the place where npm would install it; what it depends on is found in the checkout. */
let project: string;

jest.setTimeout(300_000);

beforeAll(() => {
  mkdirSync(join(projectRoot, ".trueup/test"), { recursive: true });
  project = mkdtempSync(join(projectRoot, ".trueup/test/installed-"));
  const installed = join(project, "node_modules/trueup");
  mkdirSync(installed, { recursive: true });
  const packed = run("npm", ["pack", "--json", "--pack-destination", project], projectRoot);
  const [{ filename }] = JSON.parse(packed.slice(packed.indexOf("[\n")));
  run("tar", ["-xzf", join(project, filename), "--strip-components=1", "-C", installed]);
  cpSync(join(projectRoot, "test/fixtures/installed"), project, { recursive: true });
  writeFileSync(join(project, "package.json"), JSON.stringify({ name: "shop", type: "module" }));
});

afterAll(() => rmSync(project, { recursive: true, force: true }));

function run(command: string, args: readonly string[], cwd = project): string {
  const env = { ...process.env, PATH: `${binariesFolder}:${process.env["PATH"] ?? ""}` };
  const { status, stdout, stderr } = spawnSync(command, args, { cwd, env, encoding: "utf8" });
  if (status !== 0)
    throw new Error(`${command} ${args.join(" ")} ended with ${status}\n${stdout}\n${stderr}`);
  return stdout;
}

it("has its types", () => {
  const options =
    "--ignoreConfig --noEmit --strict --module nodenext --target es2024 --skipLibCheck --allowImportingTsExtensions --types node";
  run("tsc", [...options.split(" "), "program.ts"]);
});

it("runs in a program of somebody else, and builds functions with a transform of theirs", () => {
  expect(JSON.parse(run("node", ["program.ts"]))).toEqual({ functions: 5, histories: true });
});

it("brings the command line along", () => {
  expect(run("node", ["node_modules/trueup/cli/trueup.mjs", "--help"])).toContain("cutover");
});
