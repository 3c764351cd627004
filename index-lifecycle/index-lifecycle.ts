import { setTimeout } from "node:timers/promises";
import { S3Client } from "@aws-sdk/client-s3";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { SFNClient } from "@aws-sdk/client-sfn";
import { SNSClient } from "@aws-sdk/client-sns";
import { SQSClient } from "@aws-sdk/client-sqs";
import { assumeRole, onceARole } from "../adapters/assume-role.ts";
import { makeCustomResourceResponder } from "../adapters/custom-resource-response.ts";
import { makeWriteMeasures } from "../adapters/lambda-metrics.ts";
import { makeOpenSearchAdmin } from "../adapters/opensearch-admin.ts";
import { makeSearchConnection } from "../adapters/opensearch-connection.ts";
import { makeOpenSearchSecurity } from "../adapters/opensearch-security.ts";
import { makeSearchSend } from "../adapters/opensearch-send.ts";
import { readLifecycleSettings } from "../adapters/read-settings.ts";
import { makeS3ControlStore } from "../adapters/s3-control-store.ts";
import { makeS3ObjectStore } from "../adapters/s3-object-store.ts";
import { makeSearchTargetProbe } from "../adapters/search-target-probe.ts";
import { makeReadCredentials } from "../adapters/secret-reader.ts";
import { makeSfnExecutions } from "../adapters/sfn-executions.ts";
import { makeSnsAnnouncer } from "../adapters/sns-announcer.ts";
import { makeSqsQueueDepth } from "../adapters/sqs-queue-depth.ts";
import { makeHandleCommand } from "./handle-command.ts";
import { makeHandleCustomResource } from "./handle-custom-resource.ts";
import { makeHandleInvocation } from "./handle-invocation.ts";
import { makeLifecycleActions } from "./lifecycle-actions.ts";
import type { LifecycleAccess, LifecycleDeps } from "./lifecycle-deps.ts";
import { makeLagReader } from "./make-lag-reader.ts";
import { makeLookAtSlot } from "./make-look-at-slot.ts";
import { reachSource } from "./reach-source.ts";

/** Failures that do not fail what was asked, as one line of JSON each. */
const warn = (message: string) => (cause: unknown) =>
  console.warn(JSON.stringify({ level: "WARN", message, cause: String(cause) }));

const settings = readLifecycleSettings(process.env);
const objects = makeS3ObjectStore(new S3Client(), settings.stateBucket);
const connection = makeSearchConnection(settings.target, makeReadCredentials(new SecretsManagerClient()));
const send = makeSearchSend(connection);
const deps: LifecycleDeps = {
  environment: settings.environment,
  maximumCutoverLagSeconds: settings.maximumCutoverLagSeconds,
  control: makeS3ControlStore(objects),
  admin: makeOpenSearchAdmin(send),
  security: makeOpenSearchSecurity(send),
  probe: makeSearchTargetProbe(connection, Date.now),
  accessAs: onceARole((roleArn: string) => roleArn, accessAs),
  sourceAs: onceARole(
    (roleArn: string) => roleArn,
    (roleArn) => reachSource(assumeRole(roleArn, "trueup-lifecycle"), Date.now),
  ),
  announcer: makeSnsAnnouncer(new SNSClient(), settings.topicArn, warn("nobody could be told")),
  measure: makeWriteMeasures(settings.environment),
  now: Date.now,
  pause: (millis) => setTimeout(millis),
};

function accessAs(roleArn: string): LifecycleAccess {
  const credentials = assumeRole(roleArn, "trueup-lifecycle");
  return {
    executions: makeSfnExecutions(new SFNClient({ credentials })),
    lag: makeLagReader(credentials, objects, Date.now, warn("the lag is not known")),
    deadLetters: makeSqsQueueDepth(new SQSClient({ credentials })),
    slot: makeLookAtSlot(credentials),
  };
}

/** Lambda's entry: custom resource requests, and commands of the command line and of builds. */
export const handler = makeHandleInvocation({
  handleCustomResource: makeHandleCustomResource({
    actions: makeLifecycleActions(deps),
    responder: makeCustomResourceResponder(fetch),
  }),
  handleCommand: makeHandleCommand(deps),
});
