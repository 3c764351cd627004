import * as z from "zod";
import { type ConnectorDeps, listConnectors, removeConnector, runConnector } from "../machine/connectors.ts";
import type { DeclaredProgram, DeclaredResource } from "../synth/declared-resource.ts";
import type { Json } from "../synth/json.ts";
import { declaredConnectors } from "./connector-provider.ts";

/** What a stack says of its connectors, in what it exports. */
const environmentSchema = z.object({
  connectors: z
    .record(z.string(), z.object({ name: z.string(), configuration: z.record(z.string(), z.string()) }))
    .default({}),
});

/** Positions are flushed soon, because slots confirm what was flushed and audits wait for that. */
const FLUSH_MILLIS = 1_000;

/**
 * Ends the connectors that a program no longer has, before anything they read is taken away.
 *
 * @param program - as recorded; connectors' names hold no tokens
 */
export async function removeOtherConnectors({
  environment,
  resources,
}: Pick<DeclaredProgram, "environment" | "resources">): Promise<void> {
  const { connectors } = environmentSchema.parse(environment);
  const wanted = new Set([
    ...Object.values(connectors).map(({ name }) => name),
    ...declaredConnectors(resources),
  ]);
  for (const name of listConnectors()) {
    if (!wanted.has(name)) await removeConnector(name);
  }
}

/**
 * Runs the connectors that are left to a Kafka Connect of the user's, which on this machine is ours.
 *
 * @param environment - what the stack exports, resolved
 */
export async function runExternalConnectors(
  environment: Json,
  resources: readonly DeclaredResource[],
  deps: ConnectorDeps,
): Promise<void> {
  const { connectors } = environmentSchema.parse(environment);
  const ofConnect = declaredConnectors(resources);
  for (const { name, configuration } of Object.values(connectors)) {
    if (ofConnect.includes(name)) continue;
    const settings = {
      // Goes with the source it belongs to.
      "offset.storage.topic": `${name}-offsets`,
      "offset.flush.interval.ms": String(FLUSH_MILLIS),
    };
    await runConnector({ name, configuration, settings }, deps);
  }
}
