import { fingerprintPlainRecord } from "../../core/plain-fingerprint.ts";
import { readRefusedFile } from "../../core/refused-letter.ts";

const AT = "2026-11-25T10:00:00.123Z";

function fileOf(...letters: readonly object[]): string {
  const dlqObjects = letters.map((failedData) => ({
    pluginId: "opensearch",
    pluginName: "opensearch",
    pipelineName: "shop",
    failedData: {
      index: "orders-managed-1-write",
      indexId: "a",
      status: 400,
      message: "mapper_parsing_exception: failed to parse field [n] of type [long]",
      document: { id: "a", n: "x" },
      ...failedData,
    },
    timestamp: AT,
  }));
  return JSON.stringify({ dlqObjects });
}

describe("a dead-letter file of a pipeline", () => {
  it("names each document that was refused, with the digest of what was sent", () => {
    expect(readRefusedFile(fileOf({}, { indexId: "b" }))).toEqual(
      ["a", "b"].map((id) => ({
        id,
        fingerprint: fingerprintPlainRecord({ id: { S: "a" }, n: { S: "x" } }),
        cause: "MAPPING_REJECTED",
        reason: "mapper_parsing_exception: failed to parse field [n] of type [long]",
        at: Date.parse(AT),
      })),
    );
  });

  it.each([
    [400, "MAPPING_REJECTED"],
    [413, "DOCUMENT_TOO_LARGE"],
    [500, "INDEX_REFUSED"],
    [0, "INDEX_REFUSED"],
    [409, "INDEX_REFUSED"],
  ])("tells a status of %i as %s", (status, cause) => {
    expect(readRefusedFile(fileOf({ status }))).toMatchObject([{ cause }]);
  });

  it("reads its statuses beside a number with many digits, which makes all of them exact", () => {
    const text = fileOf({}, { status: 404 }).replace('"n":"x"', '"n":12345678901234567890');
    const fingerprint = fingerprintPlainRecord({ id: { S: "a" }, n: { N: "12345678901234567890" } });
    expect(readRefusedFile(text)).toMatchObject([{ cause: "MAPPING_REJECTED", fingerprint }]);
  });

  it("keeps no value of a document", () => {
    const message = "failed to parse. Preview of field's value: 'secret'";
    expect(readRefusedFile(fileOf({ message }))).toMatchObject([{ reason: "failed to parse" }]);
    expect(readRefusedFile(fileOf({ message: undefined }))).toMatchObject([{ reason: "no reason given" }]);
  });

  it("loses nothing by a delete of what was not there, which it leaves out", () => {
    expect(readRefusedFile(fileOf({ status: 404, document: {} }, { indexId: "b" }))).toMatchObject([
      { id: "b" },
    ]);
  });

  it("leaves out a document that nobody named: its record shows as missing", () => {
    expect(readRefusedFile(fileOf({ indexId: null }))).toEqual([]);
  });

  it("knows a delete by a document of our members alone, or of none", () => {
    for (const document of [{}, null, { _trueup_id: "a", _trueup_action: "delete" }]) {
      expect(readRefusedFile(fileOf({ status: 403, document }))).toMatchObject([{ fingerprint: "" }]);
    }
  });

  it("leaves what we added out of the digest", () => {
    expect(readRefusedFile(fileOf({ document: { n: 1, _trueup_id: "a" } }))).toMatchObject([
      { fingerprint: fingerprintPlainRecord({ n: { N: "1" } }) },
    ]);
  });

  it.each([
    "",
    "{",
    "null",
    "[]",
    "{}",
    '{"dlqObjects":{}}',
    '{"dlqObjects":[null]}',
    '{"dlqObjects":[{"failedData":{"indexId":"a","status":400}}]}',
    `{"dlqObjects":[{"failedData":{"indexId":7,"status":400},"timestamp":"${AT}"}]}`,
  ])("is refused when it is none: %s", (text) => {
    expect(() => readRefusedFile(text)).toThrow(/EVENT_UNDECODABLE/);
  });
});
