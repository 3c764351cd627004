import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { makeReadCredentials } from "../../adapters/secret-reader.ts";
import { answerWith } from "../support/wire-answers.ts";

const read = (SecretString: string, kind: "basic" | "apiKey") =>
  makeReadCredentials(
    new SecretsManagerClient(answerWith({ body: JSON.stringify({ Name: "search", SecretString }) })),
  )("search", kind);

describe("a target's secret", () => {
  it("holds a user with his password, or a key as the engine gave it", async () => {
    const user = { username: "u", password: "p" };
    expect(await read(JSON.stringify(user), "basic")).toEqual({ kind: "basic", ...user });
    expect(await read('{"apiKey":"aWQ6a2V5"}', "apiKey")).toEqual({ kind: "apiKey", apiKey: "aWQ6a2V5" });
  });

  it.each([
    ["hush", "basic", "username"],
    ['{"apiKey":"hush"}', "basic", "username"],
    ['{"username":"u","password":"hush"}', "apiKey", "apiKey"],
    // What a header cannot carry is no key.
    ['{"apiKey":"hush\\r\\nx: y"}', "apiKey", "apiKey"],
  ] as const)("of another form is refused, and not repeated: %s for %s", async (secret, kind, form) => {
    const refusal = await read(secret, kind).catch((cause: unknown) => cause);
    expect(refusal).toMatchObject({
      code: "PREREQUISITE_MISSING",
      message: expect.stringContaining(form),
      retryable: false,
    });
    expect(String(refusal)).not.toContain("hush");
  });
});
