import {
  readAuditSettings,
  readConsumerSettings,
  readLifecycleSettings,
} from "../../adapters/read-settings.ts";
import {
  type AuditSettings,
  type ConsumerSettings,
  type LifecycleSettings,
  SETTINGS_VARIABLE,
} from "../../core/settings.ts";

const audit: AuditSettings = {
  environment: "dev",
  stateBucket: "state",
  target: {
    endpoint: "https://search.example",
    authentication: { kind: "sigv4", region: "eu-central-1", service: "es" },
  },
  topicArn: "topic",
};
const lifecycle: LifecycleSettings = { ...audit, maximumCutoverLagSeconds: 0 };
const { topicArn: _topic, ...shared } = audit;
const consumer: ConsumerSettings = {
  ...shared,
  mode: "custom",
  touches: false,
  target: {
    endpoint: "https://search.example",
    authentication: { kind: "basic", secretArn: "secret" },
    certificateAuthority: "-----BEGIN CERTIFICATE-----",
  },
  table: "orders",
  generation: "orders-custom-1",
  indexUuid: "uuid",
  writeAlias: "orders-custom-1-write",
  transformHash: "identity",
  deadLetterQueueUrl: "letters",
  reindexQueueUrl: "requests",
  transformConfiguration: { api: { url: "https://api.example.com", tries: 3 } },
  transformSecrets: { apiKey: "arn:aws:secretsmanager:eu-central-1:111122223333:secret:api-AbCdEf" },
  source: {
    kind: "dynamodb",
    tableName: "orders",
    key: { partitionKey: { name: "id", type: "S" }, sortKey: { name: "at", type: "N" } },
  },
};

describe("a function's settings", () => {
  it("are read as they are written, every one of them", () => {
    const written = (settings: object) => ({ [SETTINGS_VARIABLE]: JSON.stringify(settings) });
    expect(readAuditSettings(written(audit))).toEqual(audit);
    expect(readLifecycleSettings(written(lifecycle))).toEqual(lifecycle);
    expect(readConsumerSettings(written(consumer))).toEqual(consumer);
  });

  /** @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime */
  it("have a name Lambda takes and does not keep for itself", () => {
    expect(SETTINGS_VARIABLE).toMatch(/^[A-Z][A-Z0-9_]+$/);
    expect(SETTINGS_VARIABLE).not.toMatch(/^(AWS|LAMBDA|_)/);
  });
});
