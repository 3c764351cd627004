import type { SourceReading, TableReading } from "../ports/source-facts.ts";
import type { CheckFinding, Judge } from "./check-finding.ts";
import { type DeclaredTable, hasMode } from "./declared-stack.ts";
import { type FactRules, judgeFact } from "./fact.ts";

const BOTH_IMAGES = "NEW_AND_OLD_IMAGES";
/** Which views a mode can be fed with. @see https://docs.aws.amazon.com/opensearch-service/latest/developerguide/configure-client-ddb.html prerequisites */
const VIEWS = { custom: [BOTH_IMAGES], managed: ["NEW_IMAGE", BOTH_IMAGES] } as const;

/**
 * What an existing table must have before anything is built on it.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/S3DataExport.HowItWorks.html
 */
export function checkTable(declared: DeclaredTable, reading: SourceReading): readonly CheckFinding[] {
  if (declared.source.kind !== "existing") return [];
  const subject = `tables.${declared.table}.source.dynamodb`;
  const { tableName, keyArn } = declared.source;
  const exists = judgeFact("table-exists", subject, reading.table, existence(tableName));
  if (reading.table.kind === "absent") return [exists];
  return [
    exists,
    checkRecovery(subject, tableName, reading),
    judgeFact("table-stream", subject, reading.table, streamRules(declared)),
    judgeFact("table-encryption", `tables.${declared.table}.source.keyArn`, reading.table, {
      ...unreached,
      known: (table, judge) => judgeEncryption(table, keyArn, judge),
    }),
  ];
}

/** Of rules whose subject is gone: its existence has been judged. */
const unreached: Pick<FactRules<unknown>, "absent"> = {
  absent: (judge) => judge.unknown("the table is not there", "correct the table's name"),
};

function existence(name: string): FactRules<TableReading> {
  return {
    known: ({ status, tableName }, judge) =>
      status === "ACTIVE" || status === "UPDATING"
        ? judge.passed(`${tableName} is ${status}`)
        : judge.failed(`${tableName} is ${status}`, "wait until it is ACTIVE, then check again"),
    absent: (judge) =>
      judge.failed(`there is no table ${name} in this account and region`, "correct its name or the region"),
  };
}

function checkRecovery(subject: string, name: string, { recovery }: SourceReading): CheckFinding {
  return judgeFact("table-recovery", subject, recovery, {
    ...unreached,
    known: (on, judge) =>
      on
        ? judge.passed("point-in-time recovery is on")
        : judge.failed("point-in-time recovery is off, and exports need it", switchRecoveryOn(name)),
  });
}

function switchRecoveryOn(name: string): string {
  return `aws dynamodb update-continuous-backups --table-name ${name} --point-in-time-recovery-specification PointInTimeRecoveryEnabled=true`;
}

function streamRules(declared: DeclaredTable): FactRules<TableReading> {
  const views: readonly string[] = VIEWS[hasMode(declared, "custom") ? "custom" : "managed"];
  return {
    ...unreached,
    known: ({ stream, tableName }, judge) => {
      if (stream === undefined) return judge.failed("the table has no stream", switchStreamOn(tableName));
      if (views.includes(stream.view)) return judge.passed(`its stream has ${stream.view}`);
      const found = `its stream has ${stream.view}, and ${views.join(" or ")} is needed`;
      return judge.failed(found, replaceStream(tableName));
    },
  };
}

function switchStreamOn(name: string): string {
  return `aws dynamodb update-table --table-name ${name} --stream-specification StreamEnabled=true,StreamViewType=${BOTH_IMAGES}`;
}

/** A view cannot be changed in place. @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_StreamSpecification.html */
function replaceStream(name: string): string {
  const off = `aws dynamodb update-table --table-name ${name} --stream-specification StreamEnabled=false`;
  const settled = `aws dynamodb wait table-exists --table-name ${name}`;
  return `${off} && ${settled} && ${switchStreamOn(name)} # point whoever reads the stream now to the new one`;
}

/** @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_SSEDescription.html */
function judgeEncryption(
  { encryption, tableName }: TableReading,
  declared: string | undefined,
  judge: Judge,
): CheckFinding {
  if (encryption.kind === "owned") {
    if (declared === undefined) return judge.passed("encrypted with a key of AWS");
    return judge.failed(`${tableName} is encrypted with a key of AWS, not with ${declared}`, "remove keyArn");
  }
  const { keyArn, inaccessible } = encryption;
  if (inaccessible) {
    return judge.failed(`DynamoDB cannot use the key ${keyArn}`, "enable the key and let DynamoDB use it");
  }
  if (declared === keyArn) return judge.passed(`encrypted with ${keyArn}, as declared`);
  if (declared === undefined || declared.includes(":alias/")) return judgeUndeclared(keyArn, declared, judge);
  return judge.failed(
    `${tableName} is encrypted with ${keyArn}, not with ${declared}`,
    `set keyArn: ${keyArn}`,
  );
}

function judgeUndeclared(keyArn: string, alias: string | undefined, judge: Judge): CheckFinding {
  const found = alias === undefined ? "and no key is declared" : `and whether ${alias} means it is not known`;
  return judge.warned(
    `encrypted with ${keyArn}, ${found}`,
    `if \`aws kms describe-key --key-id ${keyArn}\` says KeyManager CUSTOMER, set keyArn to it; else leave it`,
  );
}
