import type { AuditedIndex, AuditPlan, ShardListing } from "../../core/audit-plan.ts";
import { judgedFrom } from "../../core/audit-plan.ts";
import { encodeDocumentRow } from "../../core/audit-rows.ts";
import { bucketOf } from "../../core/bucket.ts";
import { BucketedLines } from "../../core/bucketed-object.ts";
import type { ObservedShard } from "../../core/compare-index.ts";
import { SyncError } from "../../core/errors.ts";
import { noteGap } from "../../core/note-gap.ts";
import type { AuditDeps } from "../audit-deps.ts";
import { AuditRun } from "../audit-run.ts";
import { beginUnsettled } from "../managed/unsettled.ts";
import type { StepOf } from "../step-event.ts";

/** Rows held in memory before they are put away. */
const ROWS_AN_OBJECT = 1_000_000;
/** Between two pages of a whole id list, so that searches hardly notice. */
const THROTTLE_MILLIS = 100;

/** Reads checkpoints and history, and settles which documents of each shard are judged. */
export async function observeIndex(
  deps: AuditDeps,
  { table, run }: StepOf<"observe-index">,
  deadline: number,
): Promise<object> {
  const folder = new AuditRun(deps.store, table, run);
  const plan = await folder.plan();
  if (!plan.table.audit.verifyIndex) return { shards: 0 };
  const again = await folder.find<readonly number[]>("recount.json");
  if (plan.generation.mode === "managed")
    await beginUnsettled(deps, folder, plan.generation, () => deps.now() < deadline);
  const index = await observe(deps, plan, again ?? []);
  const attempt = again === undefined ? 1 : 2;
  await folder.write("index.json", { ...index, attempt } satisfies AuditedIndex);
  await folder.write(
    "shards.json",
    index.shards.map(({ shard }) => ({ shard })),
  );
  return { shards: index.shards.length, bucket: deps.stateBucket, key: folder.key("shards.json") };
}

async function observe(
  deps: AuditDeps,
  plan: AuditPlan,
  recount: readonly number[],
): Promise<Omit<AuditedIndex, "attempt">> {
  const { index, indexUuid } = plan.generation;
  const seen = await deps.inspector.observe(index);
  if (seen?.indexUuid !== indexUuid) {
    await noteGap(deps, plan, `index ${index} is gone or was replaced behind our back`);
    throw replaced(index, indexUuid);
  }
  const shards = seen.shards.map(({ shard, checkpoint, historyUuid }): ObservedShard => {
    const from = recount.includes(shard) ? -1 : judgedFrom(plan, shard, historyUuid);
    return { shard, checkpoint, historyUuid, from };
  });
  await deps.inspector.refresh(index);
  return { observedAt: deps.now(), routing: seen.routing, shards };
}

/**
 * Lists one shard's documents above where it is judged from, at one point in time, until all are listed or the
 * time is up; asked again it goes on. A point in time that expired is opened anew, from the start.
 */
export async function listShard(
  deps: AuditDeps,
  { table, run, shard }: StepOf<"list-shard">,
  deadline: number,
): Promise<{ readonly state: "done" | "more" }> {
  const folder = new AuditRun(deps.store, table, run);
  const [plan, index] = await Promise.all([folder.plan(), folder.read<AuditedIndex>("index.json")]);
  const observed = index.shards.find((known) => known.shard === shard);
  if (observed === undefined) return { state: "done" };
  const name = `index/${index.attempt}/${shard}`;
  let listing = await folder.find<ShardListing>(`${name}.json`);
  if (listing?.done) return { state: "done" };
  try {
    listing ??= await beginListing(deps, plan, observed);
    const listed = await goOn(deps, folder, plan, observed, listing, name, deadline);
    await folder.write(`${name}.json`, listed);
    if (!listed.done) return { state: "more" };
    await deps.inspector.closeShard(listed.pointInTime);
    return { state: "done" };
  } catch (cause) {
    await deps.store.remove([folder.key(`${name}.json`)]);
    throw cause;
  }
}

async function beginListing(
  { inspector }: AuditDeps,
  { generation: { index } }: AuditPlan,
  { shard, checkpoint, from }: ObservedShard,
): Promise<ShardListing> {
  const range = { above: from, through: checkpoint };
  const { name: pointInTime, count: live } = await inspector.openShard(index, shard, range);
  return { pointInTime, live, aboveSeqNo: from, documents: 0, objects: [], done: false };
}

async function goOn(
  { inspector, store, now }: AuditDeps,
  folder: AuditRun,
  { table }: AuditPlan,
  { shard, from }: ObservedShard,
  before: ShardListing,
  name: string,
  deadline: number,
): Promise<ShardListing> {
  const lines = new BucketedLines(table.manifestBuckets);
  const objects = [...before.objects];
  const put = async () => objects.push(await lines.write(store, folder.key(`${name}-${objects.length}.gz`)));
  let { aboveSeqNo, documents } = before;
  let done = true;
  const pauseMillis = from === -1 ? THROTTLE_MILLIS : 0;
  for await (const rows of inspector.list(before.pointInTime, shard, before, pauseMillis)) {
    for (const row of rows) lines.add(bucketOf(row.id, table.manifestBuckets), encodeDocumentRow(row));
    aboveSeqNo = rows.at(-1)?.seqNo ?? aboveSeqNo;
    documents += rows.length;
    if (lines.count >= ROWS_AN_OBJECT) await put();
    if (now() < deadline) continue;
    done = false;
    break;
  }
  if (lines.count > 0) await put();
  return { ...before, aboveSeqNo, documents, objects, done };
}

function replaced(index: string, indexUuid: string): SyncError {
  return new SyncError("INDEX_REPLACED", "the index is not the one this generation was made with", {
    subject: `${index}, expected ${indexUuid}`,
    fix: "raise the generation's revision, which builds a new index",
    retryable: false,
  });
}
