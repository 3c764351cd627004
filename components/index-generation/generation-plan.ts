import { type IndexMapping, mergeMapping } from "./default-mapping.ts";

/** One generation as its table declares it. */
export interface GenerationArgs {
  readonly mode: "custom";
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
  /** Absolute path of the module that makes documents of records. @default every record is its document */
  readonly transformFile?: string;
  /**
   * Lets the transform change under an unchanged revision; a full audit then finds the old documents stale and
   * re-injects them once approved.
   *
   * @default false
   */
  readonly allowTransformChange?: boolean;
}

/** One generation with every default applied and every name given. */
export interface GenerationPlan {
  readonly generation: string;
  readonly mode: "custom";
  readonly revision: number;
  readonly index: string;
  readonly writeAlias: string;
  readonly mapping: IndexMapping;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly transformFile: string | undefined;
  readonly allowTransformChange: boolean;
}

const DEFAULT_SETTINGS = { number_of_shards: 1, number_of_replicas: 1 };

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
    settings: { ...DEFAULT_SETTINGS, ...args.settings },
    transformFile: args.transformFile,
    allowTransformChange: args.allowTransformChange ?? false,
  };
}
