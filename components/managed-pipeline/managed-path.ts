import * as pulumi from "@pulumi/pulumi";
import type { GenerationPlan } from "../index-generation/generation-plan.ts";
import { RereadPath } from "../reread-path.ts";
import type { DynamoDbSource, TableContext } from "../table-context.ts";
import { DynamoDbManagedPipeline, type ManagedPipelineArgs } from "./dynamodb.ts";
import { MANAGED_DEFAULTS } from "./managed-args.ts";
import { requireNamedKey } from "./source-faults.ts";

/** The managed path of one generation: a pipeline that writes, and our consumer for what is to be read again. */
export class ManagedPath extends pulumi.ComponentResource {
  readonly mode = "managed";
  readonly pipeline: DynamoDbManagedPipeline;
  readonly rereads: RereadPath;
  readonly collectSeconds: number;
  /** What the build relies on. */
  readonly ready: readonly pulumi.Resource[];

  constructor(
    name: string,
    context: TableContext<DynamoDbSource>,
    plan: GenerationPlan,
    args: ManagedPipelineArgs,
    indexUuid: pulumi.Output<string>,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("trueup:managed:ManagedPath", name, {}, opts);
    this.collectSeconds = args.collectSeconds ?? MANAGED_DEFAULTS.collectSeconds;
    const named = { ...context, source: requireNamedKey(context.source) };
    this.pipeline = new DynamoDbManagedPipeline(name, named, plan, args, indexUuid, { parent: this });
    this.rereads = new RereadPath(name, context, plan, this.mode, indexUuid, { parent: this });
    this.ready = [this, this.pipeline, ...this.pipeline.dependencies, this.rereads, this.rereads.mapping];
    this.registerOutputs({});
  }

  /** Roles that write into the index. */
  get writerRoleArns(): readonly pulumi.Output<string>[] {
    return [this.pipeline.roleArn, this.rereads.reindex.roleArn];
  }
}
