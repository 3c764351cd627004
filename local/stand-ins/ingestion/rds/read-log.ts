import { LogicalReplicationService, type Pgoutput, PgoutputPlugin } from "pg-logical-replication";
import type { ConvertedRecord } from "../source/convert-record.ts";
import type { Stoppable } from "../source/source-deps.ts";
import { convertRow, type RowFacts } from "./convert-row.ts";
import type { SourceTableOfDatabase } from "./database.ts";
import { type LogMessage, makeMessageReader, type Relation } from "./pgoutput.ts";
import type { RdsDeps } from "./rds-deps.ts";

const POLL_MILLIS = 200;
const ACKNOWLEDGE_SECONDS = 1;

/** The library's own decoding makes values of texts. This hands messages on as they came: ours sees what is not in them. */
class BytesPlugin extends PgoutputPlugin {
  override parse(content: Buffer): Pgoutput.MessageMessage {
    return { tag: "message", flags: 0, transactional: false, messageLsn: null, prefix: "", content };
  }
}

/**
 * Reads the log until it is stopped, a transaction at a time, and tells the slot how far it came.
 *
 * @see https://github.com/opensearch-project/data-prepper `rds-source/…/stream/LogicalReplicationEventProcessor.java`
 */
export async function readLog(
  deps: RdsDeps,
  stop: Stoppable,
  handOn: (records: readonly ConvertedRecord[]) => Promise<void>,
): Promise<void> {
  const { state, url } = deps;
  const service = new LogicalReplicationService(
    { connectionString: url, options: "-c timezone=UTC -c datestyle=ISO -c intervalstyle=iso_8601" },
    { acknowledge: { auto: true, timeoutSeconds: ACKNOWLEDGE_SECONDS }, flowControl: { enabled: true } },
  );
  const gather = makeGatherer(deps);
  const read = makeMessageReader();
  service.on("data", async (_lsn: string, { content }: Pgoutput.MessageMessage) => {
    const records = gather(read(Buffer.from(content)));
    if (records.length > 0) await handOn(records);
  });
  const plugin = new BytesPlugin({ protoVersion: 1, publicationNames: [state.publicationName] });
  const failed = Promise.withResolvers<never>();
  service.on("error", failed.reject);
  const reading = service.subscribe(plugin, state.slotName);
  try {
    await Promise.race([reading, failed.promise, untilStopped(stop)]);
  } finally {
    await service.destroy();
    await Promise.allSettled([reading]);
  }
}

async function untilStopped(stop: Stoppable): Promise<void> {
  while (!stop.isStopping()) await stop.pause(POLL_MILLIS);
}

/** Gathers a transaction's rows; its commit gives them out. */
function makeGatherer({ tables, options, controls }: RdsDeps) {
  let rows: ConvertedRecord[] = [];
  let committedAt = 0;
  let newest = 0n;
  const facts = (action: RowFacts["action"], change: RowFacts["change"] & string): RowFacts => {
    const base = BigInt(committedAt) * 1000n;
    newest = newest >= base && !controls.sameSecond ? newest + 1n : base;
    return {
      database: options.database,
      time: committedAt,
      version: newest,
      action,
      ingestion: "STREAM",
      change,
    };
  };
  return (message: LogMessage): readonly ConvertedRecord[] => {
    if (message.kind === "begin") committedAt = message.committedAt;
    if (message.kind === "insert" || message.kind === "update" || message.kind === "delete") {
      const table = findTable(tables, message.relation);
      if (table !== undefined) rows.push(...toRecords(message, table, facts));
    }
    if (message.kind !== "commit") return [];
    const done = rows;
    rows = [];
    return done;
  };
}

function toRecords(
  message: Extract<LogMessage, { kind: "insert" | "update" | "delete" }>,
  table: SourceTableOfDatabase,
  facts: (action: RowFacts["action"], change: "insert" | "update" | "delete") => RowFacts,
): readonly ConvertedRecord[] {
  if (message.kind === "delete") return [convertRow(message.old, table, facts("delete", "delete"))];
  if (message.kind === "insert") return [convertRow(message.row, table, facts("index", "insert"))];
  const { old, row } = message;
  const moved = old !== undefined && table.keyNames.some((name) => old.get(name) !== row.get(name));
  return [
    ...(moved ? [convertRow(old, table, facts("delete", "update"))] : []),
    convertRow(row, table, facts("index", "update")),
  ];
}

function findTable(tables: readonly SourceTableOfDatabase[], { schema, table }: Relation) {
  return tables.find((known) => known.schema === schema && known.table === table);
}
