import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { SearchConnection } from "../../adapters/opensearch-connection.ts";
import { PAGE } from "./page.ts";
import { searchAlias } from "./page-search.ts";
import type { TableView } from "./page-view.ts";

export interface PageServerDeps {
  readonly search: SearchConnection;
  readonly readTables: () => Promise<readonly TableView[]>;
  readonly readReport: (table: string, run: string) => Promise<string>;
}

/** A page that is served on this machine. */
export interface ServedPage {
  readonly url: string;
  stop(): Promise<void>;
}

const LOOK_EVERY_MILLIS = 2_000;
const HTML = "text/html; charset=utf-8";
const JSON_TYPE = "application/json; charset=utf-8";
/** Nothing is fetched from elsewhere, and nothing of a document runs. */
const POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; connect-src 'self'";

/**
 * Serves the page, its searches and what it shows of the stack. The stack is looked at while somebody looks at the page,
 * once for all of them.
 *
 * @param port - 0 takes a free one
 */
export async function servePage(deps: PageServerDeps, port: number): Promise<ServedPage> {
  const watchers = new Set<ServerResponse>();
  let newest = "";
  const look = async (): Promise<void> => {
    if (watchers.size === 0) return;
    newest = await describe(deps);
    for (const watcher of watchers) watcher.write(newest);
  };
  const server = createServer((request, response) => {
    void answer(deps, request, response, watchers, () => newest).catch((cause) => fail(response, cause));
  });
  await new Promise<void>((resolve, reject) => {
    server.on("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  const stopLooking = repeat(look);
  const address = server.address();
  const own = typeof address === "object" && address !== null ? address.port : port;
  return {
    url: `http://127.0.0.1:${own}/`,
    stop: async () => {
      await stopLooking();
      for (const watcher of watchers) watcher.end();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** One look after the other, however long one takes. */
function repeat(look: () => Promise<void>): () => Promise<void> {
  let running = true;
  let wake = () => {};
  const loop = async () => {
    while (running) {
      await look();
      await new Promise<void>((resolve) => {
        wake = resolve;
        setTimeout(resolve, LOOK_EVERY_MILLIS).unref();
      });
    }
  };
  const ended = loop();
  return () => {
    running = false;
    wake();
    return ended;
  };
}

/** An event of the stream; what cannot be read is said instead. @see https://html.spec.whatwg.org/multipage/server-sent-events.html */
async function describe({ readTables }: PageServerDeps): Promise<string> {
  try {
    return `data: ${JSON.stringify({ tables: await readTables() })}\n\n`;
  } catch (cause) {
    return `data: ${JSON.stringify({ fault: cause instanceof Error ? cause.message : String(cause) })}\n\n`;
  }
}

async function answer(
  deps: PageServerDeps,
  { url = "/" }: IncomingMessage,
  response: ServerResponse,
  watchers: Set<ServerResponse>,
  newest: () => string,
): Promise<void> {
  const { pathname, searchParams } = new URL(url, "http://127.0.0.1");
  const [, place = "", table = "", run = ""] = pathname.split("/").map(decodeURIComponent);
  switch (place) {
    case "":
      return send(response, 200, HTML, PAGE);
    case "search": {
      const { status, text } = await searchAlias(deps.search, table, searchParams.get("q")?.trim() ?? "");
      return send(response, status, JSON_TYPE, text);
    }
    case "reports":
      return send(response, 200, HTML, await deps.readReport(table, run));
    case "tables":
      response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" });
      response.write(newest() || ": soon\n\n");
      watchers.add(response);
      response.on("close", () => watchers.delete(response));
      return;
    default:
      return send(response, 404, "text/plain", "There is no such page.");
  }
}

function send(response: ServerResponse, status: number, type: string, text: string): void {
  response.writeHead(status, {
    "content-type": type,
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "cache-control": "no-store",
  });
  response.end(text);
}

function fail(response: ServerResponse, cause: unknown): void {
  if (response.headersSent) response.destroy();
  else send(response, 502, "text/plain; charset=utf-8", cause instanceof Error ? cause.message : "failed");
}
