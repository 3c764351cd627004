import { GetSecretValueCommand, type SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { SyncError } from "../core/errors.ts";
import type { SecretReader } from "../core/ports/secret-reader.ts";

/** What will not pass by itself. @see https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetSecretValue.html errors */
const LASTING = new Set([
  "ResourceNotFoundException",
  "AccessDeniedException",
  "DecryptionFailure",
  "InvalidRequestException",
]);

/** Reads the text of secrets from Secrets Manager. No error says anything of what a secret holds. */
export function makeSecretReader(client: SecretsManagerClient): SecretReader {
  return {
    read: async (secretArn) => {
      const { SecretString } = await client
        .send(new GetSecretValueCommand({ SecretId: secretArn }))
        .catch((cause: unknown) => Promise.reject(unreadable(secretArn, cause)));
      if (SecretString !== undefined) return SecretString;
      throw missing(secretArn, "it holds bytes, not text");
    },
  };
}

function unreadable(secretArn: string, cause: unknown): SyncError {
  const name = cause instanceof Error ? cause.name : "no reason given";
  if (LASTING.has(name)) return missing(secretArn, name);
  return new SyncError("ENGINE_FAILED", "a secret of a transform cannot be read", {
    subject: `${secretArn}, ${name}`,
    fix: "nothing; it is read again. If it lasts, see that the functions reach Secrets Manager",
    retryable: true,
    cause,
  });
}

function missing(secretArn: string, why: string): SyncError {
  return new SyncError("PREREQUISITE_MISSING", "a secret of a transform cannot be read", {
    subject: `${secretArn}, ${why}`,
    fix: "store text in it, and let the functions' roles use the key it is encrypted with (keyArn beside its arn)",
    retryable: false,
  });
}
