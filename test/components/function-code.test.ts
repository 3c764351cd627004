/**
 * Bundles as they are uploaded, built by the real esbuild. They are loaded here by the Node they are built for; Lambda's
 * own loading, memory and cold start are not.
 */
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { unzipSync } from "fflate";
import { type FunctionEntry, makeCodeBuilder } from "../../components/function-code.ts";
import { PROJECT_ROOT } from "../support/stack-files.ts";

const MEGABYTE = 1_000_000;
/** Room for a dependency to grow, not for another one to slip in. */
const ENTRIES: readonly (readonly [FunctionEntry, number])[] = [
  ["fallback-consumer/dynamodb-stream", 2 * MEGABYTE],
  ["fallback-consumer/reindex", 2 * MEGABYTE],
  ["fallback-consumer/bulk-load", 2 * MEGABYTE],
  ["fallback-consumer/kafka-stream", 2 * MEGABYTE],
  ["fallback-consumer/sql-reindex", 2 * MEGABYTE],
  ["fallback-consumer/sql-bulk-load", 2.2 * MEGABYTE],
  ["drift-audit/drift-audit", 4.5 * MEGABYTE],
  ["index-lifecycle/index-lifecycle", 3 * MEGABYTE],
];
const OF_DATABASES = /kafka|sql/;
const key = { partitionKey: { name: "id", type: "S" } };
const DYNAMODB_SOURCE = { kind: "dynamodb", tableName: "t", key };
const SQL_SOURCE = {
  kind: "sql",
  sourceName: "shop",
  tableName: "public.t",
  key,
  connection: { engine: "postgresql", host: "h", port: 5432, database: "d", secretArn: "s", tls: "verified" },
  log: {
    kafka: { bootstrapServers: ["k:9092"], authentication: { kind: "none" } },
    topicPrefix: "trueup-x-shop",
    slotName: "trueup_x_shop",
    publicationName: "trueup_x_shop",
    retentionMillis: 1,
  },
  snapshot: { kind: "query" },
};
const SOURCES = ["core", "adapters", "fallback-consumer", "drift-audit", "index-lifecycle", "transforms"];

let scratch = "";
beforeAll(() => {
  scratch = mkdtempSync(join(tmpdir(), "trueup-code-"));
});
afterAll(() => rmSync(scratch, { recursive: true }));

/** The package at another place, as on another machine. */
function copyPackage(name: string): string {
  const root = join(scratch, name);
  for (const folder of SOURCES) cpSync(join(PROJECT_ROOT, folder), join(root, folder), { recursive: true });
  cpSync(join(PROJECT_ROOT, "package.json"), join(root, "package.json"));
  symlinkSync(join(PROJECT_ROOT, "node_modules"), join(root, "node_modules"));
  return root;
}

/** A user's project with files of the content given; returns the first one's path. */
function writeProject(name: string, files: Readonly<Record<string, string>>): string {
  mkdirSync(join(scratch, name), { recursive: true });
  const paths = Object.entries(files).map(([file, content]) => {
    writeFileSync(join(scratch, name, file), content);
    return join(scratch, name, file);
  });
  return paths[0] ?? "";
}

const builder = makeCodeBuilder(PROJECT_ROOT);
const TRANSFORM =
  'import { defineTransform } from "trueup/transform";\nimport { upper } from "./upper.ts";\n' +
  "export default defineTransform({ transform: (records) => records.map(({ item }) => ({ ...item, name: upper(item.name) })) });\n";
const UPPER = "export const upper = (value: unknown) => String(value).toUpperCase();\n";

