import { SyncError } from "../../core/errors.ts";
import { writeTableKey } from "../../core/table-key-text.ts";
import type { JsonObject } from "./json.ts";
import { writeToken } from "./tokens.ts";

/** An existing DynamoDB table, in the words of `aws.dynamodb.getTable`. */
export interface FoundTable {
  readonly arn: string;
  readonly streamArn: string;
  readonly hashKey: string;
  /** Empty without a sort key. */
  readonly rangeKey: string;
  readonly attributes: readonly { readonly name: string; readonly type: string }[];
}

/** Tells of an existing table. @throws SyncError `TABLE_UNKNOWN` */
export type FindTable = (tableName: string) => Promise<FoundTable>;

/** What the program looks up, and what it is answered before index-lifecycle has run. */
export interface Lookups {
  readonly findTable: FindTable;
  /** The key of an SQL table, as index-lifecycle answers it. @default assumed: `id`, a number */
  readonly findKey?: FindKey;
  /** Told what was assumed. */
  readonly assume?: (assumption: string) => void;
}

/** @param tableName - `schema.table`, in a database. @returns as `writeTableKey` writes it */
export type FindKey = (tableName: string, database: string) => Promise<string>;

/**
 * Answers what the program looks up while it runs.
 *
 * @param token - Pulumi's name of the look-up
 * @throws SyncError `SYNTH_UNSUPPORTED` for one that is not known here
 */
export async function answerLookup(
  token: string,
  inputs: JsonObject,
  { findTable, assume = () => {} }: Lookups,
): Promise<JsonObject> {
  switch (token) {
    case "aws:index/getRegion:getRegion":
      return { region: writeToken({ of: "AWS::Region" }) };
    case "aws:index/getCallerIdentity:getCallerIdentity":
      return { accountId: writeToken({ of: "AWS::AccountId" }) };
    case "aws:index/getPartition:getPartition":
      return { partition: writeToken({ of: "AWS::Partition" }) };
    case "aws:dynamodb/getTable:getTable": {
      const name = String(inputs["name"]);
      const { attributes, ...found } = await findTable(name);
      return { name, ...found, attributes: attributes.map((attribute) => ({ ...attribute })) };
    }
    case "aws:rds/getCluster:getCluster": {
      const clusterIdentifier = String(inputs["clusterIdentifier"]);
      const endpoint = `${clusterIdentifier}.cluster-${ASSUMED_NAME}`;
      assume(`Aurora cluster ${clusterIdentifier}: PostgreSQL at ${endpoint}, port 5432`);
      return { clusterIdentifier, engine: "aurora-postgresql", endpoint, port: 5432 };
    }
    case "aws:rds/getInstance:getInstance": {
      const dbInstanceIdentifier = String(inputs["dbInstanceIdentifier"]);
      const address = `${dbInstanceIdentifier}.${ASSUMED_NAME}`;
      assume(`RDS instance ${dbInstanceIdentifier}: PostgreSQL at ${address}, port 5432`);
      return { dbInstanceIdentifier, engine: "postgres", address, port: 5432 };
    }
    case "aws:msk/getBootstrapBrokers:getBootstrapBrokers":
      assume(`a cluster of MSK that is made: brokers at b-1.${ASSUMED_NAME}:9098`);
      return { bootstrapBrokersSaslIam: `b-1.${ASSUMED_NAME}:9098` };
  }
  throw new SyncError("SYNTH_UNSUPPORTED", "the program looks something up that is not known here", {
    subject: token,
    fix: "add the look-up to local/synth/lookups.ts",
    retryable: false,
  });
}

/**
 * Stands in for looking a table up where there is no AWS: a string key `id`, and a stream of an assumed name.
 *
 * @param assume - told what was assumed
 */
export function assumeTables(assume: (assumption: string) => void): FindTable {
  return async (tableName) => {
    assume(`table ${tableName}: partition key id (S), no sort key, a stream named ${ASSUMED_STREAM}`);
    const [region, account, partition] = ["AWS::Region", "AWS::AccountId", "AWS::Partition"].map((of) =>
      writeToken({ of }),
    );
    const arn = `arn:${partition}:dynamodb:${region}:${account}:table/${tableName}`;
    return {
      arn,
      streamArn: `${arn}/stream/${ASSUMED_STREAM}`,
      hashKey: "id",
      rangeKey: "",
      attributes: [{ name: "id", type: "S" }],
    };
  };
}

/** Ends the names of servers that AWS gives. */
const ASSUMED_NAME = "assumed.invalid";
const ASSUMED_STREAM = "2026-01-01T00:00:00.000";

/** The key that an SQL table is assumed to have where no database is asked. */
export function assumeKey(assume: (assumption: string) => void): FindKey {
  return async (tableName) => {
    assume(`table ${tableName}: primary key id (N)`);
    return writeTableKey([{ name: "id", type: "N" }]);
  };
}
