import { SendMessageBatchCommand, type SendMessageBatchRequestEntry, SQSClient } from "@aws-sdk/client-sqs";
import { makeSqsReindexQueue } from "../../adapters/sqs-reindex-queue.ts";
import { parseReindexRequests } from "../../core/parse-reindex-request.ts";
import type { Packing } from "../../core/ports/reindex-queue.ts";
import type { ReindexRequest } from "../../core/reindex-request.ts";

const requestsOf = (count: number): readonly ReindexRequest[] =>
  Array.from({ length: count }, (_, place) => ({
    requestId: `request-${place}`,
    reason: "rebuild",
    recordId: `S:${place % 7}`,
    attempt: 1,
    notBefore: 0,
  }));

/** What a queue is sent. */
async function send(queueUrl: string, requests: readonly ReindexRequest[], packing?: Packing) {
  const sent: SendMessageBatchRequestEntry[] = [];
  const client = new SQSClient({ region: "us-east-1" });
  client.send = async (command: object) => {
    if (command instanceof SendMessageBatchCommand) sent.push(...(command.input.Entries ?? []));
    return {};
  };
  await makeSqsReindexQueue(client, queueUrl).send(requests, packing);
  return sent;
}

const read = (sent: readonly SendMessageBatchRequestEntry[]) =>
  sent.map(({ MessageBody }) => parseReindexRequests(MessageBody ?? ""));

it("sends a FIFO queue a message a request, those of one record in one group", async () => {
  const requests = requestsOf(25);
  const sent = await send("https://sqs/reindex.fifo", requests);
  expect(read(sent).flat()).toEqual(requests);
  expect(sent.map(({ MessageDeduplicationId }) => MessageDeduplicationId)).toEqual(
    requests.map(({ requestId }) => requestId),
  );
  expect(new Set(sent.map(({ MessageGroupId }) => MessageGroupId)).size).toBe(7);
});

it("sends a hundred to a message where they may be read together, each once", async () => {
  const requests = requestsOf(250);
  const sent = await send("https://sqs/reindex", requests, { together: true });
  expect(read(sent).map(({ length }) => length)).toEqual([100, 100, 50]);
  expect(read(sent).flat()).toEqual(requests);
});

it("names no group and no duplicate to a queue that is not FIFO, which would refuse them", async () => {
  for (const packing of [{ together: true }, { together: false }]) {
    for (const message of await send("https://sqs/reindex", requestsOf(3), packing)) {
      expect(Object.keys(message).sort()).toEqual(["Id", "MessageBody"]);
    }
  }
});
