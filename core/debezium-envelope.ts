import { SyncError } from "./errors.ts";
import { type ExternalVersion, toExternalVersion } from "./external-version.ts";
import { parseExact, toExactObject } from "./parse-exact.ts";
import { parseJson } from "./parse-json.ts";
import type { ExactJson, ExactObject } from "./plain-fingerprint.ts";

/** What Debezium tells of one change, before its columns are read. */
export interface DebeziumEnvelope {
  readonly op: "c" | "u" | "d" | "r" | "t";
  readonly before: ExactObject | undefined;
  readonly after: ExactObject | undefined;
  readonly version: ExternalVersion;
  /** When the change was committed, epoch milliseconds. */
  readonly sourceTime: number;
}

const OPS: ReadonlySet<ExactJson | undefined> = new Set<DebeziumEnvelope["op"]>(["c", "u", "d", "r", "t"]);
/** Where the row's own texts end: no text in JSON holds quotes that are not escaped. */
const SOURCE_MEMBER = '"source":{"version"';

/**
 * Reads the value of a Debezium record, with or without its schema.
 *
 * @returns undefined for what tells of no row: messages written into the log
 * @throws SyncError `EVENT_UNDECODABLE` when it is no envelope (not retryable)
 * @throws SyncError `POSITION_INVALID` when it names no place in the log (not retryable)
 * @see https://debezium.io/documentation/reference/stable/connectors/postgresql.html#postgresql-events
 */
export function parseEnvelope(value: string): DebeziumEnvelope | undefined {
  return parseUsual(value) ?? parseAny(value);
}

const USUAL_START = '{"before":';
/** What of the rest counts; no text in it holds a quote that is not escaped. */
const SEQUENCE = /"sequence":"\[(?:null|\\"(\d+)\\"),\\"(\d+)\\"\]"/;
const TIME = /"ts_ms":(\d+)/;
const OP = /"op":"([cudr])"/;

/**
 * Reads an envelope as the connector mostly writes it, without making objects of the part that tells of its source: that
 * is as large as a row.
 *
 * @returns undefined for any other, which says nothing of what is wrong with it
 */
function parseUsual(value: string): DebeziumEnvelope | undefined {
  const end = value.lastIndexOf(SOURCE_MEMBER);
  if (end === -1 || !value.startsWith(USUAL_START)) return undefined;
  const rest = value.slice(end);
  const sequence = SEQUENCE.exec(rest);
  const [, time] = TIME.exec(rest) ?? [];
  const [, op] = OP.exec(rest) ?? [];
  if (sequence === null || time === undefined || op === undefined || !isOp(op)) return undefined;
  const rows = toExactObject(parseText(`${value.slice(0, end - 1)}}`));
  return {
    op,
    before: toExactObject(rows?.["before"]),
    after: toExactObject(rows?.["after"]),
    version: toExternalVersion(BigInt(sequence[1] ?? sequence[2] ?? 0), "debezium position"),
    sourceTime: Number(time),
  };
}

function parseAny(value: string): DebeziumEnvelope | undefined {
  const whole = toExactObject(parseText(value));
  const envelope = toExactObject(whole?.["payload"]) ?? whole;
  const op = envelope?.["op"];
  if (envelope === undefined || op === undefined) throw undecodable("op");
  if (op === "m") return undefined;
  const source = toExactObject(envelope["source"]);
  if (!isOp(op)) throw undecodable(`op ${String(op)}`);
  if (source === undefined) throw undecodable("source");
  return {
    op,
    before: toExactObject(envelope["before"]),
    after: toExactObject(envelope["after"]),
    version: versionOf(source),
    sourceTime: Number(source["ts_ms"] ?? 0),
  };
}

function isOp(op: ExactJson): op is DebeziumEnvelope["op"] {
  return OPS.has(op);
}

/**
 * The last commit before the change: it rises in the order of the topic, which the change's own place does not where
 * transactions overlap. The connector knows none before its first transaction; then the own places rise.
 *
 * @see docs/decisions/0001-external-versions.md
 */
function versionOf(source: ExactObject): ExternalVersion {
  const sequence = typeof source["sequence"] === "string" ? parseJson(source["sequence"]) : undefined;
  const [lastCommit, own] = Array.isArray(sequence) ? sequence : [];
  const position = lastCommit ?? source["lsn"] ?? own;
  return toExternalVersion(toBigInt(position), "debezium position");
}

function toBigInt(position: unknown): bigint {
  return /^\d+$/.test(String(position)) ? BigInt(String(position)) : 0n;
}

function parseText(text: string): ExactJson {
  try {
    return parseExact(text);
  } catch (cause) {
    throw undecodable("JSON", cause);
  }
}

function undecodable(what: string, cause?: unknown): SyncError {
  return new SyncError("EVENT_UNDECODABLE", "a record of the topic is no change event of Debezium", {
    subject: what,
    fix: "let nothing but the connector write to the topic, with the settings of docs/internals.md",
    retryable: false,
    cause,
  });
}
