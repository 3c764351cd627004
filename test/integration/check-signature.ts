import { createHash, createHmac } from "node:crypto";
import type { FrontRequest } from "./http-front.ts";

/** Whose signature is expected. */
export interface Signer {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/**
 * Whether a request is signed by Signature Version 4, as AWS documents it; shares no code with whoever signed.
 *
 * @returns the scope it is signed for, `region/service`; undefined when the signature is not right
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export function checkSignature(
  { method, path, headers, body }: FrontRequest,
  signer: Signer,
): string | undefined {
  const parts =
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/([^/]+)\/aws4_request, ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]+)$/.exec(
      headers.authorization ?? "",
    );
  const [, keyId, date = "", region = "", service = "", signedHeaders = "", signature] = parts ?? [];
  const bodyHash = sha256(body);
  if (keyId !== signer.accessKeyId || headers["x-amz-content-sha256"] !== bodyHash) return undefined;
  const names = signedHeaders.split(";");
  if (!["host", "x-amz-content-sha256", "x-amz-date"].every((name) => names.includes(name))) return undefined;
  const [pathname = "", query = ""] = path.split("?", 2);
  const canonical = [
    method,
    // Every service but S3 signs the path encoded once more.
    pathname.split("/").map(encodeStrictly).join("/"),
    query
      .split("&")
      .filter((pair) => pair !== "")
      .map((pair) => (pair.includes("=") ? pair : `${pair}=`))
      .sort()
      .join("&"),
    ...names.map((name) => `${name}:${String(headers[name]).trim()}`),
    "",
    signedHeaders,
    bodyHash,
  ].join("\n");
  const scope = `${date}/${region}/${service}/aws4_request`;
  const toSign = ["AWS4-HMAC-SHA256", headers["x-amz-date"], scope, sha256(canonical)].join("\n");
  const key = [date, region, service, "aws4_request"].reduce<Buffer>(
    (before, part) => hmac(before, part),
    Buffer.from(`AWS4${signer.secretAccessKey}`),
  );
  return hmac(key, toSign).toString("hex") === signature ? `${region}/${service}` : undefined;
}

function encodeStrictly(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function sha256(what: string | Buffer): string {
  return createHash("sha256").update(what).digest("hex");
}

function hmac(key: Buffer, text: string): Buffer {
  return createHmac("sha256", key).update(text).digest();
}
