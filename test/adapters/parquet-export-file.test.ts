import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DuckDBConnection } from "@duckdb/node-api";
import { makeParquetExportFile } from "../../adapters/parquet-export-file.ts";
import type { AttributeMap } from "../../core/attribute-value.ts";
import { fingerprintRecord } from "../../core/fingerprint.ts";
import type { OpenBytes } from "../../core/ports/byte-ranges.ts";
import { fromText } from "../../core/sql/from-text.ts";
import { type SqlType, toSqlType } from "../../core/sql/sql-type.ts";

let folder: string;
let duckdb: DuckDBConnection;
beforeAll(async () => {
  duckdb = await DuckDBConnection.create();
  folder = await mkdtemp(join(tmpdir(), "parquet-"));
});
afterAll(async () => {
  duckdb.closeSync();
  await rm(folder, { recursive: true, force: true });
});

const openFile: OpenBytes = async ({ key }) => {
  const bytes = await readFile(key);
  return {
    byteLength: bytes.byteLength,
    slice: async (start, end) => new Uint8Array(bytes.subarray(start, end)).buffer,
  };
};

/** Writes Parquet with DuckDB, which shares no code with the reader. */
async function write(select: string, options = ""): Promise<string> {
  const file = join(folder, `${Math.random()}.parquet`);
  await duckdb.run(`copy (${select}) to '${file}' (format parquet, compression gzip${options})`);
  return file;
}

async function readRecords(key: string, columns?: readonly object[], fromLine = 0): Promise<AttributeMap[]> {
  const file = makeParquetExportFile(openFile, async () => JSON.stringify(columns));
  const records: AttributeMap[] = [];
  const place = { bucket: "b", key, columnsKey: columns === undefined ? undefined : "columns.json" };
  for await (const block of file.readBlocks(place, fromLine)) {
    for (const line of block.texts()) records.push(JSON.parse(line).Item);
  }
  return records;
}

const base = (name: string, modifier = -1, arrays = 0) => toSqlType({ name, class: "b", modifier, arrays });
const quote = (text: string) => `'${text.replaceAll("'", "''")}'`;

/**
 * Each row of AWS's table for PostgreSQL: the type, texts as PostgreSQL writes them, and how the export stores them
 * (`undefined`: as a string of the same text).
 *
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ExportSnapshot.data-types.html#USER_ExportSnapshot.data-types.PostgreSQL
 */
const POSTGRESQL = (
  [
    ["BIGINT", base("int8"), ["9223372036854775807", "-9223372036854775808", "0"], "bigint"],
    [
      "DECIMAL",
      base("numeric"),
      ["12345678901234567890123456789012345678901234567890.123", "1.50", "NaN", "-0.001"],
    ],
    [
      "DOUBLE PRECISION",
      base("float8"),
      ["0.1", "1e+22", "NaN", "Infinity", "-Infinity", "5e-324"],
      "double",
    ],
    ["INTEGER", base("int4"), ["2147483647", "-2147483648"], "integer"],
    ["MONEY", base("money"), ["$1,234.50", "-$1.00"]],
    ["REAL", base("float4"), ["0.1", "3.4028235e+38", "NaN", "-1.5"], "float"],
    ["SMALLINT", base("int2"), ["32767", "-32768"], "smallint"],
    ["ARRAY", base("int4", -1, 1), ["{1,2,NULL}", "{}", "{{1,2},{3,4}}"]],
    ["ARRAY of text", base("text", -1, 1), ['{"a,b","c \\"d\\"",NULL,"NULL"}']],
    ["BIT", base("bit", 3), ["101"]],
    ["BIT VARYING", base("varbit"), ["0101"]],
    ["BYTEA", base("bytea"), ["\\x00ff10", "\\x"], "blob"],
    ["CHAR(N)", base("bpchar"), ["ab   "]],
    ["ENUM", toSqlType({ name: "mood", class: "e", modifier: -1, arrays: 0 }), ["happy"]],
    ["NAME", base("name"), ["a_name"]],
    ["TEXT", base("text"), ["it's\u2028 é 🙂", ""]],
    ["TEXT SEARCH", base("tsvector"), ["'a':1 'cat':2"]],
    ["XML", base("xml"), ["<a>1</a>"]],
    ["DATE", base("date"), ["2026-11-25", "infinity", "0044-03-15 BC"]],
    ["INTERVAL", base("interval"), ["P1Y2M3DT4H5M6.7S", "PT0S", "P-1M"]],
    ["TIME", base("time"), ["10:11:12.123456", "10:11:12"]],
    ["TIME WITH TIME ZONE", base("timetz"), ["10:11:12+02"]],
    ["TIMESTAMP", base("timestamp"), ["2026-11-25 10:11:12.1234", "infinity"]],
    [
      "TIMESTAMP WITH TIME ZONE",
      base("timestamptz"),
      ["2026-11-25 10:11:12+00", "2026-11-25 10:11:12.5+05:30"],
    ],
    ["BOX", base("box"), ["(1,1),(0,0)"]],
    ["CIRCLE", base("circle"), ["<(0,0),1>"]],
    ["POINT", base("point"), ["(1.5,-2)"]],
    ["POLYGON", base("polygon"), ["((0,0),(1,1))"]],
    ["JSON", base("json"), ['{"b": 1.10, "a": [12345678901234567890, null]}']],
    ["JSONB", base("jsonb"), ['{"a": {"b": true}}']],
    ["BOOLEAN", base("bool"), ["t", "f"], "boolean"],
    ["CIDR", base("cidr"), ["10.0.0.0/8"]],
    ["COMPOSITE", toSqlType({ name: "pair", class: "c", modifier: -1, arrays: 0 }), ["(1,two)"]],
    ["INET", base("inet"), ["10.0.0.1"]],
    ["MACADDR", base("macaddr"), ["08:00:2b:01:02:03"]],
    ["PG_LSN", base("pg_lsn"), ["0/16B3748"]],
    ["RANGE", base("int4range"), ["[1,5)"]],
    ["RANGE of moments", base("tstzrange"), ['["2026-11-25 10:11:12+00",)']],
    ["UUID", base("uuid"), ["a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"]],
  ] satisfies readonly (readonly [string, SqlType, readonly string[], string?])[]
).map(([what, type, texts, stored]) => ({ what, type, texts, stored }));

