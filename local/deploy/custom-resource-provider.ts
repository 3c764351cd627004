import { randomUUID } from "node:crypto";
import { GetObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import * as z from "zod";
import type { CallFunction } from "../../adapters/lambda-caller.ts";
import { SyncError } from "../../core/errors.ts";
import { parseSyncError } from "../../core/parse-sync-error.ts";
import type { DeclaredResource } from "../synth/declared-resource.ts";
import type { ResourceProvider } from "./resource-provider.ts";
import type { Outputs, StandingResource } from "./standing-resources.ts";

const answerSchema = z.object({
  Status: z.enum(["SUCCESS", "FAILED"]),
  PhysicalResourceId: z.string().optional(),
  Reason: z.string().default("no reason given"),
  Data: z.record(z.string(), z.string()).default({}),
});

type Answer = z.infer<typeof answerSchema>;
type RequestType = "Create" | "Update" | "Delete";

export interface CustomResourceDeps {
  /** The AWS endpoint as functions reach it. */
  readonly aws: string;
  readonly s3: S3Client;
  readonly call: CallFunction;
}

const PHYSICAL_ID = "Ref";

/**
 * Custom resources the way Pulumi's `CustomResourceEmulator` does them: the function is invoked with a place in S3 to
 * answer to, and the answer is read from there. A create that fails leaves nothing; an update that fails is asked again
 * by the next deploy; an update that changes the physical id deletes the old resource.
 *
 * Left out: Pulumi invokes asynchronously and polls for up to an hour. Here the invocation is waited for, so that a
 * function that dies without an answer is seen at once.
 *
 * @see https://www.pulumi.com/registry/packages/aws-native/api-docs/cloudformation/customresourceemulator/
 */
export function makeCustomResourceProvider(deps: CustomResourceDeps): ResourceProvider {
  return {
    create: async (resource) => toOutputs(await ask(deps, "Create", resource)),
    update: async (resource, before) => {
      const outputs = toOutputs(await ask(deps, "Update", resource, before));
      if (outputs[PHYSICAL_ID] !== before.outputs[PHYSICAL_ID]) await ask(deps, "Delete", before, before);
      return outputs;
    },
    delete: async (standing) => void (await ask(deps, "Delete", standing, standing)),
  };
}

async function ask(
  { aws, s3, call }: CustomResourceDeps,
  RequestType: RequestType,
  { logicalId, type, properties }: DeclaredResource,
  before?: StandingResource,
): Promise<Answer> {
  const { ServiceToken = "", ResponseBucket = "", ResponsePrefix = "", ...ResourceProperties } = properties;
  const RequestId = randomUUID();
  const [Bucket, Key] = [String(ResponseBucket), `${ResponsePrefix}${RequestId}.json`];
  await call(String(ServiceToken), {
    RequestType,
    RequestId,
    StackId: "trueup-local",
    // The emulator asks for no signature.
    ResponseURL: `${aws}/${Bucket}/${Key}`,
    ResourceType: type,
    LogicalResourceId: logicalId,
    ResourceProperties,
    ...(before === undefined ? {} : { PhysicalResourceId: before.outputs[PHYSICAL_ID] }),
    ...(RequestType === "Update" ? { OldResourceProperties: before?.properties } : {}),
  });
  const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
  const answer = answerSchema.parse(JSON.parse((await Body?.transformToString()) ?? ""));
  if (answer.Status === "FAILED") throw parseSyncError(answer.Reason) ?? refused(logicalId, answer.Reason);
  return answer;
}

function toOutputs({ PhysicalResourceId = "", Data }: Answer): Outputs {
  return { [PHYSICAL_ID]: PhysicalResourceId, ...Data };
}

function refused(logicalId: string, reason: string): SyncError {
  return new SyncError("ENGINE_FAILED", "a custom resource was refused", {
    subject: `${logicalId}: ${reason}`,
    fix: "correct what the reason names, then run `trueup local up` again",
    retryable: false,
  });
}
