import { createServer, type Server } from "node:http";
import { Readable } from "node:stream";
import {
  DescribeDBClustersCommand,
  DescribeExportTasksCommand,
  ExportTaskAlreadyExistsFault,
  ExportTaskNotFoundFault,
  RDSClient,
  StartExportTaskCommand,
} from "@aws-sdk/client-rds";
import {
  asksRds,
  makeExportTaskActions,
} from "../../../../local/stand-ins/cluster-export/export-task-actions.ts";
import type { ExportTaskFacts } from "../../../../local/stand-ins/cluster-export/export-tasks.ts";

const REQUEST = {
  ExportTaskIdentifier: "task-1",
  SourceArn: "arn:aws:rds:us-east-1:123456789012:cluster:shop",
  S3BucketName: "state",
  S3Prefix: "exports/<a>&b",
  IamRoleArn: "role",
  KmsKeyId: "key",
  ExportOnly: ["shop.public.orders", "shop.public.customers"],
};

let server: Server;
let rds: RDSClient;
const tasks = new Map<string, ExportTaskFacts>();
const passedOn: string[] = [];

beforeAll(async () => {
  const answer = makeExportTaskActions(
    {
      begin: (request) => {
        if (tasks.has(request.ExportTaskIdentifier))
          return { refused: "ExportTaskAlreadyExists", message: "it exists" };
        const begun = { ...request, Status: "STARTING", TaskStartTime: "2026-11-25T10:00:00.000Z" } as const;
        tasks.set(request.ExportTaskIdentifier, begun);
        return begun;
      },
      list: (identifier) =>
        [...tasks.values()].filter(
          (task) => identifier === undefined || task.ExportTaskIdentifier === identifier,
        ),
    },
    {
      send: async ({ body }) => {
        passedOn.push(body);
        const xml =
          "<DescribeDBClustersResponse><DescribeDBClustersResult><DBClusters/></DescribeDBClustersResult></DescribeDBClustersResponse>";
        return Object.assign(Readable.from([xml]), {
          statusCode: 200,
          headers: { "content-type": "text/xml" },
        });
      },
    },
  );
  server = createServer((request, response) => {
    expect(asksRds(request)).toBe(true);
    void answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  rds = new RDSClient({
    region: "us-east-1",
    endpoint: `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}`,
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
    maxAttempts: 1,
  });
});
afterAll(async () => {
  rds.destroy();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

describe("RDS's export tasks, as the SDK asks for them", () => {
  it("are started once by their identifier, and told with what they were asked for", async () => {
    const { S3BucketName, ...asked } = REQUEST;
    const begun = await rds.send(new StartExportTaskCommand(REQUEST));
    expect(begun).toMatchObject({ ...asked, S3Bucket: S3BucketName, Status: "STARTING" });
    await expect(rds.send(new StartExportTaskCommand(REQUEST))).rejects.toThrow(ExportTaskAlreadyExistsFault);
    const { ExportTasks } = await rds.send(
      new DescribeExportTasksCommand({ ExportTaskIdentifier: "task-1" }),
    );
    expect(ExportTasks).toEqual([
      expect.objectContaining({ ...asked, TaskStartTime: new Date("2026-11-25T10:00:00Z") }),
    ]);
  });

  it("are not found by an identifier that nobody gave", async () => {
    const unknown = new DescribeExportTasksCommand({ ExportTaskIdentifier: "task-2" });
    await expect(rds.send(unknown)).rejects.toThrow(ExportTaskNotFoundFault);
  });

  it("leave everything else that RDS is asked to the emulator", async () => {
    expect((await rds.send(new DescribeDBClustersCommand({}))).DBClusters).toEqual([]);
    expect(passedOn).toEqual([expect.stringContaining("Action=DescribeDBClusters")]);
  });
});
