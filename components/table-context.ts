import type * as pulumi from "@pulumi/pulumi";
import type { TableKey } from "../core/attribute-value.ts";
import type { SearchTargetSettings } from "../core/table-descriptor.ts";
import type { EnvironmentContext } from "./environment-context.ts";
import type { Grant } from "./iam.ts";

/** Search target settings whose values may not be known yet. */
export type SearchTargetInput = pulumi.Input<SearchTargetSettings>;

/** What functions may do on the target, by what they do there; empty for a target that knows no IAM. */
export interface TargetGrants {
  /** @param names - indexes and aliases */
  readonly indexes: (names: readonly string[]) => readonly Grant[];
  /** Look at every index, and take tombstones away. */
  readonly inspecting: readonly Grant[];
  /** Make, change and delete indexes and aliases. */
  readonly administering: readonly Grant[];
}

/** The source of one table, resolved. */
export interface DynamoDbSource {
  readonly tableName: pulumi.Output<string>;
  readonly tableArn: pulumi.Output<string>;
  readonly streamArn: pulumi.Output<string>;
  readonly key: pulumi.Output<TableKey>;
  /** The key the table is encrypted with, where that is neither AWS's nor the environment's: its readers need it too. */
  readonly keyArn: pulumi.Input<string> | undefined;
}

/** What the parts of one table share beside their environment. */
export interface TableContext extends EnvironmentContext {
  readonly table: string;
  readonly source: DynamoDbSource;
  readonly target: SearchTargetInput;
  readonly targetGrants: TargetGrants;
  readonly targetSecretArn: pulumi.Input<string> | undefined;
  /** Where the target must show what it can do before an index is made in it; `audits`: for audits of the index too. */
  readonly probe?: { readonly audits: boolean };
  readonly consumerTimeoutSeconds: number;
  readonly consumerMemoryMegabytes: number;
  readonly batchSize: number;
  readonly batchingWindowSeconds: number;
  readonly maximumLoaders: number;
  readonly pollSeconds: number;
}
