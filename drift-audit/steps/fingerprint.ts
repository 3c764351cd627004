import { createHash } from "node:crypto";
import type { AuditExport, AuditedIndex, FingerprintedFile } from "../../core/audit-plan.ts";
import { encodeRecordRow } from "../../core/audit-rows.ts";
import { bucketOf } from "../../core/bucket.ts";
import { BucketedLines, type BucketedObject } from "../../core/bucketed-object.ts";
import { fingerprintExportLine } from "../../core/export-fingerprint.ts";
import { mapLimited } from "../../core/map-limited.ts";
import { rulesOf } from "../../core/mode-rules.ts";
import type { AuditDeps } from "../audit-deps.ts";
import { AuditRun } from "../audit-run.ts";
import type { StepOf } from "../step-event.ts";

const ROWS_AN_OBJECT = 1_000_000;
const READS_AT_ONCE = 32;
const EVERYTHING = Number.POSITIVE_INFINITY;

/** Digests every record of one data file and puts the digests away by bucket. A repeated step writes the same. */
export async function fingerprintFile(deps: AuditDeps, event: StepOf<"fingerprint">): Promise<object> {
  const { table, run, file } = event;
  const folder = new AuditRun(deps.store, table, run);
  const { table: descriptor, generation } = await folder.plan();
  const rules = rulesOf(generation.mode);
  const { manifestBuckets: buckets, source } = descriptor;
  const name = `fingerprints/${createHash("sha256").update(file.key).digest("hex").slice(0, 24)}`;
  const lines = new BucketedLines(buckets);
  const objects: BucketedObject[] = [];
  const put = async () => {
    objects.push(await lines.write(deps.store, folder.key(`${name}-${objects.length}.gz`)));
  };
  let records = 0;
  for await (const block of deps.exportFile.readBlocks(file, 0)) {
    for (const line of block.texts()) {
      if (line === "") continue;
      const row = fingerprintExportLine(line, source.key, rules);
      lines.add(bucketOf(row.recordId, buckets), encodeRecordRow(row));
      records += 1;
    }
    if (lines.count >= ROWS_AN_OBJECT) await put();
  }
  if (lines.count > 0) await put();
  await folder.write(`${name}.json`, { records, objects } satisfies FingerprintedFile);
  return { state: "done", records };
}

/**
 * Puts the places of all fingerprints into one object, so that a bucket is read without listing.
 *
 * @returns `waitSeconds` until every invocation that was writing when export and index were looked at has ended: what
 * it got acknowledged is in the manifest then
 */
export async function gatherFingerprints(deps: AuditDeps, { table, run }: StepOf<"gather">): Promise<object> {
  const folder = new AuditRun(deps.store, table, run);
  const listed = await deps.store.list(folder.key("fingerprints/"), EVERYTHING);
  const names = listed.map(({ key }) => key).filter((key) => key.endsWith(".json"));
  const files = await mapLimited(names, READS_AT_ONCE, async (key) =>
    folder.read<FingerprintedFile>(key.slice(folder.folder.length)),
  );
  const records = files.reduce((sum, file) => sum + file.records, 0);
  const objects = files.flatMap((file) => file.objects);
  await folder.write("fingerprints.json", { records, objects } satisfies FingerprintedFile);
  const waitSeconds = await untilWritten(deps, folder);
  return { records, bucket: deps.stateBucket, key: folder.key("buckets.json"), waitSeconds };
}

async function untilWritten({ now }: AuditDeps, folder: AuditRun): Promise<number> {
  const [{ table }, { exportTime, readUntil = exportTime }, index] = await Promise.all([
    folder.plan(),
    folder.read<AuditExport>("export.json"),
    folder.find<AuditedIndex>("index.json"),
  ]);
  const lookedAt = Math.max(readUntil, index?.observedAt ?? 0);
  return Math.max(0, Math.ceil((lookedAt - now()) / 1000) + table.consumerTimeoutSeconds);
}
