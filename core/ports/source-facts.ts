import type { KeyAttribute } from "../attribute-value.ts";
import type { Fact } from "../check/fact.ts";

/** An existing DynamoDB table. */
export interface TableReading {
  readonly tableName: string;
  readonly tableArn: string;
  /** `ACTIVE` where nothing is under way. */
  readonly status: string;
  /** Updated by AWS about every six hours. */
  readonly sizeBytes: number;
  /** As old as the size. */
  readonly itemCount: number;
  readonly key: readonly KeyAttribute[];
  /** Undefined without a stream that is switched on. */
  readonly stream: { readonly arn: string; readonly view: string } | undefined;
  /** Regions a global table is replicated to, this one not among them. */
  readonly replicaRegions: readonly string[];
  readonly encryption: TableEncryption;
}

/** What a table is encrypted with. */
export type TableEncryption =
  /** A key AWS owns; nobody has to allow anything. */
  | { readonly kind: "owned" }
  /** A key in KMS: DynamoDB's own of the account, or one of yours; a table does not say which. */
  | { readonly kind: "kms"; readonly keyArn: string; readonly inaccessible: boolean };

/** All that is read of one table; each part may be denied by itself. */
export interface SourceReading {
  readonly table: Fact<TableReading>;
  /** Whether point-in-time recovery is on. */
  readonly recovery: Fact<boolean>;
  /** Shards of the stream that are still written. */
  readonly openShards: Fact<number>;
}

/** A Lambda function that a stream is mapped to. */
export interface StreamReader {
  /** The event source mapping. */
  readonly id: string;
  readonly functionArn: string;
}

export interface SourceFacts {
  /** Reads one table. Nothing is thrown: what cannot be read is said. */
  read(tableName: string): Promise<SourceReading>;
}

export interface StreamReaders {
  /** Functions that read a stream now; switched-off mappings are none. */
  list(streamArn: string): Promise<Fact<readonly StreamReader[]>>;
}
