import { gunzipSync, zstdDecompressSync } from "node:zlib";
import {
  type AsyncBuffer,
  type FileMetaData,
  parquetMetadataAsync,
  parquetRead,
  type SchemaElement,
} from "hyparquet";
import { SyncError } from "../core/errors.ts";
import { LineBlock } from "../core/line-block.ts";
import type { OpenBytes } from "../core/ports/byte-ranges.ts";
import type { ExportFile, ExportFilePlace } from "../core/ports/export-file.ts";
import { type ParquetAnnotation, type ParquetValue, typeOfParquet } from "../core/sql/parquet-column.ts";
import { matchColumns, type ReadColumn, readParquetRow } from "../core/sql/parquet-row.ts";
import type { SqlColumn } from "../core/sql/sql-column.ts";

const LINES_A_BLOCK = 4_000;
const COMPRESSORS = {
  GZIP: (bytes: Uint8Array) => gunzipSync(bytes),
  ZSTD: (bytes: Uint8Array) => zstdDecompressSync(bytes),
};
/** How many units a second has, by name of the unit. */
const UNITS: Readonly<Record<string, bigint>> = {
  TIMESTAMP_MILLIS: 1_000n,
  MILLIS: 1_000n,
  TIMESTAMP_MICROS: 1_000_000n,
  MICROS: 1_000_000n,
  NANOS: 1_000_000_000n,
};
/** Integers that mean the number they are, whatever their width. */
const PLAIN = /^(?:INT_(?:8|16|32|64)|UINT_(?:8|16))$/;

/**
 * Reads Parquet files of a cluster's export, a row group in memory at a time; AWS writes files of 1 to 10 MB.
 *
 * @param readText - reads an object of the export's bucket; undefined when there is none
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/export-cluster-data.html
 */
export function makeParquetExportFile(
  open: OpenBytes,
  readText: (bucket: string, key: string) => Promise<string | undefined>,
): ExportFile {
  return {
    readBlocks: async function* (place, fromLine) {
      try {
        const file = await open(place);
        const metadata = await parquetMetadataAsync(file, { geoparquet: false });
        const columns = await columnsOf(metadata, place, readText);
        yield* toBlocks(file, withoutAnnotations(metadata), columns, fromLine);
      } catch (cause) {
        if (cause instanceof SyncError) throw cause;
        throw new SyncError("EXPORT_FAILED", "a data file of the export cannot be read", {
          subject: `${place.bucket}/${place.key}, ${cause instanceof Error ? cause.message : "no reason given"}`,
          fix: "wait until S3 serves it, or build the generation again from a new export",
          retryable: true,
          cause,
        });
      }
    },
  };
}

/** The columns to be read: the table's, or, where nobody tells those, the file's. */
async function columnsOf(
  { schema: [, ...elements] }: FileMetaData,
  { bucket, columnsKey }: ExportFilePlace,
  readText: (bucket: string, key: string) => Promise<string | undefined>,
): Promise<readonly ReadColumn[]> {
  const stored = elements.map((element) => ({
    name: element.name,
    annotation: annotationOf(element),
    element,
  }));
  if (columnsKey === undefined) {
    const typed = stored.map(({ name, annotation, element: { type = "" } }) => {
      const primitive = { isBytes: type.endsWith("BYTE_ARRAY"), isBoolean: type === "BOOLEAN" };
      return { name, type: typeOfParquet(annotation, primitive) };
    });
    return matchColumns(typed, stored);
  }
  const text = await readText(bucket, columnsKey);
  if (text === undefined) throw new RangeError(`${columnsKey} is not there`);
  const columns: readonly SqlColumn[] = JSON.parse(text);
  return matchColumns(columns, stored);
}

function annotationOf({
  type,
  converted_type: converted,
  logical_type: logical,
  ...element
}: SchemaElement): ParquetAnnotation {
  const name = converted ?? logical?.type;
  if (element.num_children !== undefined || element.repetition_type === "REPEATED")
    return { kind: "other", name: name ?? "nested" };
  if (name === undefined) return type === "INT96" ? { kind: "other", name: type } : { kind: "none" };
  if (name === "UTF8" || name === "STRING" || name === "JSON" || name === "ENUM") return { kind: "text" };
  if (name === "DECIMAL") return { kind: "decimal", scale: element.scale ?? 0 };
  const perSecond = UNITS[logical?.type === "TIMESTAMP" ? logical.unit : name];
  if (perSecond !== undefined) return { kind: "timestamp", perSecond };
  const isPlain =
    PLAIN.test(name) || (logical?.type === "INTEGER" && (logical.isSigned || logical.bitWidth < 32));
  return isPlain ? { kind: "none" } : { kind: "other", name };
}

/** The library would round decimals and times to what JavaScript's numbers and dates hold. */
function withoutAnnotations(metadata: FileMetaData): FileMetaData {
  const schema = metadata.schema.map(({ converted_type: _, logical_type: __, ...element }) => element);
  return { ...metadata, schema };
}

async function* toBlocks(
  file: AsyncBuffer,
  metadata: FileMetaData,
  columns: readonly ReadColumn[],
  fromLine: number,
): AsyncGenerator<LineBlock> {
  let rowStart = 0;
  for (const { num_rows: count } of metadata.row_groups) {
    const rowEnd = rowStart + Number(count);
    const first = Math.max(rowStart, fromLine);
    rowStart = rowEnd;
    if (first >= rowEnd) continue;
    const rows = await readRows(file, metadata, first, rowEnd);
    for (let start = 0; start < rows.length; start += LINES_A_BLOCK) {
      const block = rows.slice(start, start + LINES_A_BLOCK);
      yield LineBlock.of(block.map((row) => JSON.stringify({ Item: readParquetRow(row, columns) })));
    }
  }
}

/** All columns are read, in the schema's order, which is what a column's place means. */
async function readRows(
  file: AsyncBuffer,
  metadata: FileMetaData,
  rowStart: number,
  rowEnd: number,
): Promise<readonly (readonly ParquetValue[])[]> {
  let found: readonly (readonly ParquetValue[])[] = [];
  await parquetRead({
    file,
    metadata,
    rowStart,
    rowEnd,
    utf8: false,
    geoparquet: false,
    compressors: COMPRESSORS,
    onComplete: (rows) => {
      found = rows;
    },
  });
  return found;
}
