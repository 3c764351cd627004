import { createHash } from "node:crypto";
import type { Clock } from "../../../core/ports/clock.ts";
import type { DynamoDbStreams } from "../dynamodb-streams.ts";
import type { Emulator } from "../emulator.ts";
import { readChanges, type StreamMark } from "./change-history.ts";
import { type DataFile, makeDataFiles } from "./data-files.ts";
import { type ExportLayout, toChecksumKey, toFilesManifest } from "./export-layout.ts";
import type { ExportObjects } from "./export-objects.ts";
import { type ExportRow, toKeyText } from "./export-row.ts";
import { type IncrementalWindow, makeNetChanges } from "./net-changes.ts";
import { readTable } from "./read-table.ts";
import type { TableFacts } from "./table-facts.ts";
import { makeUndo } from "./undo.ts";

/** What exports reach the emulator by. */
export interface ExportDeps {
  readonly emulator: Emulator;
  readonly streams: DynamoDbStreams;
  readonly objects: ExportObjects;
  readonly now: Clock;
}

/** What an export holds: the table as of a moment, or what changed inside a window. */
export type ExportContent =
  /** Without a place in the stream, the table is taken as it is when it is read. */
  | { readonly kind: "full"; readonly since?: { readonly mark: StreamMark; readonly seconds: number } }
  | { readonly kind: "incremental"; readonly mark: StreamMark; readonly window: IncrementalWindow };

/** An export whose files are written. */
export interface WrittenExport {
  readonly files: readonly DataFile[];
  readonly itemCount: number;
  /** Size of the lines before compression, which is about what AWS bills. */
  readonly billedSizeBytes: number;
}

/** Writes the data files of an export, and first of all the mark that the bucket takes them. */
export async function writeData(
  deps: ExportDeps,
  table: TableFacts,
  content: ExportContent,
  bucket: string,
  layout: ExportLayout,
): Promise<WrittenExport> {
  await deps.objects.put(bucket, layout.started, "");
  const files = makeDataFiles(deps.objects, bucket, layout.dataFolder);
  let itemCount = 0;
  let billedSizeBytes = 0;
  const rows = content.kind === "full" ? readItems(deps, table, content) : readNet(deps, table, content);
  for await (const some of rows) {
    for (const row of some) {
      itemCount += 1;
      billedSizeBytes += Buffer.byteLength(row.line);
      await files.add(row);
    }
  }
  return { files: await files.finish(), itemCount, billedSizeBytes };
}

/** Writes the manifests: whoever finds the summary finds everything it tells of. */
export async function writeManifests(
  { objects }: Pick<ExportDeps, "objects">,
  bucket: string,
  layout: ExportLayout,
  files: readonly DataFile[],
  summary: object,
): Promise<void> {
  const manifests = [
    [layout.files, toFilesManifest(files)],
    [layout.summary, JSON.stringify(summary)],
  ] as const;
  for (const [key, content] of manifests) {
    await objects.put(bucket, toChecksumKey(key), createHash("md5").update(content).digest("base64"));
    await objects.put(bucket, key, content);
  }
}

/** The changes since the mark are read once the table was: then they hold every one that the reading met. */
async function* readItems(
  { emulator, streams, now }: ExportDeps,
  { name, keyNames }: TableFacts,
  { since }: Extract<ExportContent, { readonly kind: "full" }>,
): AsyncGenerator<readonly ExportRow[]> {
  const items = await readTable(emulator, name);
  const undo = makeUndo(keyNames, since?.seconds ?? 0);
  if (since !== undefined) {
    for await (const records of readChanges(streams, since.mark, now() / 1000)) undo.note(records);
  }
  for await (const some of items) {
    yield some.flatMap((read) => {
      const key = toKeyText(JSON.parse(read), keyNames);
      const json = undo.restore(key, read);
      return json === undefined ? [] : [{ key, line: `{"Item":${json}}` }];
    });
  }
  yield undo.gone().map(({ key, json }) => ({ key, line: `{"Item":${json}}` }));
}

async function* readNet(
  { streams }: ExportDeps,
  { keyNames }: TableFacts,
  { mark, window }: Extract<ExportContent, { readonly kind: "incremental" }>,
): AsyncGenerator<readonly ExportRow[]> {
  const changes = makeNetChanges(keyNames, window);
  for await (const records of readChanges(streams, mark, window.ExportToTime)) changes.add(records);
  for (const row of changes.rows()) yield [row];
}
