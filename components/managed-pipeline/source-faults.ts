import * as pulumi from "@pulumi/pulumi";
import type { TableKey } from "../../core/attribute-value.ts";
import { SyncError } from "../../core/errors.ts";
import type { GenerationMode } from "../../core/mode-rules.ts";
import type { CreateTableArgs } from "../dynamodb-source.ts";
import type { Fault } from "../faults.ts";
import type { DynamoDbSource } from "../table-context.ts";

/** What of a table's arguments is looked at. */
interface TableFacts {
  readonly generations: readonly { readonly mode: GenerationMode }[];
  readonly source:
    | { readonly create?: CreateTableArgs }
    | { readonly dynamodb: unknown }
    | { readonly sql: unknown };
}

const BINARY_KEY = "a managed pipeline cannot name records by a binary key; use mode: custom";

/** What of a table OpenSearch Ingestion cannot serve. @param isDomain - whether the target is an OpenSearch domain of AWS */
export function findTargetFaults({ generations, source }: TableFacts, isDomain: boolean): readonly Fault[] {
  const place = generations.findIndex(({ mode }) => mode === "managed");
  if (place === -1) return [];
  const target: Fault = {
    propertyPath: `generations[${place}].mode`,
    reason: "OpenSearch Ingestion writes to a domain of AWS only; use mode: custom for other targets",
  };
  const key: Fault = { propertyPath: "source.create", reason: BINARY_KEY };
  const isBinary = "create" in source && source.create !== undefined && hasBinary(source.create);
  return [...(isDomain ? [] : [target]), ...(isBinary ? [key] : [])];
}

/**
 * A source whose key a pipeline can name records by; of an existing table that is known when it is looked up.
 *
 * Its ARN throws SyncError `CONFIGURATION_INVALID` when it is not.
 */
export function requireNamedKey(source: DynamoDbSource): DynamoDbSource {
  const tableArn = pulumi.all([source.tableArn, source.key]).apply(([arn, key]) => {
    if (!hasBinary(key)) return arn;
    throw new SyncError("CONFIGURATION_INVALID", "managed mode takes no binary keys", {
      subject: arn,
      fix: "set mode: custom for this table",
      retryable: false,
    });
  });
  return { ...source, tableArn };
}

function hasBinary({ partitionKey, sortKey }: TableKey): boolean {
  return partitionKey.type === "B" || sortKey?.type === "B";
}
