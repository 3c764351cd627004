import { Agent, type IncomingMessage, request } from "node:http";
import type { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import * as z from "zod";
import { SyncError } from "../../core/errors.ts";
import { toReason } from "./to-reason.ts";

/** Where the AWS emulator answers that the gateway stands in front of. */
export interface EmulatorPlace {
  readonly url: string;
  readonly region: string;
}

/** A request as it goes over the wire. The service only names the credential scope: the emulator routes by it. */
interface EmulatorRequest {
  readonly service: string;
  readonly path?: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What an action of a JSON protocol gave: its output, or the exception that AWS names. */
export type ActionAnswer =
  | { readonly kind: "done"; readonly output: unknown }
  | { readonly kind: "refused"; readonly type: string; readonly message: string };

/** An answer's head; its body is read from it. */
export type EmulatorAnswer = Readable & Pick<IncomingMessage, "statusCode" | "headers">;

/** Calls the emulator as raw HTTP: SDK clients would turn base64 and times into objects on the way. */
export interface Emulator {
  /**
   * @returns whatever the status; whoever asked reads the body
   * @throws SyncError `ENGINE_FAILED` when nothing answers (retryable)
   */
  send(request: EmulatorRequest): Promise<EmulatorAnswer>;
  /**
   * @param target - as `x-amz-target` has it: `DynamoDB_20120810.DescribeTable`
   * @throws SyncError `ENGINE_FAILED` when nothing answers, or something that is no JSON (retryable)
   */
  call(service: string, target: string, input: object): Promise<ActionAnswer>;
}

/** Sockets are given up before the emulator closes them, which it does after 75 s. */
const IDLE_SOCKET_MILLIS = 30_000;
const refusalSchema = z.object({ __type: z.string(), message: z.string().optional() });

/** Keeps connections open between requests, to calls as to what is passed through. */
export function makeKeepAliveAgent(): Agent {
  return new Agent({ keepAlive: true, timeout: IDLE_SOCKET_MILLIS });
}

/** Makes calls that wait as long as a function runs: no answer is late here. */
export function makeEmulator({ url, region }: EmulatorPlace, agent: Agent): Emulator {
  const send = ({ service, path = "/", headers, body }: EmulatorRequest): Promise<EmulatorAnswer> =>
    new Promise((resolve, reject) => {
      const outgoing = request(new URL(path, url), {
        method: "POST",
        agent,
        headers: {
          authorization: `AWS4-HMAC-SHA256 Credential=test/20260101/${region}/${service}/aws4_request, SignedHeaders=host, Signature=0`,
          "content-length": Buffer.byteLength(body),
          ...headers,
        },
      });
      outgoing.on("response", resolve);
      outgoing.on("error", (cause) => reject(unanswered(`${service}${path}`, cause)));
      outgoing.end(body);
    });
  const call = async (service: string, target: string, input: object): Promise<ActionAnswer> => {
    const headers = { "x-amz-target": target, "content-type": "application/x-amz-json-1.0" };
    try {
      const answer = await send({ service, headers, body: JSON.stringify(input) });
      const output: unknown = JSON.parse(await text(answer));
      return answer.statusCode === 200 ? { kind: "done", output } : toRefusal(output);
    } catch (cause) {
      throw cause instanceof SyncError ? cause : unanswered(target, cause);
    }
  };
  return { send, call };
}

/**
 * The output of an action that had to succeed, in the shape that is needed of it.
 *
 * @throws SyncError `ENGINE_FAILED` when it was refused, or has another shape (retryable)
 */
export function requireOutput<Output>(
  answer: ActionAnswer,
  schema: z.ZodType<Output>,
  subject: string,
): Output {
  if (answer.kind === "refused") throw unanswered(subject, new Error(`${answer.type}: ${answer.message}`));
  const parsed = schema.safeParse(answer.output);
  if (parsed.success) return parsed.data;
  throw unanswered(subject, parsed.error);
}

function toRefusal(output: unknown): ActionAnswer {
  const { __type: type, message = "no reason given" } = refusalSchema.parse(output);
  return { kind: "refused", type: type.slice(type.indexOf("#") + 1), message };
}

function unanswered(subject: string, cause: unknown): SyncError {
  return new SyncError("ENGINE_FAILED", "the AWS emulator did not answer as it should", {
    subject: `${subject}, ${toReason(cause)}`,
    fix: "look whether ministack runs, and at its output",
    retryable: true,
    cause,
  });
}
