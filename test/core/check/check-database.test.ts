import { checkDatabase } from "../../../core/check/check-database.ts";
import { parameterRules } from "../../../core/check/database-parameters.ts";
import type { DatabaseReading, DatabaseSourceReading } from "../../../core/ports/database-facts.ts";

const WHOLE: Readonly<Record<string, string>> = Object.fromEntries(
  Object.values(parameterRules)
    .flat()
    .flatMap((rule) => ("value" in rule ? [[rule.name, rule.value]] : [])),
);

function readingOf(
  database: Partial<DatabaseReading> = {},
  rest: Partial<DatabaseSourceReading> = {},
): DatabaseSourceReading {
  return {
    database: {
      kind: "known",
      value: {
        identifier: "shop",
        arn: "arn:aws:rds:us-east-1:123456789012:cluster:shop",
        engine: "aurora-postgresql",
        engineVersion: "16.4",
        backupRetentionDays: 7,
        parameterGroup: "shop-logical",
        restartPending: false,
        ...database,
      },
    },
    parameters: { kind: "known", value: WHOLE },
    exportTasks: { kind: "known", value: { ofAccount: 0, ofDatabase: 0 } },
    ...rest,
  };
}

const find = (check: string, reading: DatabaseSourceReading) =>
  checkDatabase("sources.shop", reading).find((finding) => finding.check === check);
const withParameters = (value: Readonly<Record<string, string>>, database: Partial<DatabaseReading> = {}) =>
  readingOf(database, { parameters: { kind: "known", value } });

describe("a database", () => {
  it.each([
    ["aurora-postgresql", "16.4"],
    ["aurora-mysql", "8.0.mysql_aurora.3.08.0"],
    ["postgres", "17.2"],
    ["mysql", "8.0.40"],
  ])("of %s %s passes as it must be", (engine, engineVersion) => {
    const findings = checkDatabase("sources.shop", readingOf({ engine, engineVersion }));
    expect(findings.map(({ state }) => state)).toEqual(["passed", "passed", "passed", "passed", "passed"]);
  });

  it.each([
    ["aurora-postgresql", "16.3", "failed"],
    ["aurora-postgresql", "15.10", "failed"],
    ["aurora-postgresql", "17.4", "passed"],
    ["aurora-mysql", "5.7.mysql_aurora.2.11.2", "failed"],
    ["mysql", "unknown", "unknown"],
    ["oracle-ee", "19.0", "failed"],
  ])("of %s %s has %s", (engine, engineVersion, state) => {
    expect(find("database-engine", readingOf({ engine, engineVersion }))?.state).toBe(state);
  });

  it("that is not there fails alone", () => {
    const findings = checkDatabase("sources.shop", readingOf({}, { database: { kind: "absent" } }));
    expect(findings).toMatchObject([{ check: "database-exists", state: "failed", subject: "sources.shop" }]);
  });

  it("fails by each parameter that is not as it must be, with the command that sets them", () => {
    const found = find("database-parameters", withParameters({ ...WHOLE, "rds.logical_replication": "0" }));
    expect(found).toMatchObject({
      state: "failed",
      detail: "parameter group shop-logical: rds.logical_replication is 0, must be 1",
      fix: 'aws rds modify-db-cluster-parameter-group --db-cluster-parameter-group-name shop-logical --parameters "ParameterName=rds.logical_replication,ParameterValue=1,ApplyMethod=pending-reboot" # then restart the database',
    });
    expect(find("database-parameters", withParameters({}))?.detail).toContain("is not set, must be 1");
  });

  it("takes a parameter that is written otherwise for what it is", () => {
    const mysql = { engine: "mysql", engineVersion: "8.0.40" };
    const other = {
      ...WHOLE,
      binlog_format: "row",
      binlog_row_image: "FULL",
      binlog_transaction_compression: "OFF",
    };
    expect(find("database-parameters", withParameters(other, mysql))?.state).toBe("passed");
    const on = { ...other, binlog_transaction_compression: "1", binlog_row_value_options: "PARTIAL_JSON" };
    expect(find("database-parameters", withParameters(on, mysql))).toMatchObject({
      state: "failed",
      fix: expect.stringMatching(
        /modify-db-parameter-group .*compression,ParameterValue=OFF.*options,ParameterValue=''/,
      ),
    });
  });

  it("of a default group needs one of its own", () => {
    const found = find(
      "database-parameters",
      withParameters({}, { parameterGroup: "default.aurora-postgresql16" }),
    );
    expect(found?.fix).toContain("aws rds create-db-cluster-parameter-group");
  });

  it("that waits for a restart has not taken its parameters", () => {
    expect(find("database-parameters", readingOf({ restartPending: true }))).toMatchObject({
      state: "failed",
      fix: expect.stringContaining("reboot-db-instance"),
    });
    expect(find("database-parameters", readingOf({}, { parameters: { kind: "absent" } }))?.state).toBe(
      "failed",
    );
  });

  it("must be backed up", () => {
    expect(find("database-backups", readingOf({ backupRetentionDays: 0 }))?.fix).toContain(
      "modify-db-cluster --",
    );
    const instance = { engine: "mysql", engineVersion: "8.0.40", backupRetentionDays: 0 };
    expect(find("database-backups", readingOf(instance))).toMatchObject({
      state: "failed",
      fix: expect.stringContaining("modify-db-instance --db-instance-identifier shop"),
    });
  });

  it.each([
    [0, 4, "passed"],
    [1, 1, "warned"],
    [0, 5, "warned"],
  ])("with %i exports of its own and %i of the account has %s", (ofDatabase, ofAccount, state) => {
    const reading = readingOf({}, { exportTasks: { kind: "known", value: { ofDatabase, ofAccount } } });
    expect(find("database-export-tasks", reading)?.state).toBe(state);
  });

  it("of which no export is known has none", () => {
    expect(find("database-export-tasks", readingOf({}, { exportTasks: { kind: "absent" } }))?.state).toBe(
      "passed",
    );
  });
});
