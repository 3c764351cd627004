import { createHash, randomBytes } from "node:crypto";
import { request } from "node:http";
import { ListTablesCommand } from "@aws-sdk/client-dynamodb";
import {
  CreateBucketCommand,
  GetObjectCommand,
  HeadObjectCommand,
  NoSuchKey,
  PutObjectCommand,
} from "@aws-sdk/client-s3";
import { createStreamedTable, freePort, type GatewayWorld, startGatewayWorld } from "./gateway-world.ts";

const MEGABYTE = 1024 * 1024;
const bucket = `gateway-${process.pid}`;
let world: GatewayWorld;

jest.setTimeout(120_000);

beforeAll(async () => {
  world = await startGatewayWorld();
  await world.s3.send(new CreateBucketCommand({ Bucket: bucket }));
});

afterAll(() => world.stop());

describe("the gateway", () => {
  it("hands on a large object, there and back, byte by byte", async () => {
    const Body = randomBytes(50 * MEGABYTE);
    await world.s3.send(new PutObjectCommand({ Bucket: bucket, Key: "large", Body }));
    const { ContentLength } = await world.s3.send(new HeadObjectCommand({ Bucket: bucket, Key: "large" }));
    expect(ContentLength).toBe(Body.length);
    const answer = await world.s3.send(new GetObjectCommand({ Bucket: bucket, Key: "large" }));
    expect(digest((await answer.Body?.transformToByteArray()) ?? Buffer.alloc(0))).toBe(digest(Body));
  });

  it("leaves errors, query strings and ranges as they are", async () => {
    await expect(
      world.s3.send(new GetObjectCommand({ Bucket: bucket, Key: "absent" })),
    ).rejects.toBeInstanceOf(NoSuchKey);
    await world.s3.send(new PutObjectCommand({ Bucket: bucket, Key: "a b/ü?", Body: "0123456789" }));
    const answer = await world.s3.send(
      new GetObjectCommand({ Bucket: bucket, Key: "a b/ü?", Range: "bytes=2-4" }),
    );
    expect([answer.ContentRange, await answer.Body?.transformToString()]).toEqual(["bytes 2-4/10", "234"]);
  });

  it("bears many requests at once and callers that go away", async () => {
    await createStreamedTable(world.dynamodb, `gateway-${process.pid}`);
    const answers = await Promise.all(
      Array.from({ length: 200 }, () => world.dynamodb.send(new ListTablesCommand({}))),
    );
    expect(answers.every(({ TableNames = [] }) => TableNames.includes(`gateway-${process.pid}`))).toBe(true);
    const leaving = request(`${world.gateway.url}/${bucket}/half`, {
      method: "PUT",
      headers: { "content-length": 1000 },
    });
    leaving.on("error", () => {});
    await new Promise<void>((resolve) => {
      leaving.write("half", () => resolve());
    });
    leaving.destroy();
    expect((await fetch(`${world.gateway.url}/_trueup/health`)).ok).toBe(true);
  });

  it("answers 503 while nothing is behind it, and goes on", async () => {
    const alone = await startGatewayWorld(`http://127.0.0.1:${await freePort()}`);
    try {
      const body = "x".repeat(MEGABYTE);
      for (let round = 0; round < 3; round += 1) {
        const answer = await fetch(`${alone.gateway.url}/${bucket}/key`, { method: "PUT", body });
        expect(answer.status).toBe(503);
      }
      expect((await fetch(`${alone.gateway.url}/_trueup/health`)).ok).toBe(true);
    } finally {
      await alone.stop();
    }
    await expect(fetch(alone.gateway.url)).rejects.toThrow();
  });
});

function digest(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
