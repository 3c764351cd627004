import { DynamoDBStreamsClient } from "@aws-sdk/client-dynamodb-streams";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import type { RoleCredentials } from "../adapters/assume-role.ts";
import { makeDynamodbStreamLag } from "../adapters/dynamodb-stream-lag.ts";
import { makeKafkaLog } from "../adapters/kafka-log.ts";
import { makeMskToken } from "../adapters/msk-token.ts";
import { withPostgres } from "../adapters/postgres-connection.ts";
import { readSlot } from "../adapters/postgres-slot.ts";
import { makeReadUser } from "../adapters/secret-reader.ts";
import { makeLogLag } from "../core/log-lag.ts";
import type { Clock } from "../core/ports/clock.ts";
import type { LagReader } from "../core/ports/lag-reader.ts";
import type { ObjectStore } from "../core/ports/object-store.ts";
import { makePositionReader } from "../core/read-manifest.ts";
import { makeSentUntil } from "../core/sent-until.ts";

/** Measures the lag of any table: from its stream, or from its database's log. */
export function makeLagReader(
  credentials: RoleCredentials,
  objects: ObjectStore,
  now: Clock,
  onUnknown: (cause: unknown) => void,
): LagReader {
  const positions = makePositionReader(objects);
  const readUser = makeReadUser(new SecretsManagerClient({ credentials }));
  const ofStream = makeDynamodbStreamLag({
    streams: new DynamoDBStreamsClient({ credentials }),
    positions,
    sentUntilOf: makeSentUntil(objects, positions),
    now,
    onUnknown,
  });
  const ofLog = makeLogLag({
    positions,
    topicsOf: ({ kafka }) => makeKafkaLog(kafka, readUser, makeMskToken(credentials, now)),
    connectorOf: ({ connection }, { slotName }) =>
      withPostgres(connection, readUser, (session) => readSlot(session, slotName)),
    now,
    onUnknown,
  });
  return {
    lagSeconds: (table, generation, loadedUntil) =>
      (table.source.kind === "sql" ? ofLog : ofStream).lagSeconds(table, generation, loadedUntil),
  };
}
