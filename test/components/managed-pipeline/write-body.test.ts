import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { parse } from "yaml";
import { readBody, writeBody } from "../../../components/managed-pipeline/write-body.ts";
import { makeDynamoDbBody } from "../../../core/ingestion/dynamodb-body.ts";
import { toPlainBody } from "../../../core/ingestion/pipeline-body.ts";
import { makeRdsBody } from "../../../core/ingestion/rds-body.ts";
import { ordersBody, ordersRdsBody } from "../../core/ingestion/body-args.ts";

const processors = [
  { rename_keys: { entries: [{ from_key: "sku", to_key: "article" }] } },
  { aws_lambda: { function_name: "enrich", response_events_match: true } },
];

function write(change: Partial<typeof ordersBody> = {}) {
  return writeBody("the body", makeDynamoDbBody({ ...ordersBody, ...change }));
}

// A changed text is a blue/green deployment of everybody's pipelines: it takes a line in CHANGELOG.md.
it.each([
  ["orders.yaml", {}],
  ["orders-with-processors.yaml", { processors }],
])("writes %s as it always has", (file, change) => {
  const golden = readFileSync(join(import.meta.dirname, file), "utf8");
  expect(write(change)).toBe(golden);
});

it("writes orders-of-aurora.yaml as it always has, and finds no fault in it", () => {
  const golden = readFileSync(join(import.meta.dirname, "orders-of-aurora.yaml"), "utf8");
  expect(writeBody("the body", makeRdsBody(ordersRdsBody))).toBe(golden);
});

it("writes the same text for the same body, without anchors and without folding lines", () => {
  const long = { add_entries: { entries: [{ key: "a", value: "word ".repeat(200) }] } };
  const written = write({ processors: [long, long] });
  expect(write({ processors: [long, long] })).toBe(written);
  expect(written).not.toMatch(/[&*]a\d/);
  expect(written.split("\n").some((line) => line.length > 1000)).toBe(true);
});

const text = fc.oneof(
  fc.string(),
  fc.constantFrom("yes", "NO", "1_000", "0o7", "1:30", "~", "=", "<<", "2026-11-23", "\u2028"),
);

function makeBody(key: string, value: unknown) {
  return makeDynamoDbBody({ ...ordersBody, processors: [{ date: { [key]: value } }] });
}

/** Data Prepper reads YAML 1.1, in which much is no text that is one in 1.2. */
it("is read as what was written", () => {
  fc.assert(
    fc.property(text, text, fc.double({ noNaN: true, noDefaultInfinity: true }), (key, value, number) => {
      fc.pre(key !== "__proto__");
      const body = makeBody(key, [value, number, { [value === "__proto__" ? "" : value]: true }]);
      expect(readBody(writeBody("the body", body))).toEqual(toPlainBody(body));
    }),
  );
});

it("quotes texts, so that they are texts whichever YAML is read", () => {
  fc.assert(
    fc.property(text, (value) => {
      const body = makeBody("match", value);
      expect(parse(writeBody("the body", body))).toEqual(toPlainBody(body));
    }),
  );
});

it("refuses a faulty body, all faults by path", () => {
  const body = makeDynamoDbBody({ ...ordersBody, endpoint: "https://search.example.com", collectSeconds: 0 });
  expect(() => writeBody("the body", body)).toThrow(
    expect.objectContaining({
      errors: [
        expect.objectContaining({ propertyPath: `${ordersBody.pipelineName}.sink[0].opensearch.hosts[0]` }),
        expect.objectContaining({
          propertyPath: `${ordersBody.pipelineName}.sink[1].s3.threshold.event_collect_timeout`,
        }),
      ],
    }),
  );
});

it("refuses a text of over 100,000 characters", () => {
  const mappings = { translate: { mappings: [{ map: "x".repeat(100_000) }] } };
  expect(() => write({ processors: [mappings] })).toThrow(
    expect.objectContaining({
      errors: [expect.objectContaining({ reason: expect.stringMatching(/at the most; has 10/) })],
    }),
  );
});

// A template's tokens stand for what is known later: they are neither ARNs nor hosts.
it("takes references in the place of what is not known yet", () => {
  expect(() =>
    write({ roleArn: "⟨OrdersManaged1Role.Arn⟩", endpoint: "https://⟨ShopDomain.DomainEndpoint⟩" }),
  ).not.toThrow();
});
