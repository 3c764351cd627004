import type * as pulumi from "@pulumi/pulumi";
import { output } from "@pulumi/pulumi";
import type { BodyArgs } from "../../core/ingestion/document-flow.ts";
import { makeRdsBody, nameRdsPipeline } from "../../core/ingestion/rds-body.ts";
import type { ManagedDatabase, SqlSource, TableContext } from "../table-context.ts";
import type { ManagedPipelineArgs } from "./managed-args.ts";
import { ManagedPipeline, type WrittenGeneration } from "./managed-pipeline.ts";
import { readDatabase } from "./rds-grants.ts";

/**
 * The pipeline of a table of RDS or Aurora: a snapshot's export, then the database's log.
 *
 * Data Prepper makes a slot and a publication for PostgreSQL and never drops them, so that the log would be kept for ever: a
 * custom resource that goes after the pipeline does.
 *
 * @see https://docs.aws.amazon.com/opensearch-service/latest/developerguide/aurora-PostgreSQL.html
 */
export class RdsManagedPipeline extends ManagedPipeline {
  constructor(
    name: string,
    context: TableContext<SqlSource>,
    plan: WrittenGeneration,
    args: ManagedPipelineArgs,
    indexUuid: pulumi.Output<string>,
    database: ManagedDatabase,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    const { engine, identifier, exportRoleArn, exportKeyArn } = database;
    const known = output({ identifier, exportRoleArn, exportKeyArn, table: context.source.descriptor });
    const makeBody = known.apply(({ table, ...rest }) => {
      const { connection, tableName } = table;
      const { database: databaseName, secretArn } = connection;
      const shared = { engine, database: databaseName, tableName, secretArn, ...rest };
      return (body: BodyArgs) => makeRdsBody({ ...body, ...shared });
    });
    const source = {
      type: "trueup:managed:RdsManagedPipeline",
      grants: readDatabase(context, database, plan.generation),
      nameFirst: nameRdsPipeline,
      cidrBlock: database.cidrBlock,
      makeBody,
      before: (parent: pulumi.Resource, subPipelineName: pulumi.Output<string>) => [
        database.dropLogAfter(
          `${name}-log`,
          { tableName: context.source.tableName, subPipelineName },
          parent,
        ),
      ],
    };
    super(name, context, plan, args, indexUuid, source, opts);
  }
}
