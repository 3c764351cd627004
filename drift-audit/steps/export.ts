import { createHash } from "node:crypto";
import type { AuditExport, AuditPlan } from "../../core/audit-plan.ts";
import type { ExportDataFile, ExportState } from "../../core/ports/table-export.ts";
import { stateLayout } from "../../core/state-layout.ts";
import type { AuditDeps } from "../audit-deps.ts";
import { AuditRun } from "../audit-run.ts";
import type { StepOf } from "../step-event.ts";

/** A JSON array in S3 that a distributed map reads. */
export interface FileList {
  readonly bucket: string;
  readonly key: string;
  readonly files: number;
}

/** Starts a run's export. The run's name is the token, so a repeated step starts the same one. */
export async function startExport(deps: AuditDeps, { table, run }: StepOf<"start-export">): Promise<object> {
  const folder = new AuditRun(deps.store, table, run);
  const { table: descriptor, window } = await folder.plan();
  const started = await deps.accessTo(descriptor).exports.start({
    bucket: deps.stateBucket,
    prefix: stateLayout.exports(table),
    token: toToken(`audit ${table} ${run}`),
    ...(window === undefined ? {} : { window }),
  });
  await folder.write("export.json", started);
  return {};
}

/** Looks at a run's export; a finished one leaves its size for the report, and when its rows were read. */
export async function checkExport(
  deps: AuditDeps,
  { table, run }: StepOf<"check-export">,
  deadline: number,
): Promise<ExportState> {
  const folder = new AuditRun(deps.store, table, run);
  const [{ table: descriptor }, started] = await readExport(folder);
  const { exports } = deps.accessTo(descriptor);
  const state = await exports.check(started.exportArn, () => deps.now() < deadline);
  if (state.state !== "done") return state;
  await folder.write("export-done.json", state);
  if (state.read === undefined) return state;
  const { from, until } = state.read;
  await folder.write("export.json", { ...started, exportTime: from, readUntil: until } satisfies AuditExport);
  return state;
}

/** Lists the data files to be fingerprinted; none when they all are, after a count made the run look again. */
export async function listFiles(deps: AuditDeps, { table, run }: StepOf<"list-files">): Promise<FileList> {
  const folder = new AuditRun(deps.store, table, run);
  const [{ table: descriptor }, { exportArn }] = await readExport(folder);
  const gathered = await folder.find("fingerprints.json");
  const files = gathered === undefined ? await deps.accessTo(descriptor).exports.files(exportArn) : [];
  return writeList(deps, folder.key("files.json"), files);
}

function readExport(folder: AuditRun): Promise<[AuditPlan, AuditExport]> {
  return Promise.all([folder.plan(), folder.read<AuditExport>("export.json")]);
}

/** Starts a build's export, always a full one. */
export async function startLoadExport(deps: AuditDeps, event: StepOf<"start-load-export">): Promise<object> {
  const { table } = event.table;
  const { exportArn, exportTime } = await deps.accessTo(event.table).exports.start({
    bucket: deps.stateBucket,
    prefix: stateLayout.exports(table),
    token: toToken(`load ${event.generation} ${event.execution}`),
  });
  return { exportArn, exportTime: new Date(exportTime).toISOString() };
}

/** Looks at a build's export. */
export function checkLoadExport(
  deps: AuditDeps,
  { table, exportArn }: StepOf<"check-load-export">,
  deadline: number,
): Promise<ExportState> {
  return deps.accessTo(table).exports.check(exportArn, () => deps.now() < deadline);
}

/** Lists the data files a build loads. Loading one again does no harm: its rows lose or tie with themselves. */
export async function listLoadFiles(
  deps: AuditDeps,
  { table, generation, exportArn }: StepOf<"list-load-files">,
): Promise<FileList> {
  const name = exportArn.slice(exportArn.lastIndexOf("/") + 1);
  const key = `${stateLayout.audits(table.table)}loads/${generation}/${name}.json`;
  return writeList(deps, key, await deps.accessTo(table).exports.files(exportArn));
}

async function writeList(deps: AuditDeps, key: string, all: readonly ExportDataFile[]): Promise<FileList> {
  const files = all.filter(({ items }) => items !== 0);
  await deps.store.writeText(key, JSON.stringify(files));
  return { bucket: deps.stateBucket, key, files: files.length };
}

/** A client token is at most 36 characters in the shape of a UUID's. */
function toToken(name: string): string {
  return createHash("sha256").update(name).digest("hex").slice(0, 32);
}
