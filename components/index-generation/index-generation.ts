import type * as awsNative from "@pulumi/aws-native";
import * as pulumi from "@pulumi/pulumi";
import { SyncError } from "../../core/errors.ts";
import type { GenerationDescriptor } from "../../core/table-descriptor.ts";
import { type BuildMachineArgs, makeBuildMachine } from "../backfill/build-machine.ts";
import type { CustomPipeline } from "../custom-pipeline/custom-pipeline.ts";
import { DebeziumPipeline } from "../custom-pipeline/debezium.ts";
import { DynamoDbStreamsPipeline } from "../custom-pipeline/dynamodb-streams.ts";
import { hashTransformOf } from "../generation-transform.ts";
import { makeLifecycleResource } from "../lifecycle-resource.ts";
import { ManagedPath } from "../managed-pipeline/managed-path.ts";
import type { TableContext, TableSource } from "../table-context.ts";
import type { WorkflowMachine } from "../workflow-machine.ts";
import type { GenerationPlan } from "./generation-plan.ts";

/** What of its environment a generation is built with. */
export interface GenerationSurroundings {
  readonly auditFunctionArn: pulumi.Output<string>;
  readonly auditMachine: WorkflowMachine;
  readonly lifecycleFunctionArn: pulumi.Output<string>;
  /** The table's own custom resource: a generation exists inside it. */
  readonly table: pulumi.Resource;
  /** What must be there whenever index-lifecycle works: its role's grants. */
  readonly lifecycleReady: readonly pulumi.Resource[];
}

/** How changes come into a generation's index. */
export type GenerationPath = CustomPipeline | ManagedPath;

/**
 * One generation: its index, its consumer or pipeline, its build machine.
 *
 * Deleted in an order that loses nothing: the guard first (it refuses while searches use the index), then build and consumer,
 * the index last.
 */
export class IndexGeneration extends pulumi.ComponentResource {
  readonly plan: GenerationPlan;
  readonly path: GenerationPath;
  readonly build: WorkflowMachine;
  readonly index: awsNative.cloudformation.CustomResourceEmulator;
  /** What workflows and the command line are told of it. */
  readonly descriptor: pulumi.Output<GenerationDescriptor>;

  constructor(
    name: string,
    context: TableContext,
    plan: GenerationPlan,
    around: GenerationSurroundings,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("trueup:generation:IndexGeneration", name, {}, opts);
    this.plan = plan;
    this.index = this.#makeIndex(name, context, around);
    const indexUuid = readIndexUuid(this.index);
    this.path = this.#makePath(name, context, indexUuid);
    this.build = makeBuildMachine(
      `${name}-build`,
      context,
      { ...around, ...this.#loading() },
      { parent: this },
    );
    this.descriptor = this.#describe(context, indexUuid);
    this.registerOutputs({ index: plan.index });
  }

  /**
   * Starts the build and puts the guard before everything; called when the table's descriptor is known.
   *
   * @param ready - what the build's calls rely on beside this generation, and what must stay while searches use it
   */
  finish(
    name: string,
    context: TableContext,
    around: GenerationSurroundings,
    table: pulumi.Input<object>,
    ready: readonly pulumi.Resource[],
  ): void {
    const { generation } = this.plan;
    const shared = { functionArn: around.lifecycleFunctionArn, responseBucket: context.stateBucket.name };
    const build = makeLifecycleResource(
      `${name}-start`,
      {
        ...shared,
        action: "Build",
        spec: pulumi.output({
          table: context.table,
          generation,
          stateMachine: this.build.arn,
          input: pulumi.jsonStringify({ table, generation }),
        }),
      },
      {
        parent: this,
        dependsOn: [this.index, ...this.path.ready, this.build, ...ready],
      },
    );
    makeLifecycleResource(
      `${name}-guard`,
      { ...shared, action: "Guard", spec: { table: context.table, generation } },
      {
        parent: this,
        dependsOn: [this.index, ...this.path.ready, this.build, build, ...ready],
      },
    );
  }

  /** What fills the index. */
  #loading(): Pick<BuildMachineArgs, "loaderFunctionArn" | "loadedBy"> {
    if (this.path.mode === "managed") return { loadedBy: "managed" };
    if (this.plan.bootstrap === "incremental-snapshot") return { loadedBy: "incremental" };
    return { loaderFunctionArn: this.path.loader.arn };
  }

