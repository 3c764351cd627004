/**
 * `trueup synth` and what it records, over the stack files this project ships. That CloudFormation takes the templates
 * is for its schemas to say.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as z from "zod";
import type { JsonObject } from "../../local/synth/json.ts";
import { assumeTables } from "../../local/synth/lookups.ts";
import { recordProgram } from "../../local/synth/record-program.ts";
import { synth } from "../../local/synth.ts";
import { PROJECT_ROOT, STACKS } from "../support/stack-files.ts";

// Each program builds its functions' code.
jest.setTimeout(180_000);

const PSEUDO_PARAMETERS = ["AWS::Region", "AWS::AccountId", "AWS::Partition"];
const templateSchema = z.looseObject({
  Metadata: z.object({
    Trueup: z.object({ Files: z.array(z.object({ File: z.string() })), Assumed: z.array(z.string()) }),
  }),
  Resources: z.record(z.string(), z.looseObject({ Type: z.string() })),
});

/** All that a template refers to by name, wherever it stands. */
function referencesOf(value: unknown): readonly string[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => {
    if (name === "Ref" || name === "DependsOn") return [inner].flat().map(String);
    if (name === "Fn::GetAtt" && Array.isArray(inner)) return [String(inner[0])];
    if (name === "Fn::Sub") return substitutionsOf(inner);
    return referencesOf(inner);
  });
}

/** `${Queue.Arn}` names Queue; `${!this}` is text, and a variable of the Fn::Sub itself names nothing. */
function substitutionsOf(sub: unknown): readonly string[] {
  const [text, variables = {}] = z.tuple([z.string()], z.record(z.string(), z.unknown())).parse([sub].flat());
  const names = [...text.matchAll(/\$\{([^!}][^}]*)\}/g)].map(([, name = ""]) => name);
  const free = names.filter((name) => !(name in variables)).map((name) => name.split(".")[0] ?? "");
  return [...free, ...referencesOf(variables)];
}

describe.each(STACKS)("the template of stack %s", (stack) => {
  let text: string;
  beforeAll(async () => {
    text = await synth({ stack });
  });

  it("has resources, each function's code among the files, and no token left", () => {
    const { Resources, Metadata } = templateSchema.parse(JSON.parse(text));
    const types = Object.values(Resources).map(({ Type }) => Type);
    expect(types).toEqual(
      expect.arrayContaining(["AWS::S3::Bucket", "AWS::Lambda::EventSourceMapping", "Custom::TrueupIndex"]),
    );
    const functions = types.filter((type) => type === "AWS::Lambda::Function");
    expect(functions.length).toBeGreaterThanOrEqual(5);
    expect(Metadata.Trueup.Files).toHaveLength(functions.length);
    expect(text).not.toMatch(/[⟨⟩]/);
  });

  it("refers to nothing but its own resources and what CloudFormation knows", () => {
    const template = templateSchema.parse(JSON.parse(text));
    const references = referencesOf(template);
    expect(references.length).toBeGreaterThan(100);
    const known = new Set([...Object.keys(template.Resources), ...PSEUDO_PARAMETERS]);
    expect(references.filter((name) => !known.has(name))).toEqual([]);
  });

  it("is the same text each time", async () => {
    expect(await synth({ stack })).toBe(text);
  });

  it("says what was assumed of what exists or is known later, and of nothing else", () => {
    const { Assumed } = templateSchema.parse(JSON.parse(text)).Metadata.Trueup;
    const existing: Readonly<Record<string, readonly string[]>> = {
      prod: ["table places: "],
      dev: ["table orders: "],
      aurora: [
        "Aurora cluster shop: ",
        "a cluster of MSK that is made: ",
        "table public.customers: ",
        "table public.orders: ",
      ],
    };
    const assumed = (existing[stack] ?? []).map((text) => expect.stringMatching(new RegExp(`^${text}`)));
    expect(Assumed).toEqual(assumed);
  });
});

