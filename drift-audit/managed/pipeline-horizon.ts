import { judgePipelineHorizon } from "../../core/horizon.ts";
import { PIPELINE_SHARD } from "../../core/sent-until.ts";
import type { ManagedGeneration } from "../../core/table-descriptor.ts";
import type { AuditDeps } from "../audit-deps.ts";
import type { AuditRun } from "../audit-run.ts";
import { ingestUnsettled } from "./unsettled.ts";

/** Whether a managed pipeline has sent, and told the manifest, everything up to an instant. */
export async function checkPipelineHorizon(
  deps: AuditDeps,
  folder: AuditRun,
  generation: ManagedGeneration,
  instant: number,
  mayGoOn: () => boolean,
): Promise<"passed" | "waiting"> {
  const { done, quietSince } = await ingestUnsettled(deps, folder, generation, mayGoOn);
  const positions = await deps.positions.positions(generation.generation, generation.indexUuid);
  const newest = positions.find(({ shard }) => shard === PIPELINE_SHARD)?.time;
  const collectMillis = generation.pipeline.collectSeconds * 1000;
  const progress = { newest, quietSince, now: deps.now(), collectMillis };
  return done ? judgePipelineHorizon(progress, instant) : "waiting";
}
