import { ExactNumber } from "../../../../../core/exact-number.ts";
import { readExpression, readFormat } from "../../../../../local/stand-ins/ingestion/flow/expression.ts";

const event = {
  data: { a: "x", b: { c: new ExactNumber("1.0") }, list: [true] },
  metadata: { primary_key: "p|s", document_version: 1_764_000_000_000_000n, ttl_delete: false },
};

describe("an expression", () => {
  it.each<[string, unknown]>([
    ['getMetadata("primary_key")', "p|s"],
    ["getMetadata('/primary_key')", "p|s"],
    ['getMetadata("document_version")', new ExactNumber("1764000000000000")],
    ['getMetadata("dynamodb_event_name")', null],
    ['getMetadata("toString")', null],
    ["/a", "x"],
    ["/b/c", new ExactNumber("1.0")],
    ["/a/b", null],
    ["/missing", null],
    ["-1.50", new ExactNumber("-1.50")],
    ['"text"', "text"],
    ["true", true],
    ["null", null],
  ])("%s", (text, value) => {
    expect(readExpression(text)?.(event)).toEqual(value);
  });

  it.each<[string, unknown]>([
    ['(getMetadata("document_version") - 300000) * 1000', new ExactNumber("1763999999700000000")],
    ["2 + 3 * 4 - 1", new ExactNumber("13")],
    ['getMetadata("primary_key") == "p|s"', true],
    ['/a != "x"', false],
    ['getMetadata("ttl_delete") == false', true],
  ])("calculates and compares: %s", (text, value) => {
    expect(readExpression(text)?.(event)).toEqual(value);
  });

  it.each(["/a == 1 or true", "length(/a)", "a", "", '(getMetadata("a") + 1', "1 +"])(
    "is nothing else: %s",
    (text) => {
      expect(readExpression(text)).toBeUndefined();
    },
  );
});

describe("a format", () => {
  it.each([
    ["orders", "orders"],
    ['${getMetadata("primary_key")}', "p|s"],
    ['v${getMetadata("document_version")}-${/a}-${a}', "v1764000000000000-x-x"],
    ["${/b/c}", "1.0"],
    ["${/b}", '{"c":1.0}'],
    ["[${/missing}]", "[]"],
  ])("%s", (text, written) => {
    expect(readFormat(text)?.(event)).toBe(written);
  });

  it.each(["${", "${length(/a)}"])("is nothing else: %s", (text) => {
    expect(readFormat(text)).toBeUndefined();
  });
});
