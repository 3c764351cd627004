import { type ConnectConfiguration, producerOptions } from "./connector-configuration.ts";
import type { LogNames } from "./log-names.ts";

/** The name that placeholders of secrets begin with. */
const PROVIDER = "secrets";
/** `arn:aws:secretsmanager:<region>:…` */
const REGION_OF_ARN = 3;
/** An ARN of a secret ends in its name, `-` and six characters. */
const SECRET_NAME = /:secret:(.+)-[A-Za-z0-9]{6}$/;

/**
 * The configuration of the worker that runs a source's connector.
 *
 * The topic of offsets is the source's own: by default each new connector gets another one, and with it forgets how far
 * the last one came.
 *
 * @param providerClass - the configuration provider in the plugin that reads Secrets Manager
 * @see https://docs.aws.amazon.com/msk/latest/developerguide/msk-connect-supported-worker-config-properties.html
 * @see https://docs.aws.amazon.com/msk/latest/developerguide/msk-connect-manage-connector-offsets.html
 */
export function makeWorkerConfiguration(
  { offsetsTopic }: Pick<LogNames, "offsetsTopic">,
  { providerClass, secretArn }: { readonly providerClass: string; readonly secretArn: string },
): ConnectConfiguration {
  return {
    "key.converter": "org.apache.kafka.connect.json.JsonConverter",
    "value.converter": "org.apache.kafka.connect.json.JsonConverter",
    "offset.storage.topic": offsetsTopic,
    // What was flushed is what the slot confirms, and an audit waits for that.
    "offset.flush.interval.ms": "5000",
    "topic.creation.enable": "true",
    "config.providers": PROVIDER,
    [`config.providers.${PROVIDER}.class`]: providerClass,
    [`config.providers.${PROVIDER}.param.region`]: secretArn.split(":")[REGION_OF_ARN] ?? "",
    ...producerOptions("producer."),
  };
}

/** The text of a properties file. */
export function toProperties(configuration: ConnectConfiguration): string {
  const lines = Object.entries(configuration).map(([name, value]) => `${name}=${value}\n`);
  return lines.join("");
}

/**
 * What stands in a connector's configuration for a member of a secret. It names the secret by its name, because a colon
 * ends a placeholder's path.
 */
export function secretPlaceholder(secretArn: string, member: "username" | "password"): string {
  const name = SECRET_NAME.exec(secretArn)?.[1] ?? secretArn;
  return `\${${PROVIDER}:${name}:${member}}`;
}