function toLiteral(text: string, stored: string | undefined): string {
  if (stored === undefined) return quote(text);
  if (stored === "blob") return `from_hex('${text.slice(2)}')`;
  return `${quote(text)}::${stored}`;
}

describe("Parquet files of a cluster's export", () => {
  it.each(POSTGRESQL)(
    "give the value of a $what that a query and the stream give",
    async ({ type, texts, stored }) => {
      const rows = [...texts.map((text) => toLiteral(text, stored)), "null"].map(
        (literal, place) => `select ${place} as id, ${literal} as v`,
      );
      const columns = [
        { name: "id", type: base("int4"), isKey: true },
        { name: "v", type, isKey: false },
      ];
      const records = await readRecords(await write(rows.join(" union all ")), columns);
      const expected = [...texts, null].map((text, place) => ({
        id: { N: String(place) },
        v: fromText(text, type),
      }));
      expect(records).toEqual(expected);
      expect(records.map(fingerprintRecord)).toEqual(expected.map(fingerprintRecord));
    },
  );

  it("read an interval as a session writes it that asked for no style", async () => {
    const texts = ["1 year 2 mons 3 days 04:05:06.7", "-1 mons", "00:00:00", "1 day -04:05:06"];
    const columns = [{ name: "v", type: base("interval"), isKey: false }];
    const rows = texts.map((text) => `select ${quote(text)} as v`);
    const records = await readRecords(await write(rows.join(" union all ")), columns);
    expect(records.map(({ v }) => v)).toEqual([
      { S: "P1Y2M3DT4H5M6.7S" },
      { S: "P-1M" },
      { S: "PT0S" },
      { S: "P1DT-4H-5M-6S" },
    ]);
  });

  it("are read by their own types where no catalog tells: those of MySQL", async () => {
    const [record] = await readRecords(
      await write(`select 1::bigint as big, 18446744073709551615::decimal(20,0) as unsigned_big,
        12.5::decimal(9,2) as d9, -1234567890.12345678::decimal(18,8) as d18,
        '123456789012345678901234567890.12345678'::decimal(38,8) as d38, '1e400' as long_decimal,
        2.5::double as double, 7::integer as int, from_hex('05') as bit, 'a' as text, '{"a":1}' as json,
        timestamp '2026-11-25 10:11:12.123456' as datetime, '10:11:12' as time, true as boolean`),
    );
    expect(record).toEqual({
      big: { N: "1" },
      unsigned_big: { N: "18446744073709551615" },
      d9: { N: "12.5" },
      d18: { N: "-1234567890.12345678" },
      d38: { N: "123456789012345678901234567890.12345678" },
      long_decimal: { S: "1e400" },
      double: { N: "2.5" },
      int: { N: "7" },
      bit: { B: "BQ==" },
      text: { S: "a" },
      json: { S: '{"a":1}' },
      datetime: { S: "2026-11-25T10:11:12.123456" },
      time: { S: "10:11:12" },
      boolean: { BOOL: true },
    });
  });

  it("go on from any row, across row groups, in the order they were written", async () => {
    const key = await write("select range::integer as id from range(10000)", ", row_group_size 2048");
    for (const from of [0, 1, 2_047, 2_048, 9_999, 10_000, 20_000]) {
      const ids = (await readRecords(key, undefined, from)).map(({ id }) => id);
      const expected = Array.from({ length: Math.max(0, 10_000 - from) }, (_, place) => ({
        N: String(from + place),
      }));
      expect(ids).toEqual(expected);
    }
  });

  it("are refused where a column of the table is left out, or stored in a way that is not known", async () => {
    const columns = [{ name: "oid_column", type: base("oid"), isKey: false }];
    await expect(readRecords(await write("select 1 as id"), columns)).rejects.toThrow(
      /^EXPORT_FAILED: .*oid_column/,
    );
    const key = await write("select date '2026-11-25' as day");
    await expect(readRecords(key)).rejects.toThrow(/^EXPORT_FAILED: .*day: it is stored as DATE/);
  });

  it("leave out a column that only the file has, as the log does with a generated one", async () => {
    const columns = [{ name: "id", type: base("int4"), isKey: true }];
    expect(await readRecords(await write("select 1 as id, 2 as generated"), columns)).toEqual([
      { id: { N: "1" } },
    ]);
  });

  it("are never taken for finished when cut short", async () => {
    const bytes = await readFile(await write("select 1 as id"));
    const cut: OpenBytes = async () => ({
      byteLength: bytes.byteLength - 9,
      slice: async (start, end) => new Uint8Array(bytes.subarray(start, end)).buffer,
    });
    const blocks = makeParquetExportFile(cut, async () => undefined).readBlocks({ bucket: "b", key: "k" }, 0);
    await expect(blocks[Symbol.asyncIterator]().next()).rejects.toThrow(/^EXPORT_FAILED/);
  });
});
