import { type ExportRequest, invalid, type Refusal } from "./export-request.ts";
import type { IncrementalWindow } from "./net-changes.ts";
import type { TableFacts } from "./table-facts.ts";

const SHORTEST_WINDOW_SECONDS = 15 * 60;
const LONGEST_WINDOW_SECONDS = 24 * 3600;
/** What a stream keeps. @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Streams.html */
const RETENTION_SECONDS = 24 * 3600;

/**
 * Finds whether an export can be made.
 *
 * The past is known from the table's stream, so it reaches back to the stream's beginning and never over 24 h, where
 * AWS keeps up to 35 days without needing a stream.
 *
 * @param table - undefined when there is none of that ARN
 * @param now - epoch milliseconds
 * @returns the table, or why not
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ExportTableToPointInTime.html errors
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/S3DataExport_Requesting.html the window's length
 */
export function admitExport(
  request: ExportRequest,
  table: TableFacts | undefined,
  now: number,
): TableFacts | Refusal {
  if (table === undefined) return refuse("TableNotFoundException", `Table not found: ${request.TableArn}`);
  if (!table.pointInTimeRecovery) {
    const message = `Point in time recovery is not enabled for table '${table.name}'`;
    return refuse("PointInTimeRecoveryUnavailableException", message);
  }
  const { IncrementalExportSpecification: window, ExportTime: time } = request;
  if (window !== undefined) return findWindowFault(window, table, now) ?? table;
  return time === undefined ? table : (findTimeFault(time, table, now) ?? table);
}

function findWindowFault(
  { ExportFromTime: from, ExportToTime: to }: IncrementalWindow,
  table: TableFacts,
  now: number,
): Refusal | undefined {
  const seconds = to - from;
  if (seconds >= SHORTEST_WINDOW_SECONDS && seconds <= LONGEST_WINDOW_SECONDS) {
    return findTimeFault(to, table, now) ?? findTimeFault(from, table, now);
  }
  return invalid(`The export window must be 15 minutes to 24 hours long, it is ${seconds} s`);
}

function findTimeFault(seconds: number, { history, name }: TableFacts, now: number): Refusal | undefined {
  const since = Math.max(history?.knownSinceSeconds ?? now / 1000, now / 1000 - RETENTION_SECONDS);
  if (seconds <= now / 1000 && seconds >= since) return undefined;
  const known = new Date(since * 1000).toISOString();
  return refuse(
    "InvalidExportTimeException",
    `${new Date(seconds * 1000).toISOString()} is in the future, or before what the stream of '${name}' tells (${known})`,
  );
}

function refuse(type: string, message: string): Refusal {
  return { kind: "refused", type, message };
}
