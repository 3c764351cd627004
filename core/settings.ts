import type { GenerationMode } from "./mode-rules.ts";
import type { DynamoDbTable, SqlTable } from "./source-descriptor.ts";
import type { SearchTargetSettings } from "./table-descriptor.ts";
import type { TransformConfiguration } from "./transform-services.ts";

/**
 * The environment variable that carries a function's settings, as JSON.
 *
 * Components write it from these types, entries parse it once (`adapters/read-settings.ts`).
 */
export const SETTINGS_VARIABLE = "TRUEUP_SETTINGS";

/** Settings of the three consumer entries: stream, reindex and bulk load of one generation. */
export interface ConsumerSettings {
  readonly environment: string;
  readonly table: string;
  readonly generation: string;
  readonly mode: GenerationMode;
  readonly indexUuid: string;
  readonly writeAlias: string;
  readonly target: SearchTargetSettings;
  readonly stateBucket: string;
  readonly transformHash: string;
  readonly deadLetterQueueUrl: string;
  readonly reindexQueueUrl: string;
  readonly source: Pick<DynamoDbTable, "kind" | "tableName" | "key"> | SqlTable;
  /** Of a managed generation: whether re-reads touch the source's item instead of writing its document. */
  readonly touches: boolean;
  /** What the transform is handed as `configuration`: plain JSON values. */
  readonly transformConfiguration: TransformConfiguration;
  /** ARNs of the secrets the transform is handed, by the names it knows them by. */
  readonly transformSecrets: Readonly<Record<string, string>>;
  /** Into how many parts the manifest is divided; for consumers of Kafka topics, which fold it where a table is emptied. */
  readonly manifestBuckets?: number;
}

/** Settings of the one drift-audit function. Tables come with each invocation. */
export interface AuditSettings {
  readonly environment: string;
  readonly stateBucket: string;
  readonly target: SearchTargetSettings;
  readonly topicArn: string;
}

/** Settings of the one index-lifecycle function. */
export interface LifecycleSettings {
  readonly environment: string;
  readonly stateBucket: string;
  readonly target: SearchTargetSettings;
  readonly topicArn: string;
  /** Grace a cutover gives: the largest lag at which the alias may move. */
  readonly maximumCutoverLagSeconds: number;
}
