import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import {
  CreateTableCommand,
  DynamoDBClient,
  UpdateContinuousBackupsCommand,
  waitUntilTableExists,
} from "@aws-sdk/client-dynamodb";
import { S3Client } from "@aws-sdk/client-s3";
import { type GatewayProcess, startGateway } from "../../local/engines/gateway.ts";
import { projectRoot } from "../../local/setup/folders.ts";
import { aws } from "./lambda-stubs.ts";

/** A gateway process of this test's own, in front of the run's emulator, and clients that know only the gateway. */
export interface GatewayWorld {
  readonly gateway: GatewayProcess;
  readonly dynamodb: DynamoDBClient;
  readonly s3: S3Client;
  stop(): Promise<void>;
}

/** Starts a gateway. @param emulator - what it stands in front of */
export async function startGatewayWorld(emulator = aws.endpoint): Promise<GatewayWorld> {
  const parent = join(projectRoot, ".trueup/test");
  mkdirSync(parent, { recursive: true });
  const folder = mkdtempSync(join(parent, "gateway-"));
  const gateway = await startGateway({ port: await freePort(), folder, emulator, region: aws.region });
  const client = { ...aws, endpoint: gateway.url };
  const dynamodb = new DynamoDBClient(client);
  const s3 = new S3Client({ ...client, forcePathStyle: true });
  return {
    gateway,
    dynamodb,
    s3,
    stop: async () => {
      await gateway.stop();
      dynamodb.destroy();
      s3.destroy();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Makes a table with a stream of both images and point-in-time recovery. @returns the ARNs of both */
export async function createStreamedTable(dynamodb: DynamoDBClient, TableName: string) {
  const { TableDescription: table } = await dynamodb.send(
    new CreateTableCommand({
      TableName,
      BillingMode: "PAY_PER_REQUEST",
      AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
      KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
      StreamSpecification: { StreamEnabled: true, StreamViewType: "NEW_AND_OLD_IMAGES" },
    }),
  );
  await waitUntilTableExists({ client: dynamodb, maxWaitTime: 60 }, { TableName });
  const PointInTimeRecoverySpecification = { PointInTimeRecoveryEnabled: true };
  await dynamodb.send(new UpdateContinuousBackupsCommand({ TableName, PointInTimeRecoverySpecification }));
  return { tableArn: table?.TableArn ?? "", streamArn: table?.LatestStreamArn ?? "" };
}

/** A port that is free now. */
export async function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0));
    });
  });
}
