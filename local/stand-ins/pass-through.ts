import { type Agent, type IncomingMessage, request, type ServerResponse } from "node:http";
import { pipeline } from "node:stream/promises";
import { toReason } from "./to-reason.ts";

/** Headers that concern one connection only. `expect` was answered by this side already. */
const HOP_BY_HOP = new Set(["connection", "keep-alive", "proxy-connection", "te", "upgrade", "expect"]);

/**
 * Hands requests on to the emulator and its answers back, as they come: no body is ever whole in memory.
 *
 * Status and headers stay as they are, the caller's `Host` too. While the emulator cannot be reached the answer is a
 * 503, which SDK clients try again. An answer that breaks off midway breaks off the connection, so that nobody takes
 * it for whole.
 */
export function makePassThrough(url: string, agent: Agent) {
  const { hostname, port } = new URL(url);
  return (incoming: IncomingMessage, outgoing: ServerResponse): void => {
    const { method, url: path, rawHeaders } = incoming;
    const upstream = request({ hostname, port, agent, method, path, headers: endToEnd(rawHeaders) });
    upstream.on("response", (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.statusMessage, endToEnd(answer.rawHeaders));
      pipeline(answer, outgoing).catch(() => outgoing.destroy());
    });
    upstream.on("error", (cause) => answerUnreachable(incoming, outgoing, cause));
    outgoing.on("close", () => {
      if (!outgoing.writableFinished) upstream.destroy();
    });
    // Not a pipeline: that would end the caller's connection before the 503 is on it.
    incoming.pipe(upstream);
  };
}

function endToEnd(rawHeaders: readonly string[]): string[] {
  return rawHeaders.filter(
    (_, place) => !HOP_BY_HOP.has(rawHeaders[place - (place % 2)]?.toLowerCase() ?? ""),
  );
}

function answerUnreachable(incoming: IncomingMessage, outgoing: ServerResponse, cause: unknown): void {
  if (outgoing.headersSent) {
    outgoing.destroy();
    return;
  }
  incoming.unpipe();
  incoming.resume();
  outgoing.writeHead(503, { "content-type": "application/json", connection: "close" });
  outgoing.end(JSON.stringify({ message: `the AWS emulator cannot be reached: ${toReason(cause)}` }));
}
