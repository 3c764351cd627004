import type * as pulumi from "@pulumi/pulumi";
import type { BodyArgs } from "../../core/ingestion/document-flow.ts";
import { makeDynamoDbBody } from "../../core/ingestion/dynamodb-body.ts";
import type { DynamoDbSource, TableContext } from "../table-context.ts";
import type { ManagedPipelineArgs } from "./managed-args.ts";
import { ManagedPipeline, type WrittenGeneration } from "./managed-pipeline.ts";
import { readTable } from "./pipeline-grants.ts";

/**
 * The pipeline of a DynamoDB table: its export, then its stream.
 *
 * @see https://docs.aws.amazon.com/opensearch-service/latest/developerguide/configure-client-ddb.html
 */
export class DynamoDbManagedPipeline extends ManagedPipeline {
  constructor(
    name: string,
    context: TableContext<DynamoDbSource>,
    plan: WrittenGeneration,
    args: ManagedPipelineArgs,
    indexUuid: pulumi.Output<string>,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    const makeBody = context.source.tableArn.apply(
      (tableArn) => (shared: BodyArgs) => makeDynamoDbBody({ ...shared, tableArn }),
    );
    const source = {
      type: "trueup:managed:DynamoDbManagedPipeline",
      grants: readTable(context, plan.generation),
      nameFirst: (pipelineName: string) => pipelineName,
      makeBody,
      before: () => [],
    };
    super(name, context, plan, args, indexUuid, source, opts);
  }
}
