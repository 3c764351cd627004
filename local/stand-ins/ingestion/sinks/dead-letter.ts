import type { RefusedOperation } from "./judge-bulk.ts";

/** What is told of one document the index did not take. */
export interface DeadLetter {
  readonly index: string;
  readonly indexId: string | null;
  readonly status: number;
  readonly message: string;
  /** JSON. */
  readonly document: string;
}

/** Tells of a write that was refused. @see https://github.com/opensearch-project/data-prepper `opensearch/…/dlq/FailedBulkOperationConverter.java` */
export function toDeadLetter({ operation, status, message }: RefusedOperation): DeadLetter {
  const { index, id, document } = operation;
  return { index, indexId: id ?? null, status, message, document };
}

/** Tells of an event of which no write could be made: its document is a text. @see https://github.com/opensearch-project/data-prepper `opensearch/…/BulkIngester.java` createDlqObjectFromEvent */
export function toUnmadeLetter(index: string, message: string, json: string): DeadLetter {
  return { index, indexId: null, status: 0, message, document: JSON.stringify(json) };
}

/**
 * The content of a dead-letter object.
 *
 * @param now - epoch milliseconds
 * @see https://github.com/opensearch-project/data-prepper `failures-common/…/dlq/s3/S3DlqWriter.java`, `opensearch/…/dlq/FailedDlqData.java`
 */
export function writeDeadLetters(letters: readonly DeadLetter[], pipelineName: string, now: number): string {
  const timestamp = new Date(now).toISOString();
  const objects = letters.map(({ document, ...failed }) => {
    const failedData = `${JSON.stringify(failed).slice(0, -1)},"document":${readAgain(document)}}`;
    const place = JSON.stringify({ pluginId: "opensearch", pluginName: "opensearch", pipelineName }).slice(
      0,
      -1,
    );
    return `${place},"failedData":${failedData},"timestamp":"${timestamp}"}`;
  });
  return `{"dlqObjects":[${objects.join(",")}]}`;
}

const INTEGER = /^-?\d+$/;

/** Data Prepper reads the document before it writes it: fractions are doubles from then on, what is no JSON is empty. */
function readAgain(document: string): string {
  try {
    const read: unknown = JSON.parse(document, (_name, value, { source }) =>
      typeof value === "number" && source !== undefined && INTEGER.test(source)
        ? JSON.rawJSON(source)
        : value,
    );
    return JSON.stringify(read);
  } catch {
    return "{}";
  }
}

/** Names a dead-letter object. @param prefix - gets a `/` at its end where it has none */
export function toDeadLetterKey(prefix: string, pipelineName: string, now: number, uuid: string): string {
  const folder = prefix === "" || prefix.endsWith("/") ? prefix : `${prefix}/`;
  return `${folder}dlq-v2-${pipelineName}-opensearch-${new Date(now).toISOString()}-${uuid}.json`;
}