  /** @throws SyncError `CONFIGURATION_INVALID` for a mode its source does not know, which the table's faults tell before */
  #makePath(name: string, context: TableContext, indexUuid: pulumi.Output<string>): GenerationPath {
    const { plan } = this;
    const { source } = context;
    const parent = { parent: this };
    if (source.kind === "sql") {
      if (plan.pipeline !== undefined) throw noManagedSql(plan.generation);
      return new DebeziumPipeline(name, { ...context, source }, plan, indexUuid, parent);
    }
    if (plan.pipeline === undefined) {
      return new DynamoDbStreamsPipeline(name, { ...context, source }, plan, indexUuid, parent);
    }
    return new ManagedPath(name, { ...context, source }, plan, plan.pipeline, indexUuid, parent);
  }

  #makeIndex(
    name: string,
    context: TableContext,
    around: GenerationSurroundings,
  ): awsNative.cloudformation.CustomResourceEmulator {
    const {
      transformFile: _file,
      transformConfiguration,
      transformSecrets,
      pipeline,
      bootstrap,
      ...named
    } = this.plan;
    return makeLifecycleResource(
      `${name}-index`,
      {
        action: "Index",
        functionArn: around.lifecycleFunctionArn,
        responseBucket: context.stateBucket.name,
        spec: pulumi.output({
          table: context.table,
          ...named,
          streamArn: streamOf(context.source),
          ...(context.probe === undefined ? {} : { probe: context.probe }),
          transformHash: hashTransformOf(context.code, this.plan),
        }),
      },
      { parent: this, dependsOn: [around.table, ...around.lifecycleReady] },
    );
  }

  #describe(context: TableContext, indexUuid: pulumi.Output<string>): pulumi.Output<GenerationDescriptor> {
    const { generation, revision, index, writeAlias } = this.plan;
    const { reindexQueue, deadLetterQueue } = this.path.rereads;
    const common = {
      generation,
      revision,
      index,
      writeAlias,
      indexUuid,
      transformHash: hashTransformOf(context.code, this.plan),
      reindexQueueUrl: reindexQueue.queueUrl,
      deadLetterQueueUrl: deadLetterQueue.queueUrl,
      buildStateMachine: this.build.arn,
    };
    const { path } = this;
    if (path.mode === "custom") {
      const functions = { consumerFunction: path.stream.arn, loaderFunction: path.loader.arn };
      return pulumi.output({ ...common, mode: path.mode, ...functions });
    }
    const pipeline = { name: path.pipeline.pipelineName, collectSeconds: path.collectSeconds };
    return pulumi.output({ ...common, mode: path.mode, pipeline });
  }
}

/** What index-lifecycle answered when it made the index. Unknown until then. */
function readIndexUuid(index: awsNative.cloudformation.CustomResourceEmulator): pulumi.Output<string> {
  return index.data.apply((data: Readonly<Record<string, unknown>> | undefined) =>
    String(data?.["indexUuid"] ?? ""),
  );
}

/** What changes when the source's changes come out of another stream, which has not all that the first one had. */
function streamOf(source: TableSource): pulumi.Input<string> {
  return source.kind === "sql" ? source.topic : source.streamArn;
}

function noManagedSql(generation: string): SyncError {
  return new SyncError("CONFIGURATION_INVALID", "managed mode takes no SQL tables", {
    subject: generation,
    fix: "set mode: custom for this table",
    retryable: false,
  });
}
