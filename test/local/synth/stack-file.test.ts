import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readStackFile } from "../../../local/synth/stack-file.ts";

describe("readStackFile", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "trueup-stack-"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  /** A file with that text, to be given as `--config`. */
  function write(text: string): string {
    const file = join(folder, "my.yaml");
    writeFileSync(file, text);
    return file;
  }

  it.each([
    ["local", "us-east-1"],
    ["dev", "eu-central-1"],
    ["prod", "eu-central-1"],
  ])("reads the stack %s that ships, of %s", (stack, region) => {
    const read = readStackFile(stack);
    expect(read.region).toBe(region);
    expect(read.config).toMatchObject({ tables: { places: { mode: "custom" } } });
  });

  it("keeps what is ours, without its namespace, with the structure and the types it is written with", () => {
    const file = write(
      'config:\n  aws:region: eu-west-1\n  aws-native:region: eu-west-1\n  trueup:protect: false\n  trueup:keyArn: "12"\n  trueup:tables: { places: { batchSize: 7 } }\n',
    );
    expect(readStackFile("local", file)).toEqual({
      region: "eu-west-1",
      config: { protect: false, keyArn: "12", tables: { places: { batchSize: 7 } } },
    });
  });

  it("takes a file that is given instead of the stack's own, whatever the stack is called", () => {
    expect(readStackFile("nobody-s", write("config: { trueup:protect: true }")).config).toEqual({
      protect: true,
    });
  });

  it("is somewhere where no region is said", () => {
    expect(readStackFile("local", write("config: {}"))).toEqual({ region: "us-east-1", config: {} });
  });

  it("names the stacks there are where one is not known", () => {
    expect(() => readStackFile("staging")).toThrow(
      /^STACK_UNKNOWN: .*staging, .*stacks\/Pulumi\.staging\.yaml.*name one of aurora, dev, local, prod, or give --config/,
    );
  });

  it("names the file that is given and is not there", () => {
    expect(() => readStackFile("local", join(folder, "gone.yaml"))).toThrow(/^STACK_UNKNOWN: .*gone\.yaml/);
  });

  it.each([
    ["nothing", "", "it has no `config:`"],
    ["no configuration", "encryptionsalt: v1\n", "it has no `config:`"],
    ["a list", "config: [a]", "it has no `config:`"],
    ["an empty configuration", "config:\n", "it has no `config:`"],
    ["no YAML", "config: {", "line 1"],
  ])("refuses a file with %s, and says why and which", (_, text, why) => {
    const file = write(text);
    expect(() => readStackFile("local", file)).toThrow(
      expect.objectContaining({
        code: "CONFIGURATION_INVALID",
        message: expect.stringContaining(`${file}: `),
        subject: expect.stringContaining(why),
      }),
    );
  });
});
