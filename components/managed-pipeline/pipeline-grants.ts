import * as pulumi from "@pulumi/pulumi";
import type { Processor } from "../../core/ingestion/pipeline-body.ts";
import { calledFunctions } from "../../core/ingestion/processor-roles.ts";
import { stateLayout } from "../../core/state-layout.ts";
import { ANY, decryptingWith, type Grant, objectsUnder, type Trust, usingKey } from "../iam.ts";
import type { DynamoDbSource, TableContext } from "../table-context.ts";

/**
 * Trust in the pipelines of this account and region, and in nobody who makes OpenSearch Ingestion act for him.
 *
 * @see https://docs.aws.amazon.com/opensearch-service/latest/developerguide/pipeline-domain-access.html
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html
 */
export function trustPipelines({ partition, region, accountId }: TableContext<DynamoDbSource>): Trust {
  const pipelines = pulumi.interpolate`arn:${partition}:osis:${region}:${accountId}:pipeline/*`;
  return {
    principal: { Service: "osis-pipelines.amazonaws.com" },
    conditions: {
      StringEquals: { "aws:SourceAccount": accountId },
      ArnLike: { "aws:SourceArn": pipelines },
    },
  };
}

/** What a managed pipeline may do: read its table, write its index, its manifest and its dead letters. */
export function pipelineGrants(
  context: TableContext<DynamoDbSource>,
  generation: string,
  processors: readonly Processor[],
): readonly Grant[] {
  return [
    ...readTable(context),
    ...useBucket(context, generation),
    ...writeDomain(context),
    ...usingKey(context.keyArn),
    ...callFunctions(context, processors),
  ];
}

/** @see https://docs.aws.amazon.com/opensearch-service/latest/developerguide/configure-client-ddb.html#ddb-pipeline-role */
function readTable({ source }: TableContext<DynamoDbSource>): readonly Grant[] {
  return [
    {
      actions: [
        "dynamodb:DescribeTable",
        "dynamodb:DescribeContinuousBackups",
        "dynamodb:ExportTableToPointInTime",
      ],
      resources: [source.tableArn],
    },
    { actions: ["dynamodb:DescribeExport"], resources: [pulumi.interpolate`${source.tableArn}/export/*`] },
    {
      actions: ["dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator"],
      resources: [source.streamArn],
    },
    ...decryptingWith(source.keyArn),
  ];
}

/** DynamoDB writes the export with the pipeline's rights; the pipeline reads it, and writes what it sent and what was refused. */
function useBucket(
  { stateBucket, table }: TableContext<DynamoDbSource>,
  generation: string,
): readonly Grant[] {
  const exported = `${stateLayout.managedExport(table, generation, ANY)}/`;
  return [
    {
      actions: ["s3:GetObject", "s3:AbortMultipartUpload", "s3:PutObject", "s3:PutObjectAcl"],
      resources: [objectsUnder(stateBucket.arn, exported)],
    },
    {
      actions: ["s3:PutObject"],
      resources: [
        objectsUnder(stateBucket.arn, stateLayout.sent(generation, ANY)),
        objectsUnder(stateBucket.arn, stateLayout.refused(generation, ANY)),
      ],
    },
  ];
}

/**
 * The sink asks for the cluster's version and settings, whether its alias is one, and sends bulks to `/_bulk`: no path of
 * an index is among them, so the resource is the domain, and fine-grained access control says which indexes.
 *
 * @see https://github.com/opensearch-project/data-prepper `opensearch/…/index/AbstractIndexManager.java`
 */
function writeDomain({ targetGrants }: TableContext<DynamoDbSource>): readonly Grant[] {
  const everywhere = targetGrants.inspecting.flatMap(({ resources }) => resources);
  if (everywhere.length === 0) return [];
  const domains = everywhere.map((resource) => pulumi.output(resource).apply(toDomainArn));
  return [
    { actions: ["es:DescribeDomain"], resources: domains },
    { actions: ["es:ESHttpGet", "es:ESHttpHead", "es:ESHttpPost"], resources: everywhere },
  ];
}

/** `arn:…:domain/search/*` -> `arn:…:domain/search`. */
function toDomainArn(everythingIn: string): string {
  return everythingIn.replace(/\/\*$/, "");
}

function callFunctions(
  { partition, region, accountId }: TableContext<DynamoDbSource>,
  processors: readonly Processor[],
): readonly Grant[] {
  const called = calledFunctions(processors);
  if (called.length === 0) return [];
  const resources = called.map((name) =>
    name.startsWith("arn:")
      ? name
      : pulumi.interpolate`arn:${partition}:lambda:${region}:${accountId}:function:${name}`,
  );
  return [{ actions: ["lambda:InvokeFunction"], resources }];
}
