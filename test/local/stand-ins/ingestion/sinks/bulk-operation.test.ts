import { readFormat } from "../../../../../local/stand-ins/ingestion/flow/expression.ts";
import {
  type DocumentRules,
  makeOperation,
} from "../../../../../local/stand-ins/ingestion/sinks/bulk-operation.ts";
import { eventOf } from "../fixtures.ts";

function format(text: string) {
  const read = readFormat(text);
  if (read === undefined) throw new Error(`${text} is no format`);
  return read;
}

const declared = '${getMetadata("document_version")}';
const rules: DocumentRules = {
  index: "orders",
  id: format('${getMetadata("primary_key")}'),
  action: format('${getMetadata("opensearch_action")}'),
  version: { declared, format: format(declared) },
  versionType: "external_gte",
  filter: { kind: "without", names: ["_trueup_id"] },
};
const data = { a: 1, _trueup_id: "x" };
const metadata = { primary_key: "a|b", document_version: 1_764_000_000_000_001n, opensearch_action: "index" };

describe("a write", () => {
  it("has id and version, and the document without what is left out", () => {
    expect(makeOperation(eventOf(data, metadata), rules)).toMatchObject({
      kind: "made",
      operation: {
        action: "index",
        id: "a|b",
        lines:
          '{"index":{"_index":"orders","_id":"a|b","version":1764000000000001,"version_type":"external_gte"}}\n{"a":1}\n',
        document: '{"a":1}',
      },
    });
  });

  it("is a delete without a document; its letter would have the whole event", () => {
    const event = eventOf(data, { ...metadata, opensearch_action: "delete" });
    expect(makeOperation(event, rules)).toMatchObject({
      operation: {
        lines:
          '{"delete":{"_index":"orders","_id":"a|b","version":1764000000000001,"version_type":"external_gte"}}\n',
        document: '{"a":1,"_trueup_id":"x"}',
      },
    });
  });

  it("creates without a version", () => {
    const event = eventOf({}, { ...metadata, opensearch_action: "create" });
    expect(makeOperation(event, rules)).toMatchObject({
      operation: { lines: '{"create":{"_index":"orders","_id":"a|b"}}\n{}\n' },
    });
  });

  it("is plain where nothing is declared", () => {
    const plain = {
      ...rules,
      id: undefined,
      version: undefined,
      versionType: undefined,
      action: format("index"),
    };
    expect(makeOperation(eventOf({}), plain)).toMatchObject({
      operation: { id: undefined, lines: '{"index":{"_index":"orders"}}\n{}\n' },
    });
  });

  it("is refused without a version that is a long, and skipped with an action nobody knows", () => {
    const { document_version: _, ...unversioned } = metadata;
    expect(makeOperation(eventOf({}, unversioned), rules)).toEqual({
      kind: "refused",
      message: `Unable to convert the result of evaluating document_version '${declared}' to Long for an Event. The evaluation result '' must be a valid Long type`,
    });
    for (const version of [2n ** 63n, -(2n ** 63n) - 1n]) {
      expect(makeOperation(eventOf({}, { ...metadata, document_version: version }), rules).kind).toBe(
        "refused",
      );
    }
    expect(makeOperation(eventOf({}, { ...metadata, opensearch_action: "guess" }), rules)).toEqual({
      kind: "skipped",
    });
  });
});
