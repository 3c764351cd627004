import type { AuditedIndex, AuditPlan, ShardListing } from "../../core/audit-plan.ts";
import { mapLimited } from "../../core/map-limited.ts";
import type { AuditDeps } from "../audit-deps.ts";
import { AuditRun } from "../audit-run.ts";
import type { StepOf } from "../step-event.ts";
import type { ComparedBucket } from "./compare.ts";

const READS_AT_ONCE = 32;

/**
 * Compares how many documents each shard holds with how many the manifest accounts for.
 *
 * `recount`: a shard differs whose ids were not all listed, because something was removed there that is older
 * than the last audit; the index is looked at again and those shards are listed whole. `candidates`: something
 * was found and must be found again. `none`: nothing was.
 */
export async function checkCounts(
  deps: AuditDeps,
  { table, run }: StepOf<"check-counts">,
): Promise<{ readonly state: "recount" | "candidates" | "none" }> {
  const folder = new AuditRun(deps.store, table, run);
  const compared = await readCompared(folder, await folder.plan());
  const index = await folder.find<AuditedIndex>("index.json");
  const differing: number[] = [];
  for (const { shard, from } of index?.shards ?? []) {
    const { live } = await folder.read<ShardListing>(`index/${index?.attempt}/${shard}.json`);
    const expected = compared.reduce((sum, bucket) => sum + (bucket.expected[shard] ?? 0), 0);
    const uncertain = compared.reduce((sum, bucket) => sum + (bucket.uncertain?.[shard] ?? 0), 0);
    if (Math.abs(live - expected) > uncertain && from !== -1) differing.push(shard);
  }
  if (differing.length > 0 && index?.attempt === 1) {
    await folder.write("recount.json", differing);
    return { state: "recount" };
  }
  return { state: compared.some(({ findings }) => findings.length > 0) ? "candidates" : "none" };
}

/** What the comparison left of every bucket. */
export function readCompared(folder: AuditRun, { table }: AuditPlan): Promise<ComparedBucket[]> {
  const buckets = Array.from({ length: table.manifestBuckets }, (_, bucket) => bucket);
  return mapLimited(buckets, READS_AT_ONCE, (bucket) =>
    folder.read<ComparedBucket>(`compare/${bucket}.json`),
  );
}
