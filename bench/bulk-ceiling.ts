import { Agent, request } from "node:http";
import { BULK_FILTER_PATH } from "../core/read-bulk-answer.ts";

/**
 * Sends prebuilt bodies over bare `node:http`, so many at once, and parses nothing: the most any client could reach.
 *
 * @returns seconds
 */
export async function runBulkCeiling(
  endpoint: string,
  alias: string,
  bodies: readonly Buffer[],
  inFlight: number,
): Promise<number> {
  const agent = new Agent({ keepAlive: true, maxSockets: inFlight });
  const url = `${endpoint}/${alias}/_bulk?require_alias=true&filter_path=${BULK_FILTER_PATH}`;
  const began = performance.now();
  let next = 0;
  const work = async (): Promise<void> => {
    for (let body = bodies[next++]; body !== undefined; body = bodies[next++]) await post(agent, url, body);
  };
  await Promise.all(Array.from({ length: inFlight }, work));
  agent.destroy();
  return (performance.now() - began) / 1000;
}

function post(agent: Agent, url: string, body: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    const headers = { "content-type": "application/x-ndjson", "content-length": body.length };
    const sent = request(url, { agent, method: "POST", headers }, (response) => {
      response.resume();
      response.on("error", reject);
      response.on("end", () =>
        response.statusCode === 200 ? resolve() : reject(new Error(`${response.statusCode}`)),
      );
    });
    sent.on("error", reject);
    sent.end(body);
  });
}
