import * as awsNative from "@pulumi/aws-native";
import * as pulumi from "@pulumi/pulumi";
import { nameDocumentsPipeline } from "../../core/ingestion/document-flow.ts";
import { makeDynamoDbBody } from "../../core/ingestion/dynamodb-body.ts";
import { namePipeline } from "../../core/ingestion/pipeline-name.ts";
import { pipelinePrefixes } from "../../core/state-layout.ts";
import { refuseFaults } from "../faults.ts";
import { makeRole } from "../iam.ts";
import type { DynamoDbSource, TableContext } from "../table-context.ts";
import { MANAGED_DEFAULTS, type ManagedPipelineArgs } from "./managed-args.ts";
import { findManagedFaults } from "./managed-faults.ts";
import { pipelineGrants, trustPipelines } from "./pipeline-grants.ts";
import { writeBody } from "./write-body.ts";

export type { ManagedPipelineArgs } from "./managed-args.ts";

/** Which generation a pipeline writes. */
export interface WrittenGeneration {
  readonly generation: string;
  readonly writeAlias: string;
}

/** Vended logs go to groups of this name without a policy of ours. @see https://docs.aws.amazon.com/opensearch-service/latest/developerguide/monitoring-pipeline-logs.html */
const LOG_GROUPS = "/aws/vendedlogs/OpenSearchIngestion/";

/**
 * One OpenSearch Ingestion pipeline: a table's export and then its stream, into one index and into its manifest.
 *
 * It runs, and is paid, from the moment it is made. A change of size, timing or processors goes into it without a new export;
 * another network is another pipeline, which exports anew.
 *
 * @see https://docs.aws.amazon.com/opensearch-service/latest/developerguide/configure-client-ddb.html
 */
export class DynamoDbManagedPipeline extends pulumi.ComponentResource {
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
    context: TableContext<DynamoDbSource>,
    plan: WrittenGeneration,
    args: ManagedPipelineArgs,
    indexUuid: pulumi.Output<string>,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    refuseFaults(`the pipeline of ${plan.generation}`, findManagedFaults(args));
    super("trueup:managed:DynamoDbManagedPipeline", name, {}, opts);
    this.pipelineName = nameOf(context, plan);
    const hasProcessors = (args.processors ?? []).length > 0;
    this.documentsPipelineName = this.pipelineName.apply((known) =>
      nameDocumentsPipeline(known, hasProcessors),
    );
    const grants = pipelineGrants(context, plan.generation, args.processors ?? []);
    const { arn } = makeRole(
      `${name}-role`,
      {
        trust: trustPipelines(context),
        grants: { pipeline: grants },
        permissionsBoundary: context.permissionsBoundary,
      },
      { parent: this },
    );
    this.roleArn = arn;
    const logGroup = this.#makeLogGroup(name, context);
    this.pipeline = this.#makePipeline(name, context, args, {
      logGroup,
      body: this.#body(context, plan, args, indexUuid),
    });
    this.dependencies = [this.pipeline];
    this.registerOutputs({ pipelineName: this.pipelineName });
  }

  #makeLogGroup(
    name: string,
    { logRetentionDays, keyArn }: TableContext<DynamoDbSource>,
  ): awsNative.logs.LogGroup {
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
    context: TableContext<DynamoDbSource>,
    args: ManagedPipelineArgs,
    { logGroup, body }: { readonly logGroup: awsNative.logs.LogGroup; readonly body: pulumi.Output<string> },
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
        ...(context.vpcConfig === undefined ? {} : { vpcOptions: context.vpcConfig }),
        ...(context.keyArn === undefined ? {} : { encryptionAtRestOptions: { kmsKeyArn: context.keyArn } }),
      },
      { parent: this, dependsOn: [logGroup], hooks: { onError: [...context.errorHooks] } },
    );
  }

  #logGroupName(): pulumi.Output<string> {
    return pulumi.interpolate`${LOG_GROUPS}${this.pipelineName}`;
  }

  #body(
    context: TableContext<DynamoDbSource>,
    { generation, writeAlias }: WrittenGeneration,
    args: ManagedPipelineArgs,
    indexUuid: pulumi.Output<string>,
  ): pulumi.Output<string> {
    const { flushMillis, collectSeconds } = { ...MANAGED_DEFAULTS, ...args };
    const { table } = context;
    const known = {
      pipelineName: this.pipelineName,
      region: context.region,
      roleArn: this.roleArn,
      tableArn: context.source.tableArn,
      target: context.target,
      bucket: context.stateBucket.name,
      keyArn: context.keyArn,
      indexUuid,
    };
    return pulumi.output(known).apply(({ target, indexUuid: uuid, ...rest }) => {
      const body = makeDynamoDbBody({
        ...rest,
        endpoint: target.endpoint,
        writeAlias,
        ...pipelinePrefixes(table, generation, uuid),
        flushMillis,
        collectSeconds,
        processors: args.processors ?? [],
      });
      return writeBody(`the body of the pipeline of ${generation}`, body);
    });
  }
}

function nameOf({ environment, vpcConfig }: TableContext<DynamoDbSource>, { generation }: WrittenGeneration) {
  return pulumi.output(vpcConfig).apply((network) => namePipeline({ environment, generation, network }));
}
