import { SENT_MEMBERS } from "../sent-line.ts";
import { type BodyArgs, type EventNaming, flowOf, metadata, toAws } from "./document-flow.ts";
import type { PipelineBody } from "./pipeline-body.ts";
import type { RdsSourceOptions } from "./source-options.ts";

/** All that the body of a pipeline of RDS or Aurora says. */
export interface RdsBodyArgs extends BodyArgs {
  readonly engine: RdsSourceOptions["engine"];
  /** Identifier of the cluster for Aurora, of the instance for RDS. */
  readonly identifier: string;
  readonly database: string;
  /** `schema.table` for PostgreSQL, `table` for MySQL. */
  readonly tableName: string;
  /** A secret with `{"username", "password"}`. */
  readonly secretArn: string;
  /** Writes the snapshot's export. */
  readonly exportRoleArn: string;
  /** Encrypts the snapshot's export, which has to be encrypted. */
  readonly exportKeyArn: string;
}

/** The name of the one secret in a body. */
const SECRET = "database";

/** A row of the export may be older than its snapshot's time says: what was changed in the five minutes before wins. */
const EXPORT_OVERLAP_MILLIS = 300_000;

/**
 * What the source tells of every event. Its own `document_version` counts milliseconds before Data Prepper 2.16 and
 * microseconds since, and OpenSearch Ingestion moves from one to the other by itself: ours is made of the time, which both
 * tell alike. Two changes of a row in one millisecond have one version, which `external_gte` takes in their order.
 *
 * @see https://github.com/opensearch-project/data-prepper `rds-source/…/converter/MetadataKeyAttributes.java`
 * @see https://github.com/opensearch-project/data-prepper/pull/6762 the change of unit
 */
const NAMING: EventNaming = {
  id: metadata("primary_key"),
  action: metadata("opensearch_action"),
  time: metadata("event_timestamp"),
  version: [
    {
      value: `(${metadata("event_timestamp")} - ${EXPORT_OVERLAP_MILLIS}) * 1000`,
      when: `${metadata("ingestion_type")} == "EXPORT"`,
    },
    {
      value: `${metadata("event_timestamp")} * 1000`,
      when: `${metadata("ingestion_type")} == "STREAM"`,
    },
  ],
  documentVersion: `/${SENT_MEMBERS.version}`,
};

/**
 * The pipeline of one table of RDS or Aurora: a snapshot's export, then the log, into one index and into the manifest.
 *
 * @see https://docs.aws.amazon.com/opensearch-service/latest/developerguide/configure-client-aurora-PostgreSQL.html
 * @see https://docs.aws.amazon.com/opensearch-service/latest/developerguide/configure-client-aurora-mysql.html
 */
export function makeRdsBody(args: RdsBodyArgs): PipelineBody {
  return {
    subPipelines: flowOf(args, { rds: toSource(args) }, NAMING),
    secrets: { [SECRET]: { secret_id: args.secretArn, ...toAws(args), refresh_interval: "PT1H" } },
  };
}

function toSource(args: RdsBodyArgs): RdsSourceOptions {
  return {
    db_identifier: args.identifier,
    cluster: args.engine.startsWith("aurora-"),
    engine: args.engine,
    database: args.database,
    tables: { include: [args.tableName] },
    authentication: { username: secret("username"), password: secret("password") },
    aws: toAws(args),
    acknowledgments: true,
    s3_bucket: args.bucket,
    s3_region: args.region,
    s3_prefix: args.exportPrefix,
    export: { kms_key_id: args.exportKeyArn, iam_role_arn: args.exportRoleArn },
    stream: true,
  };
}

function secret(member: "username" | "password"): string {
  return `\${{aws_secrets:${SECRET}:${member}}}`;
}
