import { text } from "node:stream/consumers";
import * as z from "zod";
import { SyncError } from "../../../core/errors.ts";
import { type Emulator, type EmulatorAnswer, requireOutput } from "../emulator.ts";

/**
 * Tells an on-failure destination of records that were given up.
 *
 * @param destination - ARN of an SQS queue or an SNS topic
 * @throws SyncError `ENGINE_FAILED` when it did not take the message
 */
export type SendFailure = (destination: string, failure: object) => Promise<void>;

/** Sends by the APIs of SQS and SNS. */
export function makeSendFailure(emulator: Emulator): SendFailure {
  return async (destination, failure) => {
    const message = JSON.stringify(failure);
    const [, , service, , account, name] = destination.split(":");
    if (service === "sns") return publish(emulator, destination, message);
    const input = { QueueUrl: `/${account}/${name}`, MessageBody: message };
    requireOutput(await emulator.call("sqs", "AmazonSQS.SendMessage", input), z.unknown(), destination);
  };
}

async function publish(emulator: Emulator, TopicArn: string, Message: string): Promise<void> {
  const form = new URLSearchParams({ Action: "Publish", Version: "2010-03-31", TopicArn, Message });
  const headers = { "content-type": "application/x-www-form-urlencoded" };
  const answer = await emulator.send({ service: "sns", headers, body: form.toString() });
  await requireOk(answer, TopicArn);
}

async function requireOk(answer: EmulatorAnswer, subject: string): Promise<void> {
  const body = await text(answer);
  if (answer.statusCode === 200) return;
  throw new SyncError("ENGINE_FAILED", "an on-failure destination did not take a message", {
    subject: `${subject}, ${answer.statusCode} ${body}`,
    fix: "check that the destination exists",
    retryable: true,
  });
}
