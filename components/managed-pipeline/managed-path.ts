import * as pulumi from "@pulumi/pulumi";
import { SyncError } from "../../core/errors.ts";
import type { GenerationPlan } from "../index-generation/generation-plan.ts";
import { RereadPath } from "../reread-path.ts";
import type { TableContext } from "../table-context.ts";
import { DynamoDbManagedPipeline } from "./dynamodb.ts";
import { MANAGED_DEFAULTS, type ManagedPipelineArgs } from "./managed-args.ts";
import type { ManagedPipeline } from "./managed-pipeline.ts";
import { RdsManagedPipeline } from "./rds.ts";
import { requireNamedKey } from "./source-faults.ts";

/** The managed path of one generation: a pipeline that writes, and our consumer for what is to be read again. */
export class ManagedPath extends pulumi.ComponentResource {
  readonly mode = "managed";
  readonly pipeline: ManagedPipeline;
  readonly rereads: RereadPath;
  readonly collectSeconds: number;
  /** What the build relies on. */
  readonly ready: readonly pulumi.Resource[];

  constructor(
    name: string,
    context: TableContext,
    plan: GenerationPlan,
    args: ManagedPipelineArgs,
    indexUuid: pulumi.Output<string>,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("trueup:managed:ManagedPath", name, {}, opts);
    this.collectSeconds = args.collectSeconds ?? MANAGED_DEFAULTS.collectSeconds;
    this.pipeline = makePipeline(name, context, plan, args, indexUuid, { parent: this });
    this.rereads = new RereadPath(name, context, plan, this.mode, indexUuid, { parent: this });
    this.ready = [this, this.pipeline, ...this.pipeline.dependencies, this.rereads, this.rereads.mapping];
    this.registerOutputs({});
  }

  /** Roles that write into the index. */
  get writerRoleArns(): readonly pulumi.Output<string>[] {
    return [this.pipeline.roleArn, this.rereads.reindex.roleArn];
  }
}

/** @throws SyncError `CONFIGURATION_INVALID` for a database that no pipeline reads, which the table's faults tell before */
function makePipeline(
  name: string,
  { source, ...context }: TableContext,
  plan: GenerationPlan,
  args: ManagedPipelineArgs,
  indexUuid: pulumi.Output<string>,
  opts: pulumi.ComponentResourceOptions,
): ManagedPipeline {
  if (source.kind === "dynamodb") {
    const named = { ...context, source: requireNamedKey(source) };
    return new DynamoDbManagedPipeline(name, named, plan, args, indexUuid, opts);
  }
  if (source.managed === undefined) {
    throw new SyncError("CONFIGURATION_INVALID", "no managed pipeline reads this database", {
      subject: plan.generation,
      fix: "set mode: custom for this table",
      retryable: false,
    });
  }
  return new RdsManagedPipeline(name, { ...context, source }, plan, args, indexUuid, source.managed, opts);
}
