import type * as aws from "@pulumi/aws";
import type { KeyAttribute, TableKey } from "../core/attribute-value.ts";
import { SyncError } from "../core/errors.ts";

/** What is needed of a table that exists. */
export interface ExistingTable {
  readonly tableName: string;
  readonly tableArn: string;
  readonly streamArn: string;
  readonly key: TableKey;
}

/** A look-up's answer; the provider leaves out what a table does not have. */
type Found = Pick<aws.dynamodb.GetTableResult, "name" | "arn" | "hashKey" | "attributes"> &
  Partial<
    Pick<aws.dynamodb.GetTableResult, "streamArn" | "streamViewType" | "pointInTimeRecovery" | "rangeKey">
  >;

/**
 * Reads a table that was looked up, and refuses one that cannot be a source: a mapping on a table without a stream, or
 * a build of one without point-in-time recovery, would fail half-way through a deployment.
 *
 * @throws SyncError `PREREQUISITE_MISSING` with the command that switches it on (not retryable)
 */
export function readExistingTable(found: Found): ExistingTable {
  const { name, arn, streamArn, streamViewType, pointInTimeRecovery } = found;
  if (!streamArn || (streamViewType ?? BOTH_IMAGES) !== BOTH_IMAGES) {
    throw missing(`a stream with new and old images`, name, switchStreamOn(name));
  }
  if (pointInTimeRecovery?.enabled === false) {
    throw missing("point-in-time recovery", name, switchRecoveryOn(name));
  }
  return { tableName: name, tableArn: arn, streamArn, key: readKey(found) };
}

const BOTH_IMAGES = "NEW_AND_OLD_IMAGES";

function switchStreamOn(name: string): string {
  return `aws dynamodb update-table --table-name ${name} --stream-specification StreamEnabled=true,StreamViewType=${BOTH_IMAGES}`;
}

function switchRecoveryOn(name: string): string {
  return `aws dynamodb update-continuous-backups --table-name ${name} --point-in-time-recovery-specification PointInTimeRecoveryEnabled=true`;
}

function readKey({ name, hashKey, rangeKey, attributes }: Found): TableKey {
  const attribute = (wanted: string): KeyAttribute => {
    const type = attributes.find((known) => known.name === wanted)?.type;
    if (type === "S" || type === "N" || type === "B") return { name: wanted, type };
    throw missing(`a definition of its key attribute ${wanted}`, name, "look the table up again");
  };
  const partitionKey = attribute(hashKey);
  return rangeKey ? { partitionKey, sortKey: attribute(rangeKey) } : { partitionKey };
}

function missing(what: string, table: string, fix: string): SyncError {
  return new SyncError("PREREQUISITE_MISSING", `the table is without ${what}`, {
    subject: `dynamodb table ${table}`,
    fix,
    retryable: false,
  });
}
