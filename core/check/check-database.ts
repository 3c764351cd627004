import type { DatabaseEngine, DatabaseReading, DatabaseSourceReading } from "../ports/database-facts.ts";
import { checkEngine, toEngine } from "./check-database-engine.ts";
import { type CheckFinding, type Judge, judgeAs } from "./check-finding.ts";
import { brokenRules, type ParameterRule } from "./database-parameters.ts";
import { judgeFact, knownValue } from "./fact.ts";

/** @see https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/CHAP_Limits.html concurrent exports */
const MOST_EXPORTS_OF_ACCOUNT = 5;

/**
 * What a database must be, to be exported and followed.
 *
 * @param subject - its path in the configuration
 */
export function checkDatabase(subject: string, reading: DatabaseSourceReading): readonly CheckFinding[] {
  const exists = judgeFact("database-exists", subject, reading.database, {
    known: ({ engine, engineVersion }, judge) => judge.passed(`it runs ${engine} ${engineVersion}`),
    absent: (judge) => judge.failed("there is no such database", "correct its identifier or the region"),
  });
  const database = knownValue(reading.database);
  if (database === undefined) return [exists];
  const engine = toEngine(database.engine);
  if (engine === undefined) return [exists, checkEngine(subject, database)];
  return [
    exists,
    checkEngine(subject, database),
    checkParameters(subject, engine, database, reading),
    checkBackups(subject, database),
    checkExportTasks(subject, reading),
  ];
}

function checkParameters(
  subject: string,
  engine: DatabaseEngine,
  database: DatabaseReading,
  { parameters }: DatabaseSourceReading,
): CheckFinding {
  return judgeFact("database-parameters", subject, parameters, {
    known: (values, judge) => judgeParameters(engine, database, values, judge),
    absent: (judge) =>
      judge.failed(`there is no parameter group ${database.parameterGroup}`, "give the database one"),
  });
}

function judgeParameters(
  engine: DatabaseEngine,
  { identifier, parameterGroup, restartPending }: DatabaseReading,
  values: Readonly<Record<string, string>>,
  judge: Judge,
): CheckFinding {
  const broken = brokenRules(engine, values);
  if (broken.length === 0) {
    if (!restartPending) return judge.passed(`parameter group ${parameterGroup} is as it must be`);
    return judge.failed(
      `parameter group ${parameterGroup} is as it must be, but not in use yet`,
      `restart the database: aws rds reboot-db-instance --db-instance-identifier <instance of ${identifier}>`,
    );
  }
  const found = broken.map((rule) => describe(rule, values)).join(", ");
  return judge.failed(
    `parameter group ${parameterGroup}: ${found}`,
    toCommand(engine, parameterGroup, broken),
  );
}

function describe(rule: ParameterRule, values: Readonly<Record<string, string>>): string {
  const value = values[rule.name] ?? "not set";
  return "value" in rule
    ? `${rule.name} is ${value}, must be ${rule.value}`
    : `${rule.name} must not be ${value}`;
}

/** @see https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_ModifyDBClusterParameterGroup.html */
function toCommand(engine: DatabaseEngine, group: string, broken: readonly ParameterRule[]): string {
  const kind = engine.startsWith("aurora-") ? "db-cluster-parameter-group" : "db-parameter-group";
  if (group.startsWith("default.")) {
    return `a default group cannot be changed: make one with \`aws rds create-${kind}\`, set the values, and give it to the database`;
  }
  const parameters = broken.map((rule) => {
    const value = "value" in rule ? rule.value : OPPOSITES[rule.not];
    return `ParameterName=${rule.name},ParameterValue=${value},ApplyMethod=pending-reboot`;
  });
  return `aws rds modify-${kind} --${kind}-name ${group} --parameters ${parameters.map((text) => `"${text}"`).join(" ")} # then restart the database`;
}

const OPPOSITES: Readonly<Record<string, string>> = { ON: "OFF", PARTIAL_JSON: "''" };

/** Exports are made of snapshots. @see https://docs.aws.amazon.com/opensearch-service/latest/developerguide/rds-mysql.html prerequisites */
function checkBackups(
  subject: string,
  { engine, identifier, backupRetentionDays }: DatabaseReading,
): CheckFinding {
  const judge = judgeAs("database-backups", subject);
  if (backupRetentionDays > 0)
    return judge.passed(`automated backups are kept ${backupRetentionDays} day(s)`);
  const form = engine.startsWith("aurora-") ? "cluster" : "instance";
  return judge.failed(
    "automated backups are off, and with them the binary log",
    `aws rds modify-db-${form} --db-${form}-identifier ${identifier} --backup-retention-period 1 --apply-immediately`,
  );
}

function checkExportTasks(subject: string, { exportTasks }: DatabaseSourceReading): CheckFinding {
  return judgeFact("database-export-tasks", subject, exportTasks, {
    known: ({ ofAccount, ofDatabase }, judge) => {
      const found = `${ofDatabase} export(s) of it and ${ofAccount} of the account run`;
      if (ofDatabase === 0 && ofAccount < MOST_EXPORTS_OF_ACCOUNT) return judge.passed(found);
      return judge.warned(
        `${found}; one a database and ${MOST_EXPORTS_OF_ACCOUNT} an account may`,
        "wait for them, see `aws rds describe-export-tasks`, or the first build waits",
      );
    },
    absent: (judge) => judge.passed("no export runs"),
  });
}
