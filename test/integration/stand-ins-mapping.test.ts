import { PutItemCommand } from "@aws-sdk/client-dynamodb";
import { CreateQueueCommand, ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { killFunction } from "../../local/demo/find-function-process.ts";
import { waitUntil } from "../../local/engines/wait-until.ts";
import { createStreamedTable, type GatewayWorld, startGatewayWorld } from "./gateway-world.ts";
import { aws, startStubs } from "./lambda-stubs.ts";

interface StreamEvent {
  readonly Records: readonly {
    readonly eventName: string;
    readonly dynamodb: {
      readonly ApproximateCreationDateTime: number;
      readonly SequenceNumber: string;
      readonly NewImage: { readonly n: { readonly N: string } };
    };
  }[];
  readonly state?: { readonly sum?: number };
  readonly window?: { readonly start: string; readonly end: string };
  readonly isFinalInvokeForWindow?: boolean;
}

const patience = { withinMillis: 60_000, fix: "look at the gateway's output" };
const functionName = (name: string) => `${name}-${process.pid}`;
let world: GatewayWorld;
let tables = 0;
const opened = new Set<() => Promise<void>>();

jest.setTimeout(120_000);

beforeAll(async () => {
  world = await startGatewayWorld();
});

afterAll(async () => {
  // A test that failed has stopped nothing, and jest would wait for its servers.
  for (const stop of opened) await stop();
  await world.stop();
});

/** A table, a function that runs in this test, and a mapping between them. */
async function connect(
  declared: object,
  answer: (numbers: readonly number[], event: StreamEvent) => unknown,
) {
  tables += 1;
  const name = `mapped-${tables}`;
  const events: StreamEvent[] = [];
  const table = `${name}-${process.pid}`;
  const { streamArn } = await createStreamedTable(world.dynamodb, table);
  const stubs = await startStubs({
    [name]: (received) => {
      const event = received as unknown as StreamEvent;
      events.push(event);
      return answer(numbersOf(event), event);
    },
  });
  const properties = {
    EventSourceArn: streamArn,
    FunctionName: stubs.arnOf(name),
    StartingPosition: "TRIM_HORIZON",
    FunctionResponseTypes: ["ReportBatchItemFailures"],
    ...declared,
  };
  const url = `${world.gateway.url}/_trueup/stream-mappings/${name}`;
  const declare = (more: object = {}) =>
    fetch(url, { method: "PUT", body: JSON.stringify({ ...properties, ...more }) });
  const stop = async () => {
    if (!opened.delete(stop)) return;
    await fetch(url, { method: "DELETE" });
    await stubs.stop();
  };
  opened.add(stop);
  return {
    name,
    events,
    declare,
    sent: () => events.map(numbersOf),
    write: async (...numbers: readonly number[]) => {
      for (const n of numbers) {
        await world.dynamodb.send(
          new PutItemCommand({ TableName: table, Item: { id: { S: `${n}` }, n: { N: `${n}` } } }),
        );
      }
    },
    remove: () => fetch(url, { method: "DELETE" }),
    stop,
  };
}

function numbersOf({ Records }: StreamEvent): readonly number[] {
  return Records.map(({ dynamodb }) => Number(dynamodb.NewImage.n.N));
}

function failAt(event: StreamEvent, place: number) {
  return { batchItemFailures: [{ itemIdentifier: event.Records[place]?.dynamodb.SequenceNumber }] };
}

describe("a stream mapping", () => {
  it("delivers what the stream holds, in order, in the shape of Lambda's events", async () => {
    const { name, events, sent, write, declare, stop } = await connect({ BatchSize: 3 }, () => null);
    await write(1, 2, 3, 4, 5);
    expect((await declare()).status).toBe(200);
    await waitUntil("every record is delivered", () => sent().flat().length === 5, patience);
    expect(sent()).toEqual([
      [1, 2, 3],
      [4, 5],
    ]);
    expect(events[0]?.Records[0]).toMatchObject({
      eventName: "INSERT",
      eventSource: "aws:dynamodb",
      eventSourceARN: expect.stringContaining(":dynamodb:"),
      dynamodb: {
        ApproximateCreationDateTime: expect.any(Number),
        Keys: { id: { S: "1" } },
        StreamViewType: "NEW_AND_OLD_IMAGES",
      },
    });
    const last = events.at(-1)?.Records.at(-1)?.dynamodb.SequenceNumber;
    // A batch is delivered before its answer moves the position.
    await waitUntil(
      "the position moves",
      async () => (await listed(name))?.lastSequenceNumber === last,
      patience,
    );
    expect(await listed(name)).toMatchObject({ state: "reading", lastSequenceNumber: last });
    await stop();
  });

  it("begins again at the record that failed, and only there", async () => {
    let failures = 0;
    const { sent, write, declare, stop } = await connect({}, (numbers, event) => {
      const place = numbers.indexOf(3);
      failures += 1;
      return place === -1 || failures > 3 ? { batchItemFailures: [] } : failAt(event, place);
    });
    await write(1, 2, 3, 4);
    await declare();
    await waitUntil("the last batch is delivered", () => sent().length === 4, patience);
    expect(sent()).toEqual([
      [1, 2, 3, 4],
      [3, 4],
      [3, 4],
      [3, 4],
    ]);
    await write(5);
    await waitUntil("the stream goes on", () => sent().length === 5, patience);
    expect(sent().at(-1)).toEqual([5]);
    await stop();
  });

  it("holds a shard up while its function throws, and loses nothing", async () => {
    let broken = true;
    const { name, sent, write, declare, stop } = await connect({ BatchSize: 2 }, () => {
      if (broken) throw new Error("out of order");
      return null;
    });
    await write(1, 2, 3);
    await declare();
    await waitUntil("the batch was tried again", () => sent().length >= 3, patience);
    const { retries = 0, lastError = "" } = (await listed(name)) ?? {};
    expect(retries).toBeGreaterThan(0);
    expect(lastError).toContain("out of order");
    expect(new Set(sent().map(String))).toEqual(new Set(["1,2"]));
    broken = false;
    await waitUntil("everything is delivered", () => String(sent().at(-1)) === "3", patience);
    await stop();
  });

  it("sends a batch again whose function was killed", async () => {
    let killed = 0;
    const { name, sent, write, declare, stop } = await connect({}, () => {
      if (killed === 0) killed = killFunction(functionName(name));
      return null;
    });
    await write(1, 2);
    await declare();
    await waitUntil("the batch is sent again", () => sent().length === 2, patience);
    expect(killed).toBeGreaterThan(0);
    expect(sent()).toEqual([
      [1, 2],
      [1, 2],
    ]);
    await stop();
  });

  it("tells its destination of the one record it gives up, and delivers the others", async () => {
    const sqs = new SQSClient(aws);
    const QueueName = `discarded-${process.pid}`;
    const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName }));
    const Destination = `arn:aws:sqs:us-east-1:123456789012:${QueueName}`;
    const taken: number[] = [];
    const { events, write, declare, stop } = await connect(
      {
        BisectBatchOnFunctionError: true,
        MaximumRetryAttempts: 1,
        DestinationConfig: { OnFailure: { Destination } },
      },
      (numbers) => {
        if (numbers.includes(3)) throw new Error("never");
        taken.push(...numbers);
        return null;
      },
    );
    await write(1, 2, 3, 4, 5);
    await declare();
    await waitUntil("the others are delivered", () => taken.length === 4, patience);
    expect(taken).toEqual([1, 2, 4, 5]);
    const { Messages } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 5 }));
    const sequence = events[0]?.Records[2]?.dynamodb.SequenceNumber;
    expect(JSON.parse(Messages?.[0]?.Body ?? "null")).toMatchObject({
      requestContext: { condition: "RetryAttemptsExhausted", approximateInvokeCount: 2 },
      responseContext: { functionError: "Unhandled" },
      DDBStreamBatchInfo: { startSequenceNumber: sequence, endSequenceNumber: sequence, batchSize: 1 },
    });
    await stop();
  });

  it("carries state through a tumbling window, to its last invocation", async () => {
    const { events, write, declare, stop } = await connect(
      { TumblingWindowInSeconds: 1 },
      (numbers, { state }) => ({ state: { sum: numbers.reduce((sum, n) => sum + n, state?.sum ?? 0) } }),
    );
    await declare();
    const closed = () => events.find(({ isFinalInvokeForWindow }) => isFinalInvokeForWindow === true);
    let n = 0;
    await waitUntil(
      "a window is closed",
      async () => {
        n += 1;
        await write(n);
        return closed() !== undefined;
      },
      patience,
    );
    const last = closed();
    const inWindow = events.filter(({ window }) => window?.start === last?.window?.start).flatMap(numbersOf);
    expect(last).toMatchObject({ Records: [], isWindowTerminatedEarly: false });
    expect(last?.state).toEqual({ sum: inWindow.reduce((sum, number) => sum + number, 0) });
    await stop();
  });

  it("changed in place keeps its position, and removed gets nothing more", async () => {
    const { name, sent, write, declare, remove, stop } = await connect({}, () => null);
    await declare();
    await write(1);
    await waitUntil("the first record is delivered", () => sent().flat().length === 1, patience);
    await declare({ BatchSize: 1, Enabled: false });
    await write(2, 3);
    await declare({ BatchSize: 1 });
    await waitUntil("the others are delivered", () => sent().flat().length === 3, patience);
    expect(sent()).toEqual([[1], [2], [3]]);
    expect((await remove()).status).toBe(200);
    expect((await remove()).status).toBe(200);
    expect(await listed(name)).toBeUndefined();
    await stop();
  });

  it("is refused with what it could not honour, by name", async () => {
    const { declare, stop } = await connect(
      { ParallelizationFactor: 3, FilterCriteria: { Filters: [] } },
      () => null,
    );
    const answer = await declare();
    expect(answer.status).toBe(400);
    expect(await answer.text()).toMatch(/CONFIGURATION_INVALID.*ParallelizationFactor.*FilterCriteria/);
    await stop();
  });
});

/** The state of a mapping's only shard. */
async function listed(name: string) {
  const answer = await fetch(`${world.gateway.url}/_trueup/stream-mappings`);
  const { mappings } = (await answer.json()) as {
    mappings: {
      name: string;
      shards: { retries: number; lastError?: string; lastSequenceNumber?: string }[];
    }[];
  };
  return mappings.find((mapping) => mapping.name === name)?.shards[0];
}
