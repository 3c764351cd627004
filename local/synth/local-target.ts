import { LOCAL_ACCOUNT } from "../machine/local-account.ts";
import type { JsonObject } from "./json.ts";

/**
 * The search target of this machine, as a stack declares an existing domain: pipelines take no other. Requests to it are
 * signed as to a domain; an engine without its security plugin does not look at signatures.
 */
export function localTarget(url: string): JsonObject {
  const arn = `arn:aws:es:us-east-1:${LOCAL_ACCOUNT}:domain/local`;
  return { existingDomain: { arn, endpoint: url } };
}
