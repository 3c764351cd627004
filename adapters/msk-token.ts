import { createHash, createHmac } from "node:crypto";

/** Keys of an identity, as the SDK's providers give them. */
interface Keys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string | undefined;
}

const SERVICE = "kafka-cluster";
const LIFE_SECONDS = 900;

/**
 * Makes the token that MSK takes for an identity: a signed request for `kafka-cluster:Connect`, that nobody sends.
 *
 * @see https://github.com/aws/aws-msk-iam-sasl-signer-js/blob/main/src/index.ts
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export function makeMskToken(
  keys: () => Promise<Keys>,
  now: () => number,
): (region: string) => Promise<string> {
  return async (region) => {
    const url = sign(await keys(), region, new Date(now()));
    return Buffer.from(`${url}&User-Agent=trueup`).toString("base64url");
  };
}

function sign({ accessKeyId, secretAccessKey, sessionToken }: Keys, region: string, at: Date): string {
  const host = `kafka.${region}.amazonaws.com`;
  const time = at.toISOString().replaceAll(/[-:]|\.\d{3}/g, "");
  const date = time.slice(0, 8);
  const scope = `${date}/${region}/${SERVICE}/aws4_request`;
  const query = toQuery({
    Action: "kafka-cluster:Connect",
    "X-Amz-Algorithm": "AWS4-HMAC-SHA256",
    "X-Amz-Credential": `${accessKeyId}/${scope}`,
    "X-Amz-Date": time,
    "X-Amz-Expires": String(LIFE_SECONDS),
    ...(sessionToken === undefined ? {} : { "X-Amz-Security-Token": sessionToken }),
    "X-Amz-SignedHeaders": "host",
  });
  const request = ["GET", "/", query, `host:${host}`, "", "host", sha256("")].join("\n");
  const text = ["AWS4-HMAC-SHA256", time, scope, sha256(request)].join("\n");
  const signature = hmac(signingKey(secretAccessKey, date, region), text).toString("hex");
  return `https://${host}/?${query}&X-Amz-Signature=${signature}`;
}

/** Members are in the order of their names already. */
function toQuery(members: Readonly<Record<string, string>>): string {
  return Object.entries(members)
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
    .join("&");
}

function signingKey(secretAccessKey: string, date: string, region: string): Buffer {
  return [date, region, SERVICE, "aws4_request"].reduce<Buffer>(
    (key, part) => hmac(key, part),
    Buffer.from(`AWS4${secretAccessKey}`),
  );
}

function hmac(key: Buffer, text: string): Buffer {
  return createHmac("sha256", key).update(text).digest();
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
