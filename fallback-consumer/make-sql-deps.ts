import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { makePostgres } from "../adapters/postgres-connection.ts";
import { makePostgresLookup } from "../adapters/postgres-lookup.ts";
import { readConsumerSettings } from "../adapters/read-settings.ts";
import { makeReadUser } from "../adapters/secret-reader.ts";
import { requireSql } from "../core/source-descriptor.ts";
import type { Transform } from "../core/transform.ts";
import { makeConsumerDeps } from "./make-consumer-deps.ts";

/** Everything an entry for a database's table needs: what every entry does, and the database. */
export function makeSqlDeps(transform: Transform, environment: NodeJS.ProcessEnv) {
  const source = requireSql(readConsumerSettings(environment).source);
  const session = makePostgres(source.connection, makeReadUser(new SecretsManagerClient()));
  return { ...makeConsumerDeps(transform, environment, makePostgresLookup(session)), source, session };
}
