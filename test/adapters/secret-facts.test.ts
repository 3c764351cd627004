import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { makeSecretFacts } from "../../adapters/secret-facts.ts";
import { answerWith, documented, jsonError, type WireAnswer } from "../support/wire-answers.ts";

const read = (answer: WireAnswer) =>
  makeSecretFacts(new SecretsManagerClient(answerWith(answer))).read("search");

describe("facts of a secret", () => {
  it("are whether it is there, and stays", async () => {
    expect(await read(documented("describe-secret.json"))).toEqual({
      kind: "known",
      value: { deleting: false },
    });
    const deleting = { body: JSON.stringify({ Name: "search", DeletedDate: 1.7e9 }) };
    expect(await read(deleting)).toEqual({ kind: "known", value: { deleting: true } });
  });

  it("are none where there is none, and unknown where they may not be read", async () => {
    expect(await read(jsonError("ResourceNotFoundException", "can't find it"))).toEqual({ kind: "absent" });
    expect(await read(jsonError("AccessDeniedException", "no"))).toMatchObject({
      permission: "secretsmanager:DescribeSecret",
    });
  });
});
