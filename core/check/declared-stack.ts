import type { KeyAttribute } from "../attribute-value.ts";
import type { GenerationMode } from "../mode-rules.ts";

/** A stack's configuration as checks see it: defaults applied, plain values only. */
export interface DeclaredStack {
  readonly stack: string;
  readonly region: string;
  /** Undefined where the stack is this machine's, whose engine is not there yet. */
  readonly target: DeclaredTarget | undefined;
  readonly network: DeclaredNetwork | undefined;
  readonly tables: readonly DeclaredTable[];
}

/** Where documents go. */
export type DeclaredTarget =
  | { readonly kind: "created" }
  | {
      readonly kind: "domain";
      readonly arn: string;
      /** As it was written: with or without a scheme. */
      readonly endpoint: string;
      readonly securityAdminRoleArn: string | undefined;
    }
  | { readonly kind: "collection"; readonly endpoint: string }
  | {
      readonly kind: "url";
      readonly url: string;
      readonly secretArn: string | undefined;
      /** What the secret must hold, in words. */
      readonly secretForm?: string;
    };

/** Where functions run. */
export interface DeclaredNetwork {
  readonly vpcId: string;
  readonly subnetIds: readonly string[];
  readonly securityGroupIds: readonly string[];
  readonly endpoints: "create" | "existing" | "nat";
  /** Undefined: the ones functions call. */
  readonly interfaceServices: readonly string[] | undefined;
  readonly streamsUrl: string | undefined;
  /** Whether transforms read secrets. */
  readonly readsSecrets: boolean;
}

/** One `tables:` entry. */
export interface DeclaredTable {
  readonly table: string;
  readonly source: DeclaredSource;
  /** Oldest first. */
  readonly generations: readonly DeclaredGeneration[];
  readonly audit: {
    /** EventBridge Scheduler expression. */
    readonly schedule: string;
    readonly fullEveryDays: number;
  };
  readonly maximumLoaders: number;
  readonly manifestBuckets: number;
}

/** A table that exists, or one that will be made with all that it needs. */
export type DeclaredSource =
  | {
      readonly kind: "existing";
      readonly tableName: string;
      /** The key its owner says it is encrypted with. */
      readonly keyArn: string | undefined;
    }
  | { readonly kind: "created"; readonly key: readonly KeyAttribute[] }
  /** `source`: the entry under `sources:`. */
  | { readonly kind: "sql"; readonly source: string; readonly tableName: string };

/** One generation of a table. */
export interface DeclaredGeneration {
  readonly generation: string;
  readonly mode: GenerationMode;
  /** Its path in the configuration: `tables.orders`, or `tables.orders.generations[1]`. */
  readonly path: string;
  /** Of a managed one. */
  readonly pipeline?: DeclaredPipeline;
}

/** The pipeline of a managed generation. */
export interface DeclaredPipeline {
  readonly minimumUnits: number;
  readonly maximumUnits: number;
  readonly collectSeconds: number;
}

/** Whether any of a table's generations is of a mode. */
export function hasMode({ generations }: DeclaredTable, mode: GenerationMode): boolean {
  return generations.some((generation) => generation.mode === mode);
}
