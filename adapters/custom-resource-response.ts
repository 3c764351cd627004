import { SyncError } from "../core/errors.ts";
import type {
  CustomResourceAnswer,
  CustomResourceResponder,
} from "../core/ports/custom-resource-responder.ts";

const ATTEMPTS = 3;
const ATTEMPT_TIMEOUT_MILLIS = 2_500;

/**
 * Puts an answer to the pre-signed URL a custom resource request carries. Three tries, 8 s in all at most.
 *
 * The content type is left empty, as the URL's signature has it.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref-responses.html
 */
export function makeCustomResourceResponder(put: typeof fetch): CustomResourceResponder {
  return {
    respond: async (responseUrl, answer) => {
      let cause: unknown;
      for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
        try {
          const { status } = await putOnce(put, responseUrl, answer);
          if (status < 300) return;
          cause = new RangeError(`status ${status}`);
        } catch (failure) {
          cause = failure;
        }
      }
      throw new SyncError("ENGINE_FAILED", "the answer to a custom resource request could not be stored", {
        subject: answer.LogicalResourceId,
        fix: "check that the function can reach S3 (a gateway endpoint, inside a VPC), then deploy again",
        retryable: true,
        cause,
      });
    },
  };
}

function putOnce(put: typeof fetch, responseUrl: string, answer: CustomResourceAnswer): Promise<Response> {
  return put(responseUrl, {
    method: "PUT",
    headers: { "content-type": "" },
    body: new TextEncoder().encode(JSON.stringify(answer)),
    signal: AbortSignal.timeout(ATTEMPT_TIMEOUT_MILLIS),
  });
}
