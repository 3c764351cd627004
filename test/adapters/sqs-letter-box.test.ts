import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageBatchCommand,
  type Message,
  ReceiveMessageCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { makeSqsLetterBox, type TakenLetter } from "../../adapters/sqs-letter-box.ts";
import type { DeadLetter } from "../../core/reindex-request.ts";

const URL = "https://sqs/dead";
const letter: DeadLetter = {
  table: "orders",
  generation: "orders-custom-1",
  recordId: "S:7",
  key: { id: { S: "7" } },
  cause: "MAPPING_REJECTED",
  reason: "a date is wanted",
  position: "shardId-1/9",
  at: "2026-11-23T10:00:00Z",
};

/** A letter box over a queue that holds these messages and notes what is asked of it. */
function open(...messages: readonly Message[]) {
  const asked: object[] = [];
  const client = new SQSClient({ region: "us-east-1" });
  client.send = async (command: object) => {
    asked.push(command);
    return command instanceof ReceiveMessageCommand ? { Messages: [...messages] } : {};
  };
  return { asked, box: makeSqsLetterBox(client) };
}

async function readOne(body: string): Promise<DeadLetter | undefined> {
  return (await open({ Body: body, ReceiptHandle: "h" }).box.receive(URL))[0]?.letter;
}

const lettersOf = (count: number): readonly TakenLetter[] =>
  Array.from({ length: count }, (_, place) => ({ letter, receiptHandle: `h${place}` }));

const handlesOf = ({ input }: DeleteMessageBatchCommand | ChangeMessageVisibilityBatchCommand) =>
  input.Entries?.map(({ ReceiptHandle }) => ReceiptHandle);

describe("receiving", () => {
  it("asks for ten letters, hidden for half a minute", async () => {
    const { asked, box } = open({ Body: JSON.stringify(letter), ReceiptHandle: "h" });
    expect(await box.receive(URL)).toEqual([{ letter, receiptHandle: "h" }]);
    expect(asked).toMatchObject([
      { input: { QueueUrl: URL, MaxNumberOfMessages: 10, VisibilityTimeout: 30 } },
    ]);
  });

  it("finds nothing in an empty queue, where SQS lists no messages at all", async () => {
    const client = new SQSClient({ region: "us-east-1" });
    client.send = async () => ({});
    expect(await makeSqsLetterBox(client).receive(URL)).toEqual([]);
  });

  it("reads which document was refused, where the letter says it", async () => {
    expect(await readOne(JSON.stringify({ ...letter, documentId: "S:7#1" }))).toEqual({
      ...letter,
      documentId: "S:7#1",
    });
    expect(await readOne(JSON.stringify({ ...letter, documentId: 7 }))).toEqual(letter);
  });

  it.each(["", "no JSON", "null", "17", "{}", "[]", '{"table":7,"key":null}'])(
    "shows the body %j as an unreadable letter, which can be removed",
    async (body) => {
      const unreadable = { table: "", recordId: "", key: {}, cause: "UNREADABLE" };
      const { box } = open({ Body: body, ReceiptHandle: "h" });
      expect(await box.receive(URL)).toMatchObject([{ letter: unreadable, receiptHandle: "h" }]);
    },
  );

  it("says which queue could not be read, and why", async () => {
    const client = new SQSClient({ region: "us-east-1" });
    const cause = Object.assign(new Error("no"), { name: "QueueDoesNotExist" });
    client.send = () => Promise.reject(cause);
    await expect(makeSqsLetterBox(client).receive(URL)).rejects.toMatchObject({
      code: "ENGINE_FAILED",
      retryable: true,
      message: expect.stringContaining(`${URL}, QueueDoesNotExist`),
      cause,
    });
  });
});

it("removes letters in calls of ten, each named once a call", async () => {
  const { asked, box } = open();
  await box.remove(URL, lettersOf(23));
  const calls = asked.filter((command) => command instanceof DeleteMessageBatchCommand);
  expect(calls).toHaveLength(asked.length);
  expect(calls.map(({ input }) => [input.QueueUrl, input.Entries?.length])).toEqual([
    [URL, 10],
    [URL, 10],
    [URL, 3],
  ]);
  expect(calls.flatMap(handlesOf)).toEqual(lettersOf(23).map(({ receiptHandle }) => receiptHandle));
  for (const { input } of calls)
    expect(new Set(input.Entries?.map(({ Id }) => Id)).size).toBe(input.Entries?.length);
});

it("gives letters back in calls of ten, to be seen by others at once", async () => {
  const { asked, box } = open();
  await box.giveBack(URL, lettersOf(11));
  const calls = asked.filter((command) => command instanceof ChangeMessageVisibilityBatchCommand);
  expect(calls).toHaveLength(asked.length);
  expect(calls.map(({ input }) => input.Entries?.length)).toEqual([10, 1]);
  expect(calls.flatMap(handlesOf)).toEqual(lettersOf(11).map(({ receiptHandle }) => receiptHandle));
  for (const { VisibilityTimeout } of calls.flatMap(({ input }) => input.Entries ?? []))
    expect(VisibilityTimeout).toBe(0);
});

it("asks nothing where there is no letter", async () => {
  const { asked, box } = open();
  await box.remove(URL, []);
  await box.giveBack(URL, []);
  expect(asked).toEqual([]);
});
