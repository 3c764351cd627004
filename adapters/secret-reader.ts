import { GetSecretValueCommand, type SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { z } from "zod";
import { SyncError } from "../core/errors.ts";
import { parseJson } from "../core/parse-json.ts";

/** A user of a search engine, as the target's secret holds it. */
export interface SearchCredentials {
  readonly username: string;
  readonly password: string;
}

/** Reads a target's secret anew, so that a rotated password is seen. */
export type ReadCredentials = (secretArn: string) => Promise<SearchCredentials>;

const schema = z.object({ username: z.string(), password: z.string() });

/**
 * Reads `{"username", "password"}` from Secrets Manager.
 *
 * The reader throws SyncError `PREREQUISITE_MISSING` when the secret is of another shape (not retryable).
 */
export function makeReadCredentials(client: SecretsManagerClient): ReadCredentials {
  return async (secretArn) => {
    const { SecretString = "" } = await client.send(new GetSecretValueCommand({ SecretId: secretArn }));
    const parsed = schema.safeParse(parseJson(SecretString));
    if (parsed.success) return parsed.data;
    throw new SyncError("PREREQUISITE_MISSING", 'the secret is not {"username", "password"}', {
      subject: secretArn,
      fix: "store both as JSON text in the secret",
      retryable: false,
    });
  };
}
