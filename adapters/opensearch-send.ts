import { parseJson } from "../core/parse-json.ts";
import type { SearchSend } from "../core/ports/search-send.ts";
import type { SearchConnection } from "./opensearch-connection.ts";

/** Requests with JSON bodies and parsed answers, over a connection; for everything but documents. */
export function makeSearchSend(connection: SearchConnection): SearchSend {
  return async (method, path, body) => {
    const [pathname = "", query = ""] = path.split("?", 2);
    const { status, text } = await connection({
      method,
      path: pathname,
      query,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status, body: parseJson(text) };
  };
}
