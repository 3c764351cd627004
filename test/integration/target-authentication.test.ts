import { randomUUID } from "node:crypto";
import { makeSearchConnection } from "../../adapters/opensearch-connection.ts";
import { makeOpenSearchIndex } from "../../adapters/opensearch-index.ts";
import type { ReadCredentials, SearchCredentials } from "../../adapters/secret-reader.ts";
import { toPem } from "../../adapters/to-pem.ts";
import { toExternalVersion } from "../../core/external-version.ts";
import type { SearchTargetSettings } from "../../core/table-descriptor.ts";
import { checkSignature } from "./check-signature.ts";
import { type HttpFront, startHttpFront } from "./http-front.ts";
import { makeAuthority } from "./test-authority.ts";
import { startTlsFront, type TlsFront } from "./tls-front.ts";

const ENGINE = process.env["TRUEUP_TEST_SEARCH"] ?? "";
const index = `authentication-${randomUUID()}`;
const HERE = { ip: [127, 0, 0, 1] };
const none = { kind: "none" } as const;
const noCredentials: ReadCredentials = () => {
  throw new Error("no credentials are needed");
};
const write = {
  id: "é/|+ 1",
  version: toExternalVersion(5n, "test"),
  source: '{"name":"é"}',
};

jest.setTimeout(120_000);

beforeAll(async () => {
  const connection = makeSearchConnection({ endpoint: ENGINE, authentication: none }, noCredentials);
  const body = JSON.stringify({ aliases: { [`${index}-write`]: {} }, settings: { number_of_replicas: 0 } });
  expect((await connection({ method: "PUT", path: `/${index}`, body })).status).toBe(200);
});

afterAll(async () => {
  const connection = makeSearchConnection({ endpoint: ENGINE, authentication: none }, noCredentials);
  await connection({ method: "DELETE", path: `/${index}` });
});

/** Writes a document and reads it, over a target. */
async function writeAndRead(target: SearchTargetSettings, readCredentials = noCredentials) {
  const connection = makeSearchConnection(target, readCredentials);
  const writer = makeOpenSearchIndex(connection, { writeAlias: `${index}-write`, now: Date.now });
  const [outcome] = await writer.write([write], Date.now() + 2_000);
  const path = `/${index}/_source/${encodeURIComponent(write.id)}`;
  const read = await connection({ method: "GET", path, query: "realtime=true" }).catch(
    (cause: unknown) => cause,
  );
  return { outcome, read };
}

describe("a target with a certificate of its owner's authority", () => {
  const mine = makeAuthority(HERE);
  let front: TlsFront;
  beforeAll(async () => {
    front = await startTlsFront(ENGINE, mine);
  });
  afterAll(() => front.stop());

  it("is written to where that authority is named", async () => {
    const target = { endpoint: front.url, authentication: none, certificateAuthority: mine.authority };
    expect(await writeAndRead(target)).toEqual({
      outcome: expect.objectContaining({ kind: "applied" }),
      read: { status: 200, text: write.source },
    });
  });

  it.each([
    ["another authority is named", makeAuthority(HERE).authority],
    ["none is named", undefined],
  ])("is refused where %s, and nothing is lost", async (_case, certificateAuthority) => {
    const authority = certificateAuthority === undefined ? {} : { certificateAuthority };
    const { outcome, read } = await writeAndRead({ endpoint: front.url, authentication: none, ...authority });
    expect(outcome).toMatchObject({
      kind: "unavailable",
      reason: expect.stringContaining("CERTIFICATE_REFUSED"),
    });
    expect(read).toMatchObject({
      code: "CERTIFICATE_REFUSED",
      fix: expect.stringContaining("certificateAuthority"),
      retryable: true,
    });
  });

  it("is refused by another name than its certificate has", async () => {
    const other = makeAuthority({ dns: "search.example" });
    const elsewhere = await startTlsFront(ENGINE, other);
    const target = { endpoint: elsewhere.url, authentication: none, certificateAuthority: other.authority };
    expect((await writeAndRead(target)).read).toMatchObject({ code: "CERTIFICATE_REFUSED" });
    await elsewhere.stop();
  });
});

