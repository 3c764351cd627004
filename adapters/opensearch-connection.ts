import { defaultProvider } from "@aws-sdk/credential-provider-node";
import { Client, type ClientOptions } from "@opensearch-project/opensearch";
import { AwsSigv4Signer } from "@opensearch-project/opensearch/aws-v3";
import { SyncError } from "../core/errors.ts";
import type { SearchTargetSettings } from "../core/table-descriptor.ts";
import type { ReadCredentials } from "./secret-reader.ts";

/** One request to the search target; names in `path` are encoded, `body` is ready for the wire. */
export interface SearchRequest {
  readonly method: "GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE";
  readonly path: string;
  /** Without `?`. */
  readonly query?: string;
  readonly body?: string | Buffer;
  /** @default "application/json" */
  readonly contentType?: "application/json" | "application/x-ndjson";
  /** How long until the answer has been read to its end. @default 60000 */
  readonly timeoutMillis?: number;
}

/** An answer as it came: the text is not parsed, so nobody has rounded a number in it. */
export interface RawSearchAnswer {
  readonly status: number;
  readonly text: string;
}

/**
 * Sends one authenticated request, once: whoever calls knows best whether it may be repeated.
 *
 * @throws SyncError `INDEX_UNAVAILABLE` when no whole answer came (retryable; the request may have been carried out)
 * @throws SyncError `CERTIFICATE_REFUSED` when the target cannot prove who it is; nothing was sent (retryable, for
 * certificates are renewed)
 */
export type SearchConnection = (request: SearchRequest) => Promise<RawSearchAnswer>;

const DEFAULT_TIMEOUT_MILLIS = 60_000;

/**
 * Connects to a search target the way its settings say.
 *
 * Credentials of Secrets Manager are read at the first request, and again after a 401, so that a rotated
 * password or key heals by itself; credentials for SigV4 are the function's own and renewed by the SDK.
 */
export function makeSearchConnection(
  target: SearchTargetSettings,
  readCredentials: ReadCredentials,
): SearchConnection {
  let client: Promise<Client> | undefined;
  const connect = (): Promise<Client> => {
    client ??= toClientOptions(target, readCredentials).then((options) => new Client(options));
    // A secret that cannot be read now is read again by the next request.
    client.catch(() => {
      client = undefined;
    });
    return client;
  };
  const sendOnce = async (request: SearchRequest): Promise<RawSearchAnswer> => {
    try {
      return await send(await connect(), request);
    } catch (cause) {
      if (cause instanceof SyncError) throw cause;
      throw isUntrusted(cause) ? untrusted(target, cause) : unreachable(target.endpoint, cause);
    }
  };
  return async (request) => {
    const answer = await sendOnce(request);
    if (answer.status !== 401 || !("secretArn" in target.authentication)) return answer;
    client = undefined;
    return sendOnce(request);
  };
}

async function toClientOptions(
  { endpoint, authentication, certificateAuthority }: SearchTargetSettings,
  readCredentials: ReadCredentials,
): Promise<ClientOptions> {
  const options: ClientOptions = {
    node: endpoint,
    maxRetries: 0,
    ...(certificateAuthority === undefined ? {} : { ssl: { ca: certificateAuthority } }),
  };
  switch (authentication.kind) {
    case "none":
      return options;
    case "basic":
    case "apiKey": {
      const credentials = await readCredentials(authentication.secretArn, authentication.kind);
      if (credentials.kind === "basic") return { ...options, auth: credentials };
      return { ...options, headers: { authorization: `ApiKey ${credentials.apiKey}` } };
    }
    case "sigv4": {
      const { region, service } = authentication;
      const signer = AwsSigv4Signer({ region, service, getCredentials: defaultProvider() });
      return { ...options, ...signer };
    }
  }
}

/** Asks the client for the raw stream: it would otherwise parse the answer, and round its numbers. */
async function send(client: Client, request: SearchRequest): Promise<RawSearchAnswer> {
  const { method, path, query, body, contentType = "application/json", timeoutMillis } = request;
  const limit = timeoutMillis ?? DEFAULT_TIMEOUT_MILLIS;
  const sent = client.transport.request(
    { method, path, querystring: query ?? "", ...(body === undefined ? {} : { body }) },
    { asStream: true, requestTimeout: limit, headers: { "content-type": contentType } },
  );
  let stopReading = () => {};
  const timer = setTimeout(() => {
    sent.abort();
    stopReading();
  }, limit);
  try {
    const { statusCode, body: stream } = await sent;
    stopReading = () => stream.destroy(new Error("timed out while reading the answer"));
    return { status: statusCode ?? 0, text: await readText(stream) };
  } finally {
    clearTimeout(timer);
  }
}

async function readText(stream: NodeJS.ReadableStream): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString("utf8");
}

/** The client passes on only the words of OpenSSL and Node, which all name the certificate. */
function isUntrusted(cause: unknown): boolean {
  return cause instanceof Error && /certificate/i.test(cause.message);
}

function untrusted({ endpoint, certificateAuthority }: SearchTargetSettings, cause: unknown): SyncError {
  const judge = certificateAuthority === undefined ? "the public authorities" : "certificateAuthority";
  return new SyncError("CERTIFICATE_REFUSED", `the search engine's certificate does not hold by ${judge}`, {
    subject: `${endpoint}, ${cause instanceof Error ? cause.message : "no reason given"}`,
    fix: "set the target's certificateAuthority to the PEM of the authority that signed it, and reach it by a name that is in it",
    retryable: true,
    cause,
  });
}

function unreachable(endpoint: string, cause: unknown): SyncError {
  return new SyncError("INDEX_UNAVAILABLE", "the search engine did not answer", {
    subject: `${endpoint}, ${cause instanceof Error ? `${cause.name}: ${cause.message}` : "no reason given"}`,
    fix: "wait until it does, or check its endpoint, security group and credentials",
    retryable: true,
    cause,
  });
}
