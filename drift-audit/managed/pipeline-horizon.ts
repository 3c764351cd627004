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
  const isStaged = table.source.kind === "sql";
  const progress = { newest, quietSince, now: deps.now(), collectMillis, isStaged };
  const verdict = judgePipelineHorizon(progress, instant);
  if (verdict !== "silent") return verdict;
  const unsent = isStaged
    ? await findUnread(deps, folder, { table, generation }, instant)
    : await findUnsent(
        deps,
        folder,
        table,
        Math.max(newest ?? 0, await loadedUntil(deps, table, generation)),
      );
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

/**
 * Nobody but a pipeline reads what its slot keeps; the slot tells how far it has come. What it has read and not told by now,
 * after its silence, will not come.
 *
 * @returns the instant, where changes up to it may not have been read; a slot that nobody reads tells nothing
 */
async function findUnread(
  deps: AuditDeps,
  folder: AuditRun,
  { table, generation }: ManagedSubject & { readonly generation: ManagedGeneration },
  instant: number,
): Promise<number | undefined> {
  const { database } = deps.accessTo(table);
  if (database === undefined) return undefined;
  const name = `log-end-${instant}.json`;
  const noted = await folder.find<string>(name);
  const end = noted === undefined ? await database.readLogEnd() : BigInt(noted);
  if (noted === undefined) await folder.write(name, String(end));
  const state = await database.readerState(generation.pipeline.name);
  return state.kind === "reading" && state.confirmedLsn >= end ? undefined : instant;
}
