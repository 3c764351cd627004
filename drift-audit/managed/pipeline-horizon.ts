import { judgePipelineHorizon } from "../../core/horizon.ts";
import { PIPELINE_SHARD } from "../../core/sent-until.ts";
import type { ManagedGeneration, TableDescriptor } from "../../core/table-descriptor.ts";
import type { AuditDeps } from "../audit-deps.ts";
import type { AuditRun } from "../audit-run.ts";
import type { ManagedSubject } from "./ingest-refused.ts";
import { ingestUnsettled } from "./unsettled.ts";

/** Whether a managed pipeline has sent, and told the manifest, everything up to an instant. */
export async function checkPipelineHorizon(
  deps: AuditDeps,
  folder: AuditRun,
  { table, generation }: ManagedSubject & { readonly generation: ManagedGeneration },
  instant: number,
  mayGoOn: () => boolean,
): Promise<"passed" | "waiting"> {
  const { done, quietSince } = await ingestUnsettled(deps, folder, generation, mayGoOn);
  if (!done) return "waiting";
  const positions = await deps.positions.positions(generation.generation, generation.indexUuid);
  const newest = positions.find(({ shard }) => shard === PIPELINE_SHARD)?.time;
  const collectMillis = generation.pipeline.collectSeconds * 1000;
  const progress = { newest, quietSince, now: deps.now(), collectMillis };
  const verdict = judgePipelineHorizon(progress, instant);
  if (verdict !== "silent") return verdict;
  const sentUntil = Math.max(newest ?? 0, await loadedUntil(deps, table, generation));
  const unsent = await findUnsent(deps, folder, table, sentUntil);
  return judgePipelineHorizon(progress, instant, unsent) === "waiting" ? "waiting" : "passed";
}

/** What its export held, it need not send again. */
async function loadedUntil(
  { control }: AuditDeps,
  { table }: TableDescriptor,
  { generation }: ManagedGeneration,
): Promise<number> {
  const { load } = (await control.read(table)).generations[generation] ?? {};
  return load === undefined ? 0 : Date.parse(load.exportTime);
}

/** The stream is read once, and again only when what was found has been sent; one that holds too much tells nothing. */
async function findUnsent(
  deps: AuditDeps,
  folder: AuditRun,
  table: TableDescriptor,
  sentUntil: number,
): Promise<number | undefined> {
  const known = await folder.find<number>("unsent.json");
  if (known !== undefined && known > sentUntil) return known;
  const { horizon } = deps.accessTo(table);
  // A database's log is not kept for us: nobody can be asked what a pipeline has not sent of it.
  if (horizon.kind === "log") return undefined;
  try {
    const found = await horizon.firstAfter(sentUntil);
    if (found !== undefined) await folder.write("unsent.json", found);
    return found;
  } catch (cause) {
    deps.onSkipped("the stream was not asked what a silent pipeline has not sent", cause);
    return undefined;
  }
}
