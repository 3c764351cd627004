import { PublishCommand, type SNSClient } from "@aws-sdk/client-sns";
import type { Announcer } from "../core/ports/announcer.ts";

/** SNS takes subjects of at most 100 ASCII characters without line breaks. */
const MAXIMUM_SUBJECT_LENGTH = 99;

/**
 * Tells an environment's SNS topic: the subject, and the whole announcement as JSON.
 *
 * @param onFailure - told when the topic cannot be reached; what is announced has happened already
 * @see https://docs.aws.amazon.com/sns/latest/api/API_Publish.html
 */
export function makeSnsAnnouncer(
  client: SNSClient,
  topicArn: string,
  onFailure: (cause: unknown) => void,
): Announcer {
  return {
    announce: async (announcement) => {
      const Subject = announcement.subject.replace(/[^ -~]/g, " ").slice(0, MAXIMUM_SUBJECT_LENGTH);
      try {
        const Message = JSON.stringify(announcement, null, 2);
        await client.send(new PublishCommand({ TopicArn: topicArn, Subject, Message }));
      } catch (cause) {
        onFailure(cause);
      }
    },
  };
}