const target = { url: "http://127.0.0.1:9200", authentication: { kind: "none" } };
const orders = { source: { dynamodb: "orders" }, mode: "custom" };
const record = (config: JsonObject) =>
  recordProgram({ stack: "dev", config, projectRoot: PROJECT_ROOT, findTable: assumeTables(() => {}) });

describe("a configuration that is refused", () => {
  it("is refused with every path, as a program and as a file", async () => {
    const message =
      /^CONFIGURATION_INVALID: 2 fault(.|\n)*trueup:logRetentionDays: (.|\n)*trueup:tables.orders.batchSize: /;
    const config = { target, logRetentionDays: 8, tables: { orders: { ...orders, batchSize: 10_001 } } };
    await expect(record(config)).rejects.toThrow(message);
    const folder = mkdtempSync(join(tmpdir(), "trueup-synth-"));
    const named = Object.entries(config).map(([name, value]) => [`trueup:${name}`, value]);
    const configFile = join(folder, "bad.yaml");
    writeFileSync(configFile, JSON.stringify({ config: Object.fromEntries(named) }));
    await expect(synth({ stack: "dev", configFile })).rejects.toThrow(message);
    rmSync(folder, { recursive: true });
  });

  it("is refused where a domain has more zones than subnets", async () => {
    const network = { vpcId: "vpc-1", subnetIds: ["subnet-1"], securityGroupIds: ["sg-1"] };
    const domain = { instanceType: "r7g.large.search", instanceCount: 3 };
    await expect(record({ target: { domain }, network, tables: {} })).rejects.toThrow(
      /^CONFIGURATION_INVALID: (.|\n)*network\.subnetIds: must list 3 subnets/,
    );
  });
});

// In a process of its own: an error inside an output reaches nobody but the process, and jest takes such errors for its own.
describe("an error while the program runs", () => {
  const run = (findTable: string, members: object = {}): unknown => {
    const script = `
      import { SyncError } from "./core/errors.ts";
      import { recordProgram } from "./local/synth/record-program.ts";
      const found = { arn: "arn:t", hashKey: "id", rangeKey: "", attributes: [{ name: "id", type: "S" }] };
      const config = ${JSON.stringify({ target, tables: { orders: { ...orders, ...members } } })};
      const options = { stack: "dev", config, projectRoot: process.cwd(), findTable: ${findTable} };
      const ended = await recordProgram(options).then(() => "recorded", ({ code, message }) => ({ code, message }));
      console.log(JSON.stringify(ended));`;
    const options = { cwd: PROJECT_ROOT, encoding: "utf8", timeout: 120_000 } as const;
    return JSON.parse(execFileSync(process.execPath, ["--input-type=module", "--eval", script], options));
  };
  const existing = 'async () => ({ ...found, streamArn: "arn:s" })';

  it("is told where a transform does not build, with its path", () => {
    expect(run(existing, { transform: "README.md" })).toEqual({
      code: "TRANSFORM_INVALID",
      message: expect.stringContaining("README.md"),
    });
  });

  describe("inside an output", () => {
    let ended: unknown;
    beforeAll(() => {
      ended = run('async () => ({ ...found, streamArn: "" })');
    });

    it("ends the recording with its code and its fix, instead of leaving it to wait for ever", () => {
      expect(ended).toEqual({
        code: "PREREQUISITE_MISSING",
        message: expect.stringContaining("Fix: aws dynamodb update-table --table-name orders"),
      });
    });

    it("is told in its own words, without the path it took through Pulumi", () => {
      expect(ended).toMatchObject({ message: expect.stringMatching(/^PREREQUISITE_MISSING: /) });
    });
  });

  // Pulumi reads gRPC's `details` of a look-up's error and nothing else.
  it("says which table a look-up did not find", () => {
    const error = '"TABLE_UNKNOWN", "no table", { subject: "orders", fix: "create it", retryable: false }';
    expect(run(`async () => { throw new SyncError(${error}); }`)).toMatchObject({
      message: expect.stringContaining("TABLE_UNKNOWN: no table (orders). Fix: create it."),
    });
  });
});
