import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { makeSecretReader } from "../../adapters/secret-text-reader.ts";
import { answerWith, jsonError, type WireAnswer } from "../support/wire-answers.ts";

const read = (answer: WireAnswer) =>
  makeSecretReader(new SecretsManagerClient({ ...answerWith(answer), maxAttempts: 1 })).read("arn:secret");

describe("reading a secret's text", () => {
  it("gives the text as it is stored", async () => {
    expect(await read({ body: JSON.stringify({ SecretString: '{"key":"k"}' }) })).toBe('{"key":"k"}');
  });

  it("says for good that a secret is not there, may not be read, or holds no text", async () => {
    const lasting = { code: "PREREQUISITE_MISSING", retryable: false };
    await expect(read(jsonError("ResourceNotFoundException", "can't find it"))).rejects.toMatchObject(
      lasting,
    );
    await expect(read(jsonError("AccessDeniedException", "no"))).rejects.toMatchObject(lasting);
    await expect(read({ body: JSON.stringify({ SecretBinary: "aGk=" }) })).rejects.toMatchObject(lasting);
  });

  it("says of any other failure that it may pass", async () => {
    await expect(read(jsonError("InternalServiceError", "later"))).rejects.toMatchObject({
      code: "ENGINE_FAILED",
      retryable: true,
    });
  });
});
