import { makeDynamodbStreamLag } from "../../adapters/dynamodb-stream-lag.ts";
import type { ManagedGeneration, TableDescriptor } from "../../core/table-descriptor.ts";
import { makeTwoShardStream } from "../support/two-shard-stream.ts";

const NOW = Date.parse("2026-11-25T10:00:00Z");
const SECOND = 1000;
const generation: ManagedGeneration = {
  mode: "managed",
  generation: "orders-managed-1",
  revision: 1,
  index: "orders-managed-1",
  writeAlias: "orders-managed-1-write",
  indexUuid: "uuid",
  transformHash: "identity",
  reindexQueueUrl: "q",
  deadLetterQueueUrl: "d",
  buildStateMachine: "b",
  pipeline: { name: "orders", collectSeconds: 30 },
};
const table: TableDescriptor = {
  table: "orders",
  alias: "orders",
  source: {
    kind: "dynamodb",
    tableName: "orders",
    tableArn: "table",
    streamArn: "stream",
    key: { partitionKey: { name: "id", type: "S" } },
  },
  access: { auditRoleArn: "a", lifecycleRoleArn: "l" },
  generations: [generation],
  cutover: "automatic",
  audit: { verifyIndex: true, breaker: { share: 1, minimumCount: 1 }, fullEveryDays: 30, pollSeconds: 1 },
  consumerTimeoutSeconds: 60,
  manifestBuckets: 4,
};

function lagOf(newest: number, sentUntil: number | undefined, loadedUntil = 0) {
  const { streams, asked } = makeTwoShardStream(NOW - 5_000 * SECOND, newest);
  const unused = () => Promise.reject(new Error("a pipeline has no positions"));
  const lag = makeDynamodbStreamLag({
    streams,
    positions: { positions: unused },
    sentUntilOf: async () => sentUntil,
    now: () => NOW,
    onUnknown: (cause) => {
      throw cause;
    },
  });
  return { asked, seconds: lag.lagSeconds(table, generation, loadedUntil) };
}

describe("the lag of a managed generation", () => {
  it("is none while the pipeline may not have told yet what it sent, and costs no look at the stream", async () => {
    const { asked, seconds } = lagOf(NOW, NOW - 69 * SECOND);
    expect(await seconds).toBe(0);
    expect(asked).toEqual([]);
  });

  it("is none where the stream holds nothing newer than what was sent", async () => {
    const { asked, seconds } = lagOf(NOW - 900 * SECOND, NOW - 900 * SECOND);
    expect(await seconds).toBe(0);
    expect(asked.toSorted()).toEqual(["new TRIM_HORIZON", "old TRIM_HORIZON"]);
  });

  it("is the age of the first change that a silent pipeline has not sent", async () => {
    expect(await lagOf(NOW - 300 * SECOND, NOW - 900 * SECOND).seconds).toBe(300);
  });

  it("counts from the load where nothing was sent since", async () => {
    expect(await lagOf(NOW - 300 * SECOND, undefined, NOW - 900 * SECOND).seconds).toBe(300);
    expect(await lagOf(NOW - 900 * SECOND, undefined, NOW - 600 * SECOND).seconds).toBe(0);
  });
});
