import { SyncError } from "../../core/errors.ts";
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

/**
 * Answers what the program looks up while it runs.
 *
 * @param token - Pulumi's name of the look-up
 * @throws SyncError `SYNTH_UNSUPPORTED` for one that is not known here
 */
export async function answerLookup(
  token: string,
  inputs: JsonObject,
  findTable: FindTable,
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

const ASSUMED_STREAM = "2026-01-01T00:00:00.000";
