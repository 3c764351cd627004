import * as pulumi from "@pulumi/pulumi";
import {
  type ConnectConfiguration,
  makeConnectorConfiguration,
  producerOptions,
  type TopicSettings,
} from "../../core/debezium/connector-configuration.ts";
import type { LogNames } from "../../core/debezium/log-names.ts";
import { secretPlaceholder } from "../../core/debezium/worker-configuration.ts";
import type { DatabaseConnection, KafkaConnection } from "../../core/source-descriptor.ts";
import type { ConnectArgs } from "./database-args.ts";

/** What a connector's configuration is made of. */
export interface DescribedConnector {
  readonly names: LogNames;
  readonly connection: pulumi.Output<DatabaseConnection>;
  readonly kafka: pulumi.Output<KafkaConnection>;
  readonly topics: TopicSettings;
  readonly connect: ConnectArgs | undefined;
}

/**
 * The configuration of a source's connector, with placeholders for the secret's members.
 *
 * A worker of MSK Connect is told by its own configuration how to write; of a Kafka Connect of the user's only the connector
 * is ours.
 */
export function configureConnector({
  names,
  connection,
  kafka,
  topics,
  connect,
}: DescribedConnector): pulumi.Output<ConnectConfiguration> {
  return pulumi.all([connection, kafka]).apply(([database, cluster]): ConnectConfiguration => {
    const credentials = {
      username: secretPlaceholder(database.secretArn, "username"),
      password: secretPlaceholder(database.secretArn, "password"),
    };
    const configuration = { names, connection: database, credentials, kafka: cluster, topics };
    return {
      ...makeConnectorConfiguration(configuration),
      ...(connect === "external" ? producerOptions("producer.override.") : RESTART),
    };
  });
}

/** MSK Connect would restart the connector again and again to read its secret anew. */
const RESTART: ConnectConfiguration = { "config.action.reload": "none" };
