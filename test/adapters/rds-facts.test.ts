import { RDSClient } from "@aws-sdk/client-rds";
import { makeRdsFacts } from "../../adapters/rds-facts.ts";
import { answerWith, documented, type WireAnswer, xmlError } from "../support/wire-answers.ts";

const factsOf = (...answers: readonly WireAnswer[]) => makeRdsFacts(new RDSClient(answerWith(...answers)));

describe("facts of a database", () => {
  it("are a cluster's, its parameter group's that are set, and the exports that run", async () => {
    const facts = await factsOf(
      documented("describe-db-clusters.xml"),
      documented("describe-db-cluster-parameters.xml"),
      documented("describe-export-tasks.xml"),
    ).read("shop", "cluster");
    expect(facts).toEqual({
      database: {
        kind: "known",
        value: {
          identifier: "shop",
          arn: "arn:aws:rds:us-east-1:123456789012:cluster:shop",
          engine: "aurora-postgresql",
          engineVersion: "16.4",
          backupRetentionDays: 7,
          parameterGroup: "shop-logical",
          restartPending: true,
        },
      },
      parameters: {
        kind: "known",
        value: { "rds.logical_replication": "1", "aurora.enhanced_logical_replication": "1" },
      },
      exportTasks: { kind: "known", value: { ofAccount: 2, ofDatabase: 1 } },
    });
  });

  it("are an instance's", async () => {
    const facts = await factsOf(
      documented("describe-db-instances.xml"),
      documented("describe-db-parameters.xml"),
      documented("describe-export-tasks.xml"),
    ).read("ledger", "instance");
    expect(facts).toMatchObject({
      database: { value: { engine: "mysql", backupRetentionDays: 0, parameterGroup: "default.mysql8.0" } },
      parameters: { value: { binlog_format: "MIXED" } },
      exportTasks: { value: { ofAccount: 2, ofDatabase: 0 } },
    });
  });

  it("are none where there is none, and unknown where they may not be read", async () => {
    const gone = await factsOf(
      xmlError("DBClusterNotFoundFault", "DBCluster shop not found", 404),
      xmlError("AccessDenied", "not authorized", 403),
    ).read("shop", "cluster");
    expect(gone).toMatchObject({
      database: { kind: "absent" },
      parameters: { kind: "absent" },
      exportTasks: { kind: "unreadable", permission: "rds:DescribeExportTasks" },
    });
    const instance = await factsOf(
      xmlError("DBInstanceNotFound", "DBInstance ledger not found", 404),
      documented("describe-export-tasks.xml"),
    ).read("ledger", "instance");
    expect(instance.database).toEqual({ kind: "absent" });
  });
});
