import type { DatabaseEngine, DatabaseReading } from "../ports/database-facts.ts";
import { type CheckFinding, judgeAs } from "./check-finding.ts";

const ENGINES: readonly DatabaseEngine[] = ["aurora-postgresql", "aurora-mysql", "postgres", "mysql"];

/**
 * The oldest version a pipeline reads; undefined where AWS names none that we found.
 *
 * @see https://docs.aws.amazon.com/opensearch-service/latest/developerguide/configure-client-aurora.html
 */
const OLDEST: Readonly<Record<DatabaseEngine, readonly [number, number] | undefined>> = {
  "aurora-postgresql": [16, 4],
  "aurora-mysql": [3, 0],
  postgres: undefined,
  mysql: undefined,
};

/** @returns undefined for an engine that no pipeline reads */
export function toEngine(engine: string): DatabaseEngine | undefined {
  return ENGINES.find((known) => known === engine);
}

/** Whether a pipeline reads a database of this engine and version. */
export function checkEngine(subject: string, { engine, engineVersion }: DatabaseReading): CheckFinding {
  const judge = judgeAs("database-engine", subject);
  const known = toEngine(engine);
  if (known === undefined) {
    return judge.failed(`no pipeline reads ${engine}`, `name a database of ${ENGINES.join(", ")}`);
  }
  const oldest = OLDEST[known];
  const version = toVersion(engineVersion);
  if (version === undefined) {
    return judge.unknown(`a version not known here: ${engineVersion}`, "see that the pipeline reads it");
  }
  if (oldest === undefined || isNewEnough(version, oldest)) {
    return judge.passed(`${engine} ${engineVersion} is supported`);
  }
  return judge.failed(`${engine} ${engineVersion} is older than ${oldest.join(".")}`, "upgrade the database");
}

/** Aurora MySQL writes its own version behind MySQL's: `8.0.mysql_aurora.3.08.0`. */
function toVersion(text: string): readonly [number, number] | undefined {
  const numbers = /^(\d+)\.(\d+)/.exec(text.replace(/^.*mysql_aurora\./, ""));
  return numbers === null ? undefined : [Number(numbers[1]), Number(numbers[2])];
}

function isNewEnough([major, minor]: readonly [number, number], oldest: readonly [number, number]): boolean {
  return major > oldest[0] || (major === oldest[0] && minor >= oldest[1]);
}
