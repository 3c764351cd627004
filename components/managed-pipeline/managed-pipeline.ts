import * as awsNative from "@pulumi/aws-native";
import * as pulumi from "@pulumi/pulumi";
import { type BodyArgs, nameDocumentsPipeline } from "../../core/ingestion/document-flow.ts";
import type { PipelineBody } from "../../core/ingestion/pipeline-body.ts";
import { namePipeline, type PipelineNetwork } from "../../core/ingestion/pipeline-name.ts";
import { pipelinePrefixes } from "../../core/state-layout.ts";
import { refuseFaults } from "../faults.ts";
import { type Grant, makeRole } from "../iam.ts";
import type { TableContext } from "../table-context.ts";
import { MANAGED_DEFAULTS, type ManagedPipelineArgs } from "./managed-args.ts";
import { findManagedFaults } from "./managed-faults.ts";
import { pipelineGrants, trustPipelines } from "./pipeline-grants.ts";
import { writeBody } from "./write-body.ts";

/** Which generation a pipeline writes. */
export interface WrittenGeneration {
  readonly generation: string;
  readonly writeAlias: string;
}

/** What a pipeline reads, and what its body says of that. */
export interface PipelineSource {
  /** The component's type. */
  readonly type: string;
  /** What reads it. */
  readonly grants: readonly Grant[];
  /** The sub-pipeline that reads it, which is the one that writes too where there are no processors. */
  readonly nameFirst: (pipelineName: string) => string;
  /** Makes bodies, once what it needs is known. */
  /** Addresses that the service takes to reach it in its network; undefined where an endpoint in the network is enough. */
  readonly cidrBlock?: string;
  readonly makeBody: pulumi.Input<(args: BodyArgs) => PipelineBody>;
  /** What is there before the pipeline, and goes after it. @param nameFirst - once known */
  readonly before: (parent: pulumi.Resource, first: pulumi.Output<string>) => readonly pulumi.Resource[];
}

/** Vended logs go to groups of this name without a policy of ours. @see https://docs.aws.amazon.com/opensearch-service/latest/developerguide/monitoring-pipeline-logs.html */
const LOG_GROUPS = "/aws/vendedlogs/OpenSearchIngestion/";

/**
 * One OpenSearch Ingestion pipeline: what a table holds and then its changes, into one index and into its manifest.
 *
 * It runs, and is paid, from the moment it is made. A change of size, timing or processors goes into it without a new export;
 * another network is another pipeline, which exports anew.
 */
export abstract class ManagedPipeline extends pulumi.ComponentResource {
  readonly pipeline: awsNative.osis.Pipeline;
  readonly pipelineName: pulumi.Output<string>;
  /** The sub-pipeline that writes documents: metrics and dead letters name it. */
  readonly documentsPipelineName: pulumi.Output<string>;
  /** Known once the role may do all the pipeline does. */
  readonly roleArn: pulumi.Output<string>;
  /** What has to be there before anybody relies on the pipeline. */
  readonly dependencies: readonly pulumi.Resource[];

