import { createServer, type IncomingHttpHeaders, request } from "node:http";

/** A request that came to a front, whole. */
export interface FrontRequest {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** What a front makes of a request: an answer of its own, or a request to pass on, changed or not. */
export type FrontVerdict =
  | { readonly answer: { readonly status: number; readonly text: string } }
  | { readonly pass: FrontRequest; readonly change?: (text: string) => string };

/** A server before an engine that judges each request. */
export interface HttpFront {
  readonly url: string;
  /** Every request that came, in order. */
  readonly requests: FrontRequest[];
  stop(): Promise<void>;
}

/** Puts a judge before an engine: what it refuses never gets there. */
export async function startHttpFront(
  engineUrl: string,
  judge: (request: FrontRequest) => FrontVerdict,
): Promise<HttpFront> {
  const requests: FrontRequest[] = [];
  const server = createServer(async (incoming, outgoing) => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(Buffer.from(chunk));
    const { method = "", url = "", headers } = incoming;
    const asked = { method, path: url, headers, body: Buffer.concat(chunks) };
    requests.push(asked);
    const verdict = judge(asked);
    const { status, text } = "answer" in verdict ? verdict.answer : await passOn(engineUrl, verdict.pass);
    const told = "change" in verdict && verdict.change !== undefined ? verdict.change(text) : text;
    outgoing.writeHead(status, { "content-type": "application/json" }).end(told);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function passOn(engineUrl: string, { method, path, headers, body }: FrontRequest) {
  const { host: _host, "content-length": _length, ...kept } = headers;
  return new Promise<{ status: number; text: string }>((resolve, reject) => {
    const sent = request(
      `${engineUrl}${path}`,
      { method, headers: { ...kept, "content-length": body.length }, agent: false },
      (answer) => {
        let text = "";
        answer.setEncoding("utf8");
        answer.on("data", (chunk) => {
          text += chunk;
        });
        answer.on("end", () => resolve({ status: answer.statusCode ?? 0, text }));
      },
    );
    sent.on("error", reject);
    sent.end(body);
  });
}
