import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import type { RoleCredentials } from "../adapters/assume-role.ts";
import { withPostgres } from "../adapters/postgres-connection.ts";
import { lookAtSlot } from "../adapters/postgres-slot.ts";
import { makeReadUser } from "../adapters/secret-reader.ts";
import type { LookAtSlot } from "./lifecycle-deps.ts";

/** Looks at slots with a role's secrets; each look connects and disconnects. */
export function makeLookAtSlot(credentials: RoleCredentials): LookAtSlot {
  const readUser = makeReadUser(new SecretsManagerClient({ credentials }));
  return (connection, slotName) =>
    withPostgres(connection, readUser, (session) => lookAtSlot(session, slotName));
}
