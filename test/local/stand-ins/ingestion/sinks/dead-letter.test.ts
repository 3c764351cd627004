import { readRefusedFile } from "../../../../../core/refused-letter.ts";
import {
  toDeadLetter,
  toDeadLetterKey,
  toUnmadeLetter,
  writeDeadLetters,
} from "../../../../../local/stand-ins/ingestion/sinks/dead-letter.ts";
import { operationOf } from "../fixtures.ts";

const NOW = Date.UTC(2026, 10, 25, 12, 30, 1, 234);
const refused = {
  operation: { ...operationOf("a"), document: '{"n":1.50,"big":12345678901234567890}' },
  status: 400,
  message: "no",
};

describe("a dead-letter object", () => {
  it("is named by pipeline and time", () => {
    expect(toDeadLetterKey("refused", "orders", NOW, "uuid")).toBe(
      "refused/dlq-v2-orders-opensearch-2026-11-25T12:30:01.234Z-uuid.json",
    );
    expect(toDeadLetterKey("a/", "orders", NOW, "uuid")).toMatch(/^a\/dlq/);
    expect(toDeadLetterKey("", "orders", NOW, "uuid")).toMatch(/^dlq/);
  });

  it("tells of each document, its whole numbers exact and its fractions as doubles", () => {
    const text = writeDeadLetters([toDeadLetter(refused)], "orders", NOW);
    expect(text).toBe(
      '{"dlqObjects":[{"pluginId":"opensearch","pluginName":"opensearch","pipelineName":"orders","failedData":{"index":"i","indexId":"a","status":400,"message":"no","document":{"n":1.5,"big":12345678901234567890}},"timestamp":"2026-11-25T12:30:01.234Z"}]}',
    );
  });

  it("is what the audit reads", () => {
    const short = { ...refused, operation: { ...refused.operation, document: '{"n":1.5}' } };
    const [letter] = readRefusedFile(writeDeadLetters([toDeadLetter(short)], "orders", NOW));
    expect(letter).toMatchObject({ id: "a", cause: "MAPPING_REJECTED", at: NOW });
  });

  it("has no document where it was no JSON, and a text where no write could be made", () => {
    const broken = { ...refused, operation: { ...refused.operation, document: '{"a"":1}' } };
    expect(writeDeadLetters([toDeadLetter(broken)], "orders", NOW)).toContain('"document":{}}');
    expect(writeDeadLetters([toUnmadeLetter("i", "no", '{"a":1}')], "orders", NOW)).toContain(
      '"failedData":{"index":"i","indexId":null,"status":0,"message":"no","document":"{\\"a\\":1}"}',
    );
  });
});
