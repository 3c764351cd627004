import type * as pulumi from "@pulumi/pulumi";
import type { GenerationMode } from "../../core/mode-rules.ts";
import type { ManagedPipelineArgs } from "../managed-pipeline/dynamodb.ts";
import { type IndexMapping, mergeMapping } from "./default-mapping.ts";

/** One generation as its table declares it. */
export type GenerationArgs = CustomGenerationArgs | ManagedGenerationArgs;

/** A generation that an OpenSearch Ingestion pipeline writes, and AWS runs. */
export interface ManagedGenerationArgs extends AnyGenerationArgs {
  readonly mode: "managed";
  /** Size and processors of its pipeline. @default one to four units, no processors */
  readonly pipeline?: ManagedPipelineArgs;
}

/** A generation that our consumer writes. */
export interface CustomGenerationArgs extends AnyGenerationArgs {
  readonly mode: "custom";
  /** Absolute path of the module that makes documents of records. @default every record is its document */
  readonly transformFile?: string;
  /**
   * What the transform is handed as `configuration`, plain JSON values of at most 2 KB. Other values make other documents, so
   * they need a new `revision`, as other code does.
   *
   * @default none
   */
  readonly transformConfiguration?: pulumi.Input<Readonly<Record<string, unknown>>>;
  /** What the transform is handed as `secrets`, by the name it knows each by. @default none */
  readonly transformSecrets?: Readonly<Record<string, TransformSecretArgs>>;
  /**
   * Lets the transform change under an unchanged revision; a full audit then finds the old documents stale and
   * re-injects them once approved.
   *
   * @default false
   */
  readonly allowTransformChange?: boolean;
  /**
   * How a generation of a database's table is filled: from a read of the whole table, many files at once; or by the
   * connector, which sends every row as an event beside the changes, one chunk after the other. The latter reads the primary, one
   * row at a time as far as the consumer is concerned, and writes into the signal table.
   *
   * @default "export"
   */
  readonly bootstrap?: "export" | "incremental-snapshot";
}

/** A secret of Secrets Manager that a transform is handed. */
export interface TransformSecretArgs {
  /** The full ARN, with its six last characters; the functions may read this secret and no other. */
  readonly arn: pulumi.Input<string>;
  /** The KMS key it is encrypted with, where that is neither AWS's nor the environment's. @default none */
  readonly keyArn?: pulumi.Input<string>;
}

/** What a generation of either mode is declared with. */
export interface AnyGenerationArgs {
  /** Raised for a new mapping or transform; part of the index's name. @default 1 */
  readonly revision?: number;
  /**
   * The index's mapping; what it says nothing of is mapped by templates that refuse no value.
   *
   * @default the templates alone
   */
  readonly mapping?: IndexMapping;
  /** Index settings, with or without `index.`. @default one shard, one replica */
  readonly settings?: Readonly<Record<string, unknown>>;
}

/** One generation with every default applied and every name given. */
export interface GenerationPlan {
  readonly generation: string;
  readonly mode: GenerationMode;
  readonly revision: number;
  readonly index: string;
  readonly writeAlias: string;
  readonly mapping: IndexMapping;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly transformFile: string | undefined;
  readonly transformConfiguration: pulumi.Input<Readonly<Record<string, unknown>>> | undefined;
  readonly transformSecrets: Readonly<Record<string, TransformSecretArgs>>;
  readonly allowTransformChange: boolean;
  readonly bootstrap: "export" | "incremental-snapshot";
  /** Of a managed generation. */
  readonly pipeline: ManagedPipelineArgs | undefined;
}

/** Whether the generation's functions must reach Secrets Manager for their transform. */
export function usesTransformSecrets(args: GenerationArgs): boolean {
  return args.mode === "custom" && Object.keys(args.transformSecrets ?? {}).length > 0;
}

const DEFAULT_SETTINGS = { number_of_shards: 1, number_of_replicas: 1 };
/**
 * A pipeline deletes for real, and an older write that arrives after the index has forgotten the delete brings the
 * document back: the default of a minute is too short for a retried bulk.
 *
 * @see https://docs.opensearch.org/latest/install-and-configure/configuring-opensearch/index-settings/ `index.gc_deletes`
 */
const MANAGED_SETTINGS = { ...DEFAULT_SETTINGS, gc_deletes: "1h" };

const NO_TRANSFORM = { transformFile: undefined, transformConfiguration: undefined, transformSecrets: {} };

/** Names a generation and fills in what its table left out. */
export function planGeneration(table: string, args: GenerationArgs): GenerationPlan {
  const revision = args.revision ?? 1;
  const generation = `${table}-${args.mode}-${revision}`;
  return {
    generation,
    mode: args.mode,
    revision,
    index: generation,
    writeAlias: `${generation}-write`,
    mapping: mergeMapping(args.mapping),
    settings: { ...(args.mode === "managed" ? MANAGED_SETTINGS : DEFAULT_SETTINGS), ...args.settings },
    ...(args.mode === "managed"
      ? { ...NO_TRANSFORM, allowTransformChange: false, bootstrap: "export", pipeline: args.pipeline ?? {} }
      : {
          transformFile: args.transformFile,
          transformConfiguration: args.transformConfiguration,
          transformSecrets: args.transformSecrets ?? {},
          allowTransformChange: args.allowTransformChange ?? false,
          bootstrap: args.bootstrap ?? "export",
          pipeline: undefined,
        }),
  };
}
