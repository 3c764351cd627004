import { GetSecretValueCommand, type SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { z } from "zod";
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
  return async (secretArn, kind) => {
    const { SecretString = "" } = await client.send(new GetSecretValueCommand({ SecretId: secretArn }));
    const parsed = schemas[kind].safeParse(parseJson(SecretString));
    if (parsed.success) return parsed.data;
    throw new SyncError("PREREQUISITE_MISSING", `the secret is not ${FORMS[kind]}`, {
      subject: secretArn,
      fix: "store it so, as JSON text, in the secret",
      retryable: false,
    });
  };
}