it("a certificate whose last line is full has no empty line, which OpenSSL would not read", () => {
  const lines = toPem(Buffer.alloc(96)).split("\n");
  expect(lines.map(({ length }) => length)).toEqual([27, 64, 64, 25, 0]);
});

describe("a target that lets in", () => {
  let front: HttpFront;
  let isLetIn: (authorization: string) => boolean;
  beforeAll(async () => {
    front = await startHttpFront(ENGINE, (request) =>
      isLetIn(request.headers.authorization ?? "")
        ? { pass: request }
        : { answer: { status: 401, text: '{"error":"who are you"}' } },
    );
  });
  afterAll(() => front.stop());

  it.each<[string, SearchCredentials["kind"], SearchCredentials, SearchCredentials, string]>([
    [
      "users by their password",
      "basic",
      { kind: "basic", username: "u", password: "old" },
      { kind: "basic", username: "u", password: "n:é" },
      `Basic ${Buffer.from("u:n:é").toString("base64")}`,
    ],
    [
      "holders of an API key",
      "apiKey",
      { kind: "apiKey", apiKey: "b2xkOmtleQ==" },
      { kind: "apiKey", apiKey: "bmV3OmtleQ==" },
      "ApiKey bmV3OmtleQ==",
    ],
  ])(
    "%s is written to, and again after the secret was rotated",
    async (_case, kind, old, rotated, expected) => {
      isLetIn = (authorization) => authorization === expected;
      const asked: string[] = [];
      const secrets = [old, rotated];
      const readCredentials: ReadCredentials = async (secretArn, wanted) => {
        asked.push(`${secretArn} ${wanted}`);
        return secrets.shift() ?? rotated;
      };
      const authentication = { kind, secretArn: "s" };
      const target: SearchTargetSettings = { endpoint: front.url, authentication };
      const { outcome, read } = await writeAndRead(target, readCredentials);
      expect(outcome).toMatchObject({ kind: "applied" });
      expect(read).toMatchObject({ status: 200 });
      expect(asked).toEqual([`s ${kind}`, `s ${kind}`]);
    },
  );

  it.each(["es", "aoss"] as const)(
    "signatures for %s, of whole bodies and odd paths, is written to",
    async (service) => {
      const signer = {
        accessKeyId: "AKIDEXAMPLE",
        secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
      };
      const before = { ...process.env };
      process.env["AWS_ACCESS_KEY_ID"] = signer.accessKeyId;
      process.env["AWS_SECRET_ACCESS_KEY"] = signer.secretAccessKey;
      const scopes: (string | undefined)[] = [];
      const signed = await startHttpFront(ENGINE, (request) => {
        const scope = checkSignature(request, signer);
        scopes.push(scope);
        return scope === undefined ? { answer: { status: 403, text: "{}" } } : { pass: request };
      });
      try {
        const authentication = { kind: "sigv4", region: "eu-central-1", service } as const;
        const { outcome, read } = await writeAndRead({ endpoint: signed.url, authentication });
        expect(scopes).toEqual([`eu-central-1/${service}`, `eu-central-1/${service}`]);
        expect(outcome).toMatchObject({ kind: "applied" });
        expect(read).toEqual({ status: 200, text: write.source });
      } finally {
        process.env = before;
        await signed.stop();
      }
    },
  );

  it("nobody keeps what it was sent for later", async () => {
    isLetIn = () => false;
    const { outcome, read } = await writeAndRead({ endpoint: front.url, authentication: none });
    expect(outcome).toMatchObject({ kind: "unavailable", status: 401 });
    expect(read).toMatchObject({ status: 401 });
  });
});
