import type { SourceReading, StreamReader } from "../ports/source-facts.ts";
import { type CheckFinding, type Judge, judgeAs } from "./check-finding.ts";
import type { DeclaredTable } from "./declared-stack.ts";
import { type Fact, judgeFact, knownValue } from "./fact.ts";

/**
 * Processes that may read a shard at once; of a global table, whose replication reads too, one is recommended.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Streams.html reading and processing a stream
 */
const MOST_READERS = 2;
const MOST_READERS_OF_GLOBAL = 1;
/** @see https://github.com/opensearch-project/data-prepper `dynamodb-source/…/StreamScheduler.java` MAX_JOB_COUNT */
const SHARDS_A_UNIT = 150;

/**
 * Whether a table's stream bears its readers: those there are, and one for each generation declared.
 *
 * @param ours - functions of this stack, which are counted as generations
 */
export function checkStreamReaders(
  declared: DeclaredTable,
  reading: SourceReading,
  readers: Fact<readonly StreamReader[]>,
  ours: ReadonlySet<string>,
): readonly CheckFinding[] {
  const table = knownValue(reading.table);
  if (declared.source.kind === "created" || table?.stream === undefined) return [];
  const { stream, replicaRegions } = table;
  const judgeOthers = (found: readonly StreamReader[], judge: Judge) =>
    judgeReaders(declared, { streamArn: stream.arn, replicaRegions }, found, judge);
  return [
    judgeFact("table-stream-readers", `tables.${declared.table}.generations`, readers, {
      known: (found, judge) =>
        judgeOthers(
          found.filter(({ functionArn }) => !isOurs(functionArn, ours)),
          judge,
        ),
      absent: (judge) => judgeOthers([], judge),
    }),
  ];
}

/** A mapping names a function with or without a version or alias behind it. */
function isOurs(functionArn: string, ours: ReadonlySet<string>): boolean {
  return ours.has(functionArn) || ours.has(functionArn.split(":").slice(0, 7).join(":"));
}

function judgeReaders(
  { generations }: DeclaredTable,
  { replicaRegions, streamArn }: { readonly replicaRegions: readonly string[]; readonly streamArn: string },
  others: readonly StreamReader[],
  judge: Judge,
): CheckFinding {
  const count = others.length + generations.length;
  const names = others.map(({ functionArn }) => functionArn.replace(/^.*:function:/, ""));
  const found = `${count} reader(s): ${[...generations.map(({ generation }) => generation), ...names].join(", ")}`;
  if (count > MOST_READERS) {
    return judge.failed(`${found}; a shard bears ${MOST_READERS}`, toRelief(others, streamArn));
  }
  if (replicaRegions.length > 0 && count > MOST_READERS_OF_GLOBAL) {
    const global = `the table is replicated to ${replicaRegions.join(", ")}, and AWS recommends one reader beside that`;
    return judge.warned(
      `${found}; ${global}`,
      "watch ReadProvisionedThroughputExceeded of the stream, and keep two generations only while one is built",
    );
  }
  return judge.passed(found);
}

function toRelief(others: readonly StreamReader[], streamArn: string): string {
  const [first] = others;
  if (first === undefined) return "declare one generation, deploy, then add the next";
  return `let one go: \`aws lambda delete-event-source-mapping --uuid ${first.id}\` (see \`aws lambda list-event-source-mappings --event-source-arn ${streamArn}\`), or put one function behind another`;
}

/** Whether managed generations have the units to read every shard of the stream. */
export function checkShards(declared: DeclaredTable, { openShards }: SourceReading): readonly CheckFinding[] {
  return declared.generations.flatMap(({ path, pipeline }) => {
    if (pipeline === undefined || declared.source.kind === "created") return [];
    return [
      judgeFact("table-shards", `${path}.pipeline`, openShards, {
        known: (shards, judge) => judgeShards(shards, pipeline, judge),
        absent: (judge) =>
          judge.unknown("the stream is not there yet", "switch the stream on, then check again"),
      }),
    ];
  });
}

/** @see https://docs.opensearch.org/latest/data-prepper/pipelines/configuration/sources/dynamo-db/ */
function judgeShards(
  shards: number,
  { minimumUnits, maximumUnits }: { readonly minimumUnits: number; readonly maximumUnits: number },
  judge: Judge,
): CheckFinding {
  const units = Math.max(1, Math.ceil(shards / SHARDS_A_UNIT));
  const found = `${shards} open shards need ${units} unit(s) of ${SHARDS_A_UNIT}`;
  if (units > maximumUnits) {
    return judge.failed(
      `${found}; it grows to ${maximumUnits}`,
      `set maximumUnits: ${units}, or mode: custom`,
    );
  }
  if (units > minimumUnits) {
    return judge.warned(
      `${found}; it begins with ${minimumUnits}, and grows by load, not by shards`,
      `set minimumUnits: ${units}`,
    );
  }
  return judge.passed(found);
}

/** A pipeline names records by their key as text, which a binary one has not. */
export function checkKeys(declared: DeclaredTable, { table }: SourceReading): readonly CheckFinding[] {
  const managed = declared.generations.find(({ mode }) => mode === "managed");
  const key = declared.source.kind === "created" ? declared.source.key : knownValue(table)?.key;
  if (managed === undefined || key === undefined) return [];
  const judge = judgeAs("table-keys", `${managed.path}.mode`);
  const binary = key.filter(({ type }) => type === "B").map(({ name }) => name);
  if (binary.length > 0) return [judge.failed(`key ${binary.join(", ")} is binary`, "set mode: custom")];
  return [judge.passed(`key ${key.map(({ name, type }) => `${name} (${type})`).join(", ")}`)];
}
