import { randomBytes } from "node:crypto";
import { admitExport } from "./admit-export.ts";
import { markStream } from "./change-history.ts";
import {
  describeBegun,
  describeCompleted,
  describeFailed,
  type ExportDescription,
  toSummary,
} from "./export-description.ts";
import { type ExportLayout, toLayout } from "./export-layout.ts";
import { type ExportRequest, isRefusal, type Refusal } from "./export-request.ts";
import { findTable, type TableFacts } from "./table-facts.ts";
import { type ExportContent, type ExportDeps, writeData, writeManifests } from "./write-export.ts";

/** The exports of this machine's tables. */
export interface Exports {
  /**
   * Begins an export and answers while it is written. One token begins one export, however often it is asked.
   *
   * @throws SyncError `ENGINE_FAILED` when the emulator does not answer (retryable)
   */
  begin(request: ExportRequest): Promise<ExportDescription | Refusal>;
  find(exportArn: string): ExportDescription | undefined;
  /** @returns in the order they were begun */
  all(): readonly ExportDescription[];
}

/** A token that was used, for what, and what came of it. */
interface UsedToken {
  readonly request: string;
  readonly answer: Promise<ExportDescription | Refusal>;
}

/** Keeps exports in memory: a process that begins again knows none. */
export function makeExports(deps: ExportDeps): Exports {
  const known = new Map<string, ExportDescription>();
  const tokens = new Map<string, UsedToken>();
  const keep = (description: ExportDescription): ExportDescription => {
    known.set(description.ExportArn, description);
    return description;
  };
  return {
    begin: async (request) => {
      const { ClientToken: token } = request;
      if (token === undefined) return begin(deps, keep, request);
      const used = tokens.get(token);
      if (used !== undefined) return used.request === JSON.stringify(request) ? used.answer : conflict(token);
      const answer = begin(deps, keep, request);
      tokens.set(token, { request: JSON.stringify(request), answer });
      const begun = await answer.catch(() => undefined);
      if (begun === undefined || isRefusal(begun)) tokens.delete(token);
      return answer;
    },
    find: (exportArn) => known.get(exportArn),
    all: () => [...known.values()],
  };
}

type Keep = (description: ExportDescription) => ExportDescription;

async function begin(
  deps: ExportDeps,
  keep: Keep,
  request: ExportRequest,
): Promise<ExportDescription | Refusal> {
  const now = deps.now();
  const table = admitExport(request, await findTable(deps.emulator, request.TableArn), now);
  if (isRefusal(table)) return table;
  const content = await markContent(deps, request, table);
  const exportId = `${String(now).padStart(14, "0")}-${randomBytes(4).toString("hex")}`;
  const begun = keep(describeBegun(request, table, exportId, now));
  const layout = toLayout(request.S3Prefix, exportId, content.kind === "incremental");
  void write(deps, begun, table, content, layout)
    .catch((cause: unknown) => describeFailed(begun, cause, deps.now()))
    .then(keep);
  return begun;
}

/** Settles, before the export is answered, what moment it is of: the end of the stream as of now, or a time. */
async function markContent(
  { streams }: ExportDeps,
  { ExportTime: time, IncrementalExportSpecification: window }: ExportRequest,
  { history }: TableFacts,
): Promise<ExportContent> {
  if (history === undefined) return { kind: "full" };
  const { streamArn } = history;
  if (window !== undefined) {
    return { kind: "incremental", mark: await markStream(streams, streamArn, "beginning"), window };
  }
  const mark = await markStream(streams, streamArn, time === undefined ? "end" : "beginning");
  return { kind: "full", since: { mark, seconds: time ?? 0 } };
}

async function write(
  deps: ExportDeps,
  begun: ExportDescription,
  table: TableFacts,
  content: ExportContent,
  layout: ExportLayout,
): Promise<ExportDescription> {
  const { S3Bucket: bucket } = begun;
  const written = await writeData(deps, table, content, bucket, layout);
  const completed = describeCompleted(begun, written, layout, deps.now());
  await writeManifests(deps, bucket, layout, written.files, toSummary(completed, layout));
  return completed;
}

function conflict(token: string): Refusal {
  const message = `The client token ${token} was used for another export`;
  return { kind: "refused", type: "ExportConflictException", message };
}
