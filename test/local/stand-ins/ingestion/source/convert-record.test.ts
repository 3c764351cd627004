import { writeJson } from "../../../../../local/stand-ins/ingestion/event.ts";
import {
  convertExportItem,
  convertStreamRecord,
} from "../../../../../local/stand-ins/ingestion/source/convert-record.ts";
import { recordOf } from "../fixtures.ts";

const table = { name: "orders", keyNames: ["id"] };
const version = () => 5n;

describe("a stream record", () => {
  it("becomes an index of its new image", () => {
    const { data, metadata } = convertStreamRecord(
      recordOf("a", 7, "INSERT", { n: { N: "1" } }),
      table,
      "NEW_IMAGE",
      version,
    );
    expect(writeJson(data)).toBe('{"id":"a","n":1}');
    expect(metadata).toEqual({
      table_name: "orders",
      partition_key: "a",
      primary_key: "a",
      dynamodb_timestamp: 7_000,
      document_version: 5n,
      opensearch_action: "index",
      dynamodb_event_name: "INSERT",
      ttl_delete: false,
    });
  });

  it("becomes a delete without content, or with the old image", () => {
    const removed = recordOf("a", 7, "REMOVE", { n: { N: "1" } });
    expect(convertStreamRecord(removed, table, "NEW_IMAGE", version)).toMatchObject({
      data: {},
      metadata: { opensearch_action: "delete", dynamodb_event_name: "REMOVE", primary_key: "a" },
    });
    expect(writeJson(convertStreamRecord(removed, table, "OLD_IMAGE", version).data)).toBe(
      '{"id":"a","n":1}',
    );
    const { OldImage: _, ...rest } = removed.dynamodb;
    expect(convertStreamRecord({ ...removed, dynamodb: rest }, table, "OLD_IMAGE", version).data).toEqual({});
  });

  it.each([
    [{ principalId: "dynamodb.amazonaws.com", type: "Service" }, true],
    [{ PrincipalId: "dynamodb.amazonaws.com", Type: "Service" }, true],
    [{ principalId: "somebody", type: "Service" }, false],
  ])("tells of time to live: %j", (userIdentity, expected) => {
    const removed = { ...recordOf("a", 7, "REMOVE"), userIdentity };
    expect(convertStreamRecord(removed, table, "NEW_IMAGE", version).metadata["ttl_delete"]).toBe(expected);
    const changed = { ...recordOf("a", 7), userIdentity };
    expect(convertStreamRecord(changed, table, "NEW_IMAGE", version).metadata["ttl_delete"]).toBe(false);
  });

  it("takes no version when it cannot be converted", () => {
    const ask = jest.fn(version);
    expect(() =>
      convertStreamRecord(recordOf("a", 7, "INSERT", { n: { N: "x" } }), table, "NEW_IMAGE", ask),
    ).toThrow(RangeError);
    expect(ask).not.toHaveBeenCalled();
  });
});

it("joins keys with a bar and escapes nothing", () => {
  const keyed = { name: "orders", keyNames: ["p", "s"] };
  const of = (p: string, s: string) => convertExportItem({ p: { S: p }, s: { S: s } }, keyed, 1_000_000_000);
  expect(of("a|b", "c").metadata).toMatchObject({
    primary_key: "a|b|c",
    partition_key: "a|b",
    sort_key: "c",
  });
  expect(of("a", "b|c").metadata["primary_key"]).toBe("a|b|c");
});

it("makes export rows one version and the export's time", () => {
  const { metadata } = convertExportItem({ id: { S: "a" } }, table, 1_000_000_000);
  expect(metadata).toMatchObject({
    document_version: 999_700_000_000n,
    dynamodb_timestamp: 1_000_000_000,
    opensearch_action: "index",
  });
  expect(metadata).not.toHaveProperty("dynamodb_event_name");
});
