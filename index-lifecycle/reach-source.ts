import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import type { RoleCredentials } from "../adapters/assume-role.ts";
import { makeKafkaAdmin } from "../adapters/kafka-admin.ts";
import { makeMskToken } from "../adapters/msk-token.ts";
import { makePostgresAdmin } from "../adapters/postgres-admin.ts";
import { makePostgres } from "../adapters/postgres-connection.ts";
import { makeReadUser } from "../adapters/secret-reader.ts";
import type { Clock } from "../core/ports/clock.ts";
import type { SourceAccess } from "./lifecycle-deps.ts";
import { makeLookAtSlot } from "./make-look-at-slot.ts";

/** Reaches a source's database and Kafka, with the secrets and tokens of its role. */
export function reachSource(credentials: RoleCredentials, now: Clock): SourceAccess {
  const readUser = makeReadUser(new SecretsManagerClient({ credentials }));
  return {
    database: (connection) => makePostgresAdmin(makePostgres(connection, readUser)),
    kafka: (connection) => makeKafkaAdmin(connection, readUser, makeMskToken(credentials, now)),
    slot: makeLookAtSlot(credentials),
  };
}
