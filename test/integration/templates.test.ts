import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import * as z from "zod";
import { projectRoot } from "../../local/setup/folders.ts";
import { pythonCommand } from "../../local/setup/python.ts";
import { localTarget } from "../../local/synth/local-target.ts";
import { readStackFile } from "../../local/synth/stack-file.ts";
import { type CommandEnd, run, runCli } from "../support/run-cli.ts";

jest.setTimeout(120_000);

const templateSchema = z.looseObject({
  Metadata: z.looseObject({ Trueup: z.looseObject({ Files: z.array(z.unknown()) }) }),
  Resources: z.record(z.string(), z.looseObject({ Type: z.string() })),
});
type Template = z.infer<typeof templateSchema>;

const folder = mkdtempSync(join(tmpdir(), "templates-"));
const stacks = readdirSync(join(projectRoot, "stacks")).flatMap(
  (name) => /^Pulumi\.(.+)\.yaml$/.exec(name)?.[1] ?? [],
);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

it("ships stacks to make templates of", () => {
  expect(stacks).toEqual(expect.arrayContaining(["local", "dev", "prod"]));
});

describe.each(stacks)("the template of stack %s", (stack) => {
  const file = join(folder, `${stack}.json`);
  let template: Template;

  beforeAll(async () => {
    const { status, notes } = await runCli("synth", "--stack", stack, "--out", file);
    expect({ status, notes }).toEqual({ status: 0, notes: "" });
    template = templateSchema.parse(JSON.parse(readFileSync(file, "utf8")));
  });

  it("is valid to CloudFormation's linter, without a warning", async () => {
    expect(Object.keys(template.Resources).length).toBeGreaterThan(20);
    expect(await lint(file, stack)).toEqual({ status: 0, output: "", notes: "" });
  });

  it("names the partition by reference wherever the stack file names none", () => {
    const declared = textsOf({ local: localTarget("url"), ...readStackFile(stack).config }).filter((text) =>
      text.includes("arn:"),
    );
    const left = textsOf(template).map((text) =>
      declared.reduce((rest, arn) => rest.replaceAll(arn, ""), text),
    );
    expect(left.filter((text) => text.includes("arn:aws"))).toEqual([]);
    expect(left.filter((text) => text.includes("arn:${AWS::Partition}:")).length).toBeGreaterThan(0);
  });

  it("holds no path of this machine but those of the files to upload", () => {
    const files = textsOf(template.Metadata.Trueup.Files);
    expect(files.filter(isPathOfThisMachine).length).toBeGreaterThan(0);
    const rest = {
      ...template,
      Metadata: { ...template.Metadata, Trueup: { ...template.Metadata.Trueup, Files: [] } },
    };
    expect(textsOf(rest).filter(isPathOfThisMachine)).toEqual([]);
  });
});

it("tells a property that no such resource has", async () => {
  const file = join(folder, "broken.json");
  const Resources = { Stream: { Type: "AWS::DynamoDB::Table", Properties: { Nonsense: true } } };
  writeFileSync(file, JSON.stringify({ AWSTemplateFormatVersion: "2010-09-09", Resources }));
  expect((await lint(file, "local")).output).toContain("Nonsense");
});

function lint(file: string, stack: string): Promise<CommandEnd> {
  return run(pythonCommand("cfn-lint"), ["-t", file, "-r", readStackFile(stack).region]);
}

function isPathOfThisMachine(text: string): boolean {
  return [projectRoot, `${tmpdir()}/`, `${homedir()}/`].some((path) => text.includes(path));
}

/** Every text of a JSON value, names of members among them. */
function textsOf(value: unknown): readonly string[] {
  if (typeof value === "string") return [value];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, member]) => [name, ...textsOf(member)]);
}
