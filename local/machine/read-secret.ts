import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import * as z from "zod";
import { LOCAL_CREDENTIALS } from "./local-account.ts";

const membersSchema = z.record(z.string(), z.coerce.string());

/** Reads members of secrets of the emulator, as a worker's configuration provider does on AWS. */
export function makeReadSecret(aws: string, region: string) {
  const client = new SecretsManagerClient({ endpoint: aws, region, credentials: LOCAL_CREDENTIALS });
  return async (name: string, member: string): Promise<string> => {
    const { SecretString = "{}" } = await client.send(new GetSecretValueCommand({ SecretId: name }));
    return membersSchema.parse(JSON.parse(SecretString))[member] ?? "";
  };
}