describe("a bundle", () => {
  it.each(ENTRIES)("of %s is under %i bytes", (entry, limit) => {
    expect(builder.build(entry).bytes).toBeLessThan(limit);
  });

  it("is the same, byte for byte, from a copy of the sources at another place", () => {
    const elsewhere = makeCodeBuilder(copyPackage("elsewhere"));
    for (const [entry] of ENTRIES) {
      const [here, there] = [builder.build(entry), elsewhere.build(entry)];
      expect(there.sha256).toBe(here.sha256);
      expect(readFileSync(there.file).equals(readFileSync(here.file))).toBe(true);
    }
  });

  it("has its transform in it, and does not depend on the folder the program runs in", () => {
    const transform = writeProject("shop", { "orders.ts": TRANSFORM, "upper.ts": UPPER });
    const here = builder.build("fallback-consumer/bulk-load", transform);
    const before = process.cwd();
    process.chdir(scratch);
    const there = makeCodeBuilder(PROJECT_ROOT).build("fallback-consumer/bulk-load", transform);
    process.chdir(before);
    expect(there.sha256).toBe(here.sha256);
    expect(here.sha256).not.toBe(builder.build("fallback-consumer/bulk-load").sha256);
  });

  it("is built once a process for all tables that share it", () => {
    const [first, second] = [
      builder.build("drift-audit/drift-audit"),
      builder.build("drift-audit/drift-audit"),
    ];
    expect(second).toBe(first);
  });

  it.each(ENTRIES.map(([entry]) => entry))("of %s is one module that loads and has a handler", (entry) => {
    const files = unzipSync(readFileSync(builder.build(entry).file));
    expect(Object.keys(files)).toEqual(["index.mjs"]);
    const folder = join(scratch, entry.replace("/", "-"));
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "index.mjs"), files["index.mjs"] ?? "");
    const target = { endpoint: "https://127.0.0.1:1", authentication: { kind: "none" } };
    const source = OF_DATABASES.test(entry) ? SQL_SOURCE : DYNAMODB_SOURCE;
    const texts = [
      "environment",
      "table",
      "generation",
      "indexUuid",
      "writeAlias",
      "stateBucket",
      "transformHash",
    ];
    const queues = ["deadLetterQueueUrl", "reindexQueueUrl", "topicArn"];
    const named = Object.fromEntries([...texts, ...queues].map((name) => [name, "x"]));
    const settings = {
      ...named,
      mode: "custom",
      touches: false,
      transformConfiguration: {},
      transformSecrets: {},
      target,
      source,
      maximumCutoverLagSeconds: 60,
    };
    const script = 'import("./index.mjs").then(({ handler }) => console.log(typeof handler))';
    const env = { TRUEUP_SETTINGS: JSON.stringify(settings), AWS_REGION: "eu-central-1" };
    const answer = execFileSync(process.execPath, ["-e", script], { cwd: folder, env, encoding: "utf8" });
    expect(answer.trim()).toBe("function");
  });
});

describe("a transform's hash", () => {
  const hashOf = (files: Readonly<Record<string, string>>, root = PROJECT_ROOT) =>
    makeCodeBuilder(root).transformHash(
      writeProject("hashed", { "orders.ts": TRANSFORM, "upper.ts": UPPER, ...files }),
    );
  const original = () => hashOf({});

  it("is a word for no transform, and 16 hex digits for one", () => {
    expect(builder.transformHash()).toBe("identity");
    expect(original()).toMatch(/^[0-9a-f]{16}$/);
  });

  it.each([
    ["white space and comments", { "orders.ts": `// mine\n${TRANSFORM.replaceAll("\n", "\n\n  ")}` }],
    ["types", { "upper.ts": UPPER.replace("value: unknown", "value: string | unknown") }],
  ])("stays with other %s", (_, files) => {
    expect(hashOf(files)).toBe(original());
  });

  it("is the same in another checkout, with a dependency that is no ES module", () => {
    const project = (checkout: string) => {
      writeProject(`${checkout}/node_modules/old`, {
        "index.js": "module.exports = (text) => text.trim();\n",
      });
      return writeProject(`${checkout}/transforms`, {
        "orders.ts": 'import trim from "old";\nexport default { kind: "user", trim };\n',
      });
    };
    const [here, there] = [project("checkout-1"), project("deeper/checkout-2")];
    expect(makeCodeBuilder(PROJECT_ROOT).transformHash(there)).toBe(builder.transformHash(here));
  });

  it.each([
    ["in the module", { "orders.ts": TRANSFORM.replace("...item", "...item, seen: true") }],
    ["in a module it imports", { "upper.ts": UPPER.replace("toUpperCase", "toLowerCase") }],
  ])("changes with what is done %s", (_, files) => {
    expect(hashOf(files)).not.toBe(original());
  });

  it("stays when our code changes, however the transform imports it", () => {
    const [before, after] = [copyPackage("release-1"), copyPackage("release-2")];
    const ours = join(after, "core/transform.ts");
    writeFileSync(ours, readFileSync(ours, "utf8").replace("10_000", "20_000"));
    const hash = (root: string) => makeCodeBuilder(root).transformHash(join(root, "transforms/example.ts"));
    expect(hash(after)).toBe(hash(before));
    expect(readFileSync(ours, "utf8")).not.toBe(readFileSync(join(before, "core/transform.ts"), "utf8"));
  });
});

it.each([
  ["does not parse", { "broken.ts": "export default {" }, /broken\.ts/],
  ["imports what is not there", { "lost.ts": 'import "./nowhere.ts"; export default {};' }, /nowhere\.ts/],
])("names the file of a transform that %s", (_, files, named) => {
  const transform = writeProject("broken", files);
  for (const attempt of [
    () => builder.transformHash(transform),
    () => builder.build("fallback-consumer/dynamodb-stream", transform),
  ]) {
    expect(attempt).toThrow(
      expect.objectContaining({ code: "TRANSFORM_INVALID", message: expect.stringMatching(named) }),
    );
  }
});
