import { type BodyArgs, flowOf, metadata, toAws } from "./document-flow.ts";
import type { PipelineBody } from "./pipeline-body.ts";
import type { DynamoDbSourceOptions } from "./source-options.ts";

/** All that the body of a DynamoDB pipeline says. */
export interface DynamoDbBodyArgs extends BodyArgs {
  readonly tableArn: string;
}

/** What the source tells of every event. @see https://github.com/opensearch-project/data-prepper `dynamodb-source/…/MetadataKeyAttributes.java` */
const NAMING = {
  id: metadata("primary_key"),
  action: metadata("opensearch_action"),
  time: metadata("dynamodb_timestamp"),
  version: [{ value: metadata("document_version") }],
  documentVersion: metadata("document_version"),
};

/**
 * The pipeline of one DynamoDB table: its export, then its stream, into one index and into the manifest.
 *
 * @see https://docs.aws.amazon.com/opensearch-service/latest/developerguide/configure-client-ddb.html
 */
export function makeDynamoDbBody(args: DynamoDbBodyArgs): PipelineBody {
  return { subPipelines: flowOf(args, { dynamodb: toSource(args) }, NAMING) };
}

function toSource(args: DynamoDbBodyArgs): DynamoDbSourceOptions {
  const encryption = args.keyArn === undefined ? {} : { s3_sse_kms_key_id: args.keyArn };
  const exported = { s3_bucket: args.bucket, s3_region: args.region, s3_prefix: args.exportPrefix };
  return {
    acknowledgments: true,
    tables: [
      {
        table_arn: args.tableArn,
        stream: { start_position: "LATEST", view_on_remove: "NEW_IMAGE" },
        export: { ...exported, ...encryption },
      },
    ],
    aws: toAws(args),
  };
}
