import { text } from "node:stream/consumers";
import { SyncError } from "../../../core/errors.ts";
import type { Emulator } from "../emulator.ts";
import { splitItems } from "./split-items.ts";

/**
 * Reads a whole table.
 *
 * When this resolves, the emulator has read the table, in one moment; only the answer is still on its way. By PartiQL,
 * because ministack sorts the whole table again for every page of a scan: 135,000 items are 27 pages of 0.4 s each, in
 * which it does nothing else, or one answer of 0.8 s.
 *
 * @returns the JSON of the items, as the emulator wrote it, some at a time
 * @throws SyncError `ENGINE_FAILED` when nothing answers, `EXPORT_FAILED` when the answer is none (retryable)
 */
export async function readTable(
  emulator: Emulator,
  tableName: string,
): Promise<AsyncGenerator<readonly string[]>> {
  const answer = await emulator.send({
    service: "dynamodb",
    headers: {
      "x-amz-target": "DynamoDB_20120810.ExecuteStatement",
      "content-type": "application/x-amz-json-1.0",
    },
    body: JSON.stringify({ Statement: `SELECT * FROM "${tableName}"` }),
  });
  if (answer.statusCode === 200) return splitItems(answer);
  throw new SyncError("EXPORT_FAILED", "the table cannot be read", {
    subject: `${tableName}, ${answer.statusCode} ${await text(answer)}`,
    fix: "check that the table still exists",
    retryable: true,
  });
}