  constructor(
    name: string,
    context: TableContext,
    plan: WrittenGeneration,
    args: ManagedPipelineArgs,
    indexUuid: pulumi.Output<string>,
    source: PipelineSource,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    refuseFaults(`the pipeline of ${plan.generation}`, findManagedFaults(args));
    super(source.type, name, {}, opts);
    const { processors = [] } = args;
    const network = toNetwork(context, source);
    this.pipelineName = nameOf(context, plan, network);
    const first = this.pipelineName.apply(source.nameFirst);
    this.documentsPipelineName = first.apply((known) => nameDocumentsPipeline(known, processors.length > 0));
    const { arn } = makeRole(
      `${name}-role`,
      {
        trust: trustPipelines(context),
        grants: { pipeline: [...source.grants, ...pipelineGrants(context, plan.generation, processors)] },
        permissionsBoundary: context.permissionsBoundary,
      },
      { parent: this },
    );
    this.roleArn = arn;
    const logGroup = this.#makeLogGroup(name, context);
    this.pipeline = this.#makePipeline(name, context, args, {
      body: this.#body(context, plan, args, { indexUuid, first, makeBody: source.makeBody }),
      before: [logGroup, ...source.before(this, first)],
      network,
    });
    this.dependencies = [this.pipeline];
    this.registerOutputs({ pipelineName: this.pipelineName });
  }

  #makeLogGroup(name: string, { logRetentionDays, keyArn }: TableContext): awsNative.logs.LogGroup {
    return new awsNative.logs.LogGroup(
      `${name}-logs`,
      {
        logGroupName: this.#logGroupName(),
        retentionInDays: logRetentionDays,
        ...(keyArn === undefined ? {} : { kmsKeyId: keyArn }),
      },
      { parent: this },
    );
  }

  #makePipeline(
    name: string,
    context: TableContext,
    args: ManagedPipelineArgs,
    {
      body,
      before,
      network,
    }: {
      readonly body: pulumi.Output<string>;
      readonly before: readonly pulumi.Resource[];
      readonly network: pulumi.Output<PipelineNetwork> | undefined;
    },
  ): awsNative.osis.Pipeline {
    const { minimumUnits, maximumUnits } = { ...MANAGED_DEFAULTS, ...args };
    return new awsNative.osis.Pipeline(
      `${name}-pipeline`,
      {
        pipelineName: this.pipelineName,
        minUnits: minimumUnits,
        maxUnits: maximumUnits,
        pipelineConfigurationBody: body,
        logPublishingOptions: {
          isLoggingEnabled: true,
          cloudWatchLogDestination: { logGroup: this.#logGroupName() },
        },
        ...(network === undefined ? {} : { vpcOptions: network.apply(toVpcOptions) }),
        ...(context.keyArn === undefined ? {} : { encryptionAtRestOptions: { kmsKeyArn: context.keyArn } }),
      },
      { parent: this, dependsOn: [...before], hooks: { onError: [...context.errorHooks] } },
    );
  }

  #logGroupName(): pulumi.Output<string> {
    return pulumi.interpolate`${LOG_GROUPS}${this.pipelineName}`;
  }

  #body(
    context: TableContext,
    { generation, writeAlias }: WrittenGeneration,
    { processors = [], ...args }: ManagedPipelineArgs,
    {
      indexUuid,
      first,
      makeBody,
    }: Pick<PipelineSource, "makeBody"> & {
      readonly indexUuid: pulumi.Output<string>;
      readonly first: pulumi.Output<string>;
    },
  ): pulumi.Output<string> {
    const { flushMillis, collectSeconds } = { ...MANAGED_DEFAULTS, ...args };
    const { table } = context;
    const known = {
      pipelineName: first,
      region: context.region,
      roleArn: this.roleArn,
      bucket: context.stateBucket.name,
      keyArn: context.keyArn,
      target: context.target,
      uuid: indexUuid,
    };
    return pulumi.all([pulumi.output(known), makeBody]).apply(([{ target, uuid, ...rest }, make]) => {
      const body = make({
        ...rest,
        endpoint: target.endpoint,
        writeAlias,
        ...pipelinePrefixes(table, generation, uuid),
        flushMillis,
        collectSeconds,
        processors,
      });
      return writeBody(`the body of the pipeline of ${generation}`, body);
    });
  }
}

function nameOf(
  { environment }: TableContext,
  { generation }: WrittenGeneration,
  network: pulumi.Output<PipelineNetwork> | undefined,
): pulumi.Output<string> {
  return pulumi.output(network).apply((known) => namePipeline({ environment, generation, network: known }));
}

function toNetwork(
  { vpcConfig }: TableContext,
  { cidrBlock }: PipelineSource,
): pulumi.Output<PipelineNetwork> | undefined {
  if (vpcConfig === undefined) return undefined;
  return pulumi
    .output(vpcConfig)
    .apply((known) => ({ ...known, ...(cidrBlock === undefined ? {} : { cidrBlock }) }));
}

/** @see https://docs.aws.amazon.com/opensearch-service/latest/APIReference/API_osis_VpcOptions.html */
function toVpcOptions({ cidrBlock, subnetIds, securityGroupIds }: PipelineNetwork) {
  const endpoint = { subnetIds: [...subnetIds], securityGroupIds: [...securityGroupIds] };
  return cidrBlock === undefined
    ? endpoint
    : { ...endpoint, vpcAttachmentOptions: { attachToVpc: true, cidrBlock } };
}
