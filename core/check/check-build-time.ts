import type { SourceReading } from "../ports/source-facts.ts";
import { type CheckFinding, type Judge, judgeAs } from "./check-finding.ts";
import type { DeclaredGeneration, DeclaredTable } from "./declared-stack.ts";
import { loadMinutes, type TableSize } from "./estimate-duration.ts";
import { knownValue } from "./fact.ts";

/** @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Streams.html data retention */
const RETENTION_MINUTES = 24 * 60;
/** Beyond half of it an estimate this rough is no reassurance. */
const SAFE_MINUTES = RETENTION_MINUTES / 2;

/**
 * Whether a pipeline loads its export before the stream forgets what happened meanwhile: it reads the stream only then.
 * In custom mode the consumer reads from the beginning, so that a load may take days.
 */
export function checkBuildTime(declared: DeclaredTable, { table }: SourceReading): readonly CheckFinding[] {
  const size = toSize(knownValue(table));
  if (size === undefined || declared.source.kind === "created") return [];
  return declared.generations
    .filter(({ mode }) => mode === "managed")
    .map((generation) => judgeLoad(declared, generation, size, judgeAs("table-build-time", generation.path)));
}

/** @returns undefined where the table's size is not known */
export function toSize(
  reading: { readonly sizeBytes: number; readonly itemCount: number } | undefined,
): TableSize | undefined {
  return reading === undefined ? undefined : { bytes: reading.sizeBytes, records: reading.itemCount };
}

function judgeLoad(
  declared: DeclaredTable,
  generation: DeclaredGeneration,
  size: TableSize,
  judge: Judge,
): CheckFinding {
  const minutes = loadMinutes(generation, declared, size);
  const gibibytes = (size.bytes / 1024 ** 3).toFixed(1);
  const found = `export and load of ${gibibytes} GiB take about ${describeMinutes(minutes)}; the stream keeps 24 h`;
  if (minutes > RETENTION_MINUTES) {
    return judge.failed(found, "raise pipeline.maximumUnits, or set mode: custom, whose load may take days");
  }
  if (minutes > SAFE_MINUTES) {
    return judge.warned(
      `${found}, and the estimate is rough`,
      "raise pipeline.maximumUnits, or watch the load",
    );
  }
  return judge.passed(found);
}

const MINUTES_AN_HOUR = 60;
const MINUTES_A_DAY = 24 * MINUTES_AN_HOUR;

/** A duration for a person: `12 min`, `3.5 h`, `2.1 d`. */
export function describeMinutes(minutes: number): string {
  if (minutes < 2 * MINUTES_AN_HOUR) return `${Math.ceil(minutes)} min`;
  if (minutes < 2 * MINUTES_A_DAY) return `${(minutes / MINUTES_AN_HOUR).toFixed(1)} h`;
  return `${(minutes / MINUTES_A_DAY).toFixed(1)} d`;
}
