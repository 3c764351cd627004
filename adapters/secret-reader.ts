import { GetSecretValueCommand, type SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import * as z from "zod";
import { SyncError } from "../core/errors.ts";
import { parseJson } from "../core/parse-json.ts";

/** How a target's secret lets its holder in. */
export type SearchCredentials =
  | { readonly kind: "basic"; readonly username: string; readonly password: string }
  | { readonly kind: "apiKey"; readonly apiKey: string };

/** Reads a target's secret anew, so that a rotated one is seen. */
export type ReadCredentials = (
  secretArn: string,
  kind: SearchCredentials["kind"],
) => Promise<SearchCredentials>;

/** A user of a database or of Kafka. */
export interface UserCredentials {
  readonly username: string;
  readonly password: string;
}

/** Reads a user's secret anew, so that a rotated one is seen. */
export type ReadUser = (secretArn: string) => Promise<UserCredentials>;

const schemas = {
  basic: z
    .object({ username: z.string(), password: z.string() })
    .transform((user) => ({ kind: "basic" as const, ...user })),
  // Elasticsearch shows a key as `encoded`: this very text.
  apiKey: z
    .object({ apiKey: z.string().regex(/^[A-Za-z0-9+/=_-]+$/) })
    .transform((key) => ({ kind: "apiKey" as const, ...key })),
};

const FORMS = { basic: '{"username", "password"}', apiKey: '{"apiKey"}, with id:key in base64' };

/**
 * Reads `{"username", "password"}` or `{"apiKey"}` from Secrets Manager.
 *
 * The reader throws SyncError `PREREQUISITE_MISSING` when the secret is of another shape (not retryable).
 */
export function makeReadCredentials(client: SecretsManagerClient): ReadCredentials {
  return (secretArn, kind) =>
    kind === "basic"
      ? readSecret(client, secretArn, schemas.basic, FORMS.basic)
      : readSecret(client, secretArn, schemas.apiKey, FORMS.apiKey);
}

/** Reads `{"username", "password"}`; the reader throws as that of {@link makeReadCredentials} does. */
export function makeReadUser(client: SecretsManagerClient): ReadUser {
  return (secretArn) => readSecret(client, secretArn, schemas.basic, FORMS.basic);
}

async function readSecret<Secret>(
  client: SecretsManagerClient,
  secretArn: string,
  schema: z.ZodType<Secret>,
  form: string,
): Promise<Secret> {
  const { SecretString = "" } = await client.send(new GetSecretValueCommand({ SecretId: secretArn }));
  const parsed = schema.safeParse(parseJson(SecretString));
  if (parsed.success) return parsed.data;
  throw new SyncError("PREREQUISITE_MISSING", `the secret is not ${form}`, {
    subject: secretArn,
    fix: "store it so, as JSON text, in the secret",
    retryable: false,
  });
}
