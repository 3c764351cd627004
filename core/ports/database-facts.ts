import type { Fact } from "../check/fact.ts";

/** Engines that OpenSearch Ingestion reads. */
export type DatabaseEngine = "aurora-postgresql" | "aurora-mysql" | "postgres" | "mysql";

/** An Aurora cluster, or a database instance of RDS. */
export interface DatabaseReading {
  readonly identifier: string;
  readonly arn: string;
  /** As RDS names it; one we know is a {@link DatabaseEngine}. */
  readonly engine: string;
  /** `16.4`, `8.0.mysql_aurora.3.08.0`. */
  readonly engineVersion: string;
  readonly backupRetentionDays: number;
  /** The parameter group in use. */
  readonly parameterGroup: string;
  /** Whether it waits for a restart to take its parameters. */
  readonly restartPending: boolean;
}

/** Exports of snapshots or clusters that run. */
export interface ExportTasks {
  readonly ofAccount: number;
  readonly ofDatabase: number;
}

/** All that is read of one database; each part may be denied by itself. */
export interface DatabaseSourceReading {
  readonly database: Fact<DatabaseReading>;
  /** Values by name; a parameter that is not set is not there. */
  readonly parameters: Fact<Readonly<Record<string, string>>>;
  readonly exportTasks: Fact<ExportTasks>;
}

export interface DatabaseFacts {
  /**
   * Reads an Aurora cluster, or an instance. Nothing is thrown: what cannot be read is said.
   *
   * @param form - what the identifier names
   */
  read(identifier: string, form: "cluster" | "instance"): Promise<DatabaseSourceReading>;
}
