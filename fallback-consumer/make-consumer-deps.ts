import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { S3Client } from "@aws-sdk/client-s3";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { SQSClient } from "@aws-sdk/client-sqs";
import { makeLookup } from "../adapters/dynamodb-lookup.ts";
import { type FunctionLabels, makeLogger, makeWriteMetrics } from "../adapters/lambda-metrics.ts";
import { makeSearchConnection } from "../adapters/opensearch-connection.ts";
import { makeOpenSearchIdentity } from "../adapters/opensearch-identity.ts";
import { makeOpenSearchIndex } from "../adapters/opensearch-index.ts";
import { readConsumerSettings } from "../adapters/read-settings.ts";
import { makeS3ManifestAppender } from "../adapters/s3-manifest-appender.ts";
import { makeReadCredentials } from "../adapters/secret-reader.ts";
import { makeSecretReader } from "../adapters/secret-text-reader.ts";
import { makeSqsDeadLetters } from "../adapters/sqs-dead-letters.ts";
import { makeSqsReindexQueue } from "../adapters/sqs-reindex-queue.ts";
import { rulesOf } from "../core/mode-rules.ts";
import type { Clock } from "../core/ports/clock.ts";
import type { ConsumerSettings } from "../core/settings.ts";
import type { Transform, TransformServices } from "../core/transform.ts";
import { makeCallTransform } from "./call-transform.ts";
import type { ConsumerDeps } from "./consumer-deps.ts";
import { makeEnrichRecords } from "./enrich/enrich-records.ts";
import type { Observation } from "./observe.ts";
import { makeRenderBatch } from "./render-batch.ts";
import { makeTransformSecrets, renderWithSecrets, type TransformSecrets } from "./transform-secrets.ts";

const now: Clock = Date.now;

/**
 * Everything an entry needs, with the clients it was made of for what only that entry does.
 *
 * @param lookup - of another kind of source than DynamoDB, whose client is not to be in every function
 */
export function makeConsumerDeps(
  transform: Transform,
  environment: NodeJS.ProcessEnv,
  lookup?: TransformServices["lookup"],
) {
  const settings = readConsumerSettings(environment);
  const secretsManager = new SecretsManagerClient();
  const connection = makeSearchConnection(settings.target, makeReadCredentials(secretsManager));
  const [s3, sqs, dynamodb] = [new S3Client(), new SQSClient(), new DynamoDBClient()];
  const removes = settings.mode === "managed";
  const secrets = makeTransformSecrets(settings.transformSecrets, makeSecretReader(secretsManager), now);
  const services = makeServices(settings, lookup ?? makeLookup(dynamodb, now), secrets);
  const enrichments = transform.kind === "user" ? transform.enrichments : undefined;
  const render = makeRenderBatch(
    transform,
    makeCallTransform(services, now),
    rulesOf(settings.mode).toDocumentId,
    makeEnrichRecords(enrichments ?? {}, { services, now, pause }),
  );
  const deps: ConsumerDeps = {
    generation: { ...settings, key: settings.source.key },
    index: makeOpenSearchIndex(connection, { writeAlias: settings.writeAlias, now, removes }),
    identity: makeOpenSearchIdentity(connection, settings, now),
    manifest: makeS3ManifestAppender(s3, settings.stateBucket, now),
    deadLetters: makeSqsDeadLetters(sqs, settings.deadLetterQueueUrl),
    queue: makeSqsReindexQueue(sqs, settings.reindexQueueUrl),
    newRequestId: randomUUID,
    render: renderWithSecrets(render, secrets),
    observe: makeObserve(settings),
    now,
  };
  return { deps, settings, connection, s3, sqs, dynamodb };
}

function makeServices(
  settings: ConsumerSettings,
  lookup: TransformServices["lookup"],
  secrets: TransformSecrets,
): TransformServices {
  const logger = makeLogger("trueup-consumer", labelsOf(settings));
  return {
    fetch: (input, init) => fetch(input, init),
    lookup,
    log: {
      info: (message: string, fields = {}) => logger.info(message, { fields }),
      warn: (message: string, fields = {}) => logger.warn(message, { fields }),
    },
    get secrets() {
      return secrets.values;
    },
    configuration: settings.transformConfiguration,
  };
}

/** Metrics of every invocation, and a log line where something was refused. */
function makeObserve(settings: ConsumerSettings): (observation: Observation) => void {
  const writeMetrics = makeWriteMetrics(labelsOf(settings));
  const logger = makeLogger("trueup-consumer", labelsOf(settings));
  return ({ delaysMillis, reasons, ...counts }) => {
    writeMetrics([
      { name: "DocumentsApplied", unit: "Count", values: [counts.applied] },
      { name: "DocumentsSuperseded", unit: "Count", values: [counts.superseded] },
      { name: "DocumentsRejected", unit: "Count", values: [counts.rejected] },
      { name: "DocumentsUnavailable", unit: "Count", values: [counts.unavailable] },
      { name: "DeadLettersSent", unit: "Count", values: [counts.deadLetters] },
      { name: "DelayMillis", unit: "Milliseconds", values: delaysMillis },
    ]);
    if (reasons.length > 0) logger.warn("the index refused documents", { ...counts, reasons });
  };
}

function labelsOf({ environment, table, generation }: ConsumerSettings): FunctionLabels {
  return { environment, table, generation };
}
