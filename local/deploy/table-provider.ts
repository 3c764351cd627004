import { type DynamoDBClient, UpdateContinuousBackupsCommand } from "@aws-sdk/client-dynamodb";
import type { DeclaredResource } from "../synth/declared-resource.ts";
import { isObject } from "../synth/json.ts";
import type { ResourceProvider } from "./resource-provider.ts";

/** DynamoDB tables: the emulator's CloudFormation makes them, but leaves point-in-time recovery as it was. */
export function makeTableProvider(tables: ResourceProvider, client: DynamoDBClient): ResourceProvider {
  const protectPast = async ({ properties }: DeclaredResource, tableName = ""): Promise<void> => {
    const declared = properties["PointInTimeRecoverySpecification"];
    const enabled = isObject(declared) && declared["PointInTimeRecoveryEnabled"] === true;
    await client.send(
      new UpdateContinuousBackupsCommand({
        TableName: tableName,
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: enabled },
      }),
    );
  };
  return {
    ...tables,
    create: async (resource, attributes) => {
      const outputs = await tables.create(resource, attributes);
      await protectPast(resource, outputs["Ref"]);
      return outputs;
    },
    update: async (resource, before, attributes) => {
      const outputs = await tables.update(resource, before, attributes);
      await protectPast(resource, outputs["Ref"]);
      return outputs;
    },
  };
}
