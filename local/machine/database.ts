import {
  CreateSecretCommand,
  DescribeSecretCommand,
  ResourceExistsException,
  SecretsManagerClient,
} from "@aws-sdk/client-secrets-manager";
import { Client } from "pg";
import { quoteName } from "../../core/sql/names.ts";
import type { PostgresEngine } from "../engines/postgres.ts";
import { LOCAL_CREDENTIALS } from "./local-account.ts";

const SECRET = "trueup-local-postgres";

/** A connection URL of one database of a server. */
export function databaseUrl({ url }: Pick<PostgresEngine, "url">, database: string): string {
  const place = new URL(url);
  place.pathname = `/${encodeURIComponent(database)}`;
  return place.href;
}

/** Makes the databases that are not there yet, empty. */
export async function ensureDatabases(
  { url }: Pick<PostgresEngine, "url">,
  names: readonly string[],
): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    for (const name of names) {
      const { rowCount } = await client.query("SELECT FROM pg_database WHERE datname = $1", [name]);
      if (rowCount === 0) await client.query(`CREATE DATABASE ${quoteName(name)}`);
    }
  } finally {
    await client.end();
  }
}

/** Keeps the server's user in the emulator's Secrets Manager, as RDS would. @returns the secret's ARN */
export async function ensureDatabaseSecret(
  { url }: Pick<PostgresEngine, "url">,
  aws: string,
  region: string,
): Promise<string> {
  const client = new SecretsManagerClient({ endpoint: aws, region, credentials: LOCAL_CREDENTIALS });
  const { username, password } = new URL(url);
  try {
    const SecretString = JSON.stringify({ username, password });
    const made = await client.send(new CreateSecretCommand({ Name: SECRET, SecretString }));
    return made.ARN ?? "";
  } catch (cause) {
    if (!(cause instanceof ResourceExistsException)) throw cause;
    const found = await client.send(new DescribeSecretCommand({ SecretId: SECRET }));
    return found.ARN ?? "";
  } finally {
    client.destroy();
  }
}
