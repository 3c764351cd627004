import type { AttributeMap, TableKey } from "./attribute-value.ts";
import type { RecordRow } from "./audit-rows.ts";
import { SyncError } from "./errors.ts";
import type { ModeRules } from "./mode-rules.ts";
import { parseJson } from "./parse-json.ts";

/** A line of a full export (`Item`), or of an incremental one (`Keys`, and `NewImage` unless deleted). */
interface ExportLine {
  readonly Item?: AttributeMap | null;
  readonly Keys?: AttributeMap | null;
  readonly NewImage?: AttributeMap | null;
}

/**
 * Digests one line of an export, full or incremental.
 *
 * @throws SyncError `EVENT_UNDECODABLE` when it is neither (not retryable)
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/S3DataExport.Output.html
 */
export function fingerprintExportLine(
  line: string,
  key: TableKey,
  { toRecordId, fingerprint }: Pick<ModeRules, "toRecordId" | "fingerprint">,
): RecordRow {
  const { Item, Keys, NewImage } = parse(line);
  if (Item) return { recordId: toRecordId(Item, key), fingerprint: fingerprint(Item) };
  if (!Keys) throw undecodable();
  const recordId = toRecordId(Keys, key);
  return { recordId, fingerprint: NewImage ? fingerprint(NewImage) : "" };
}

function parse(line: string): ExportLine {
  const value = parseJson(line);
  if (typeof value === "object" && value !== null) return value;
  throw undecodable();
}

function undecodable(): SyncError {
  return new SyncError("EVENT_UNDECODABLE", "a line of an export is not a record", {
    subject: "neither Item nor Keys can be read from it",
    fix: "export again in DYNAMODB_JSON",
    retryable: false,
  });
}
