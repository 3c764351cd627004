import { DescribeSecretCommand, type SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import type { SecretFacts } from "../core/ports/target-facts.ts";
import { readFact } from "./read-fact.ts";

/** Looks for secrets without reading them. @see https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_DescribeSecret.html */
export function makeSecretFacts(client: SecretsManagerClient): SecretFacts {
  const question = {
    permission: "secretsmanager:DescribeSecret",
    absent: ["ResourceNotFoundException"],
  };
  return {
    read: (SecretId) =>
      readFact(question, async () => {
        const { DeletedDate } = await client.send(new DescribeSecretCommand({ SecretId }));
        return { deleting: DeletedDate !== undefined };
      }),
  };
}
