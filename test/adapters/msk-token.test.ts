import { makeMskToken } from "../../adapters/msk-token.ts";

const KEYS = { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY" };
const AT = Date.parse("2026-11-25T10:11:12.345Z");

describe("makeMskToken", () => {
  it("is a signed request to the region's endpoint, without padding, that ends after a quarter of an hour", async () => {
    const token = await makeMskToken(
      async () => ({ ...KEYS, sessionToken: "a/b+c=" }),
      () => AT,
    )("eu-west-1");
    expect(token).toMatch(/^[A-Za-z0-9_-]+$/);
    const { host, searchParams } = new URL(Buffer.from(token, "base64url").toString());
    expect(host).toBe("kafka.eu-west-1.amazonaws.com");
    expect(Object.fromEntries(searchParams)).toEqual({
      Action: "kafka-cluster:Connect",
      "X-Amz-Algorithm": "AWS4-HMAC-SHA256",
      "X-Amz-Credential": "AKIDEXAMPLE/20261125/eu-west-1/kafka-cluster/aws4_request",
      "X-Amz-Date": "20261125T101112Z",
      "X-Amz-Expires": "900",
      "X-Amz-Security-Token": "a/b+c=",
      "X-Amz-SignedHeaders": "host",
      "X-Amz-Signature": expect.stringMatching(/^[0-9a-f]{64}$/),
      "User-Agent": "trueup",
    });
  });
});
