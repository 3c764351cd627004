import type { IncomingMessage, ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import * as z from "zod";
import { toReason } from "../to-reason.ts";

/** Where the deployment tells which database stands for a cluster: `PUT <this><ARN>`. */
export const CLUSTERS_PATH = "/_trueup/clusters/";

const schema = z.object({ url: z.url() });

/** The databases that stand for clusters of Aurora. */
export interface KnownClusters {
  /** Takes a declaration, `{ "url": "postgresql://…" }`. Never rejects. */
  declare(request: IncomingMessage, response: ServerResponse): Promise<void>;
  /** A connection URL; undefined where nobody declared the cluster. */
  urlOf(clusterArn: string): string | undefined;
}

/** Keeps them in memory. */
export function makeKnownClusters(): KnownClusters {
  const urls = new Map<string, string>();
  return {
    urlOf: (clusterArn) => urls.get(clusterArn),
    declare: async (request, response) => {
      const answer = (status: number, body: object) =>
        response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
      try {
        const { url } = schema.parse(JSON.parse(await text(request)));
        urls.set(decodeURIComponent((request.url ?? "").slice(CLUSTERS_PATH.length)), url);
        answer(200, {});
      } catch (cause) {
        answer(400, { error: toReason(cause) });
      }
    },
  };
}
