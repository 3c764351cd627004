import * as z from "zod";
import { SyncError } from "../../core/errors.ts";
import {
  addGeneration,
  changeGeneration,
  type NewGeneration,
  removeGeneration,
  requireRoom,
  requireSameTransform,
} from "../../core/generation.ts";
import { generationServing } from "../../core/generation-guard.ts";
import { indexSettings, toIndexBody, toMapping } from "../../core/index-definition.ts";
import { compareMappings } from "../../core/mapping-change.ts";
import type { IndexFacts } from "../../core/ports/index-admin.ts";
import type { TableControl } from "../../core/table-control.ts";
import { type ActionData, type CustomResourceAction, defineAction } from "../custom-resource-action.ts";
import type { LifecycleDeps } from "../lifecycle-deps.ts";
import { requireCapableTarget } from "../require-capable-target.ts";

const object = z.record(z.string(), z.unknown());
const indexSchema = z.strictObject({
  table: z.string(),
  generation: z.string(),
  mode: z.enum(["custom", "managed"]),
  revision: z.number().int().min(1),
  index: z.string(),
  writeAlias: z.string(),
  mapping: object,
  settings: object,
  /** Absent in specs of earlier releases. */
  streamArn: z.string().exactOptional(),
  transformHash: z.string(),
  allowTransformChange: z.boolean(),
  /** Where the target must show first what it can do; `audits`: also what audits of the index rest on. */
  probe: z.strictObject({ audits: z.boolean() }).exactOptional(),
});

type IndexSpec = z.infer<typeof indexSchema>;
type IndexDeps = Pick<LifecycleDeps, "control" | "admin" | "probe" | "announcer" | "environment" | "now">;

/** A generation's index: made once, changed only by what an index in use can take, deleted when nothing searches it. */
export function makeIndexAction(deps: IndexDeps): CustomResourceAction {
  return defineAction(indexSchema, {
    identify: ({ table, generation }) => `${table}/${generation}`,
    create: (spec) => createIndex(deps, spec),
    update: (spec, before) => updateIndex(deps, spec, before),
    delete: (spec) => deleteIndex(deps, spec),
  });
}

/** A third generation is refused before anything of it exists; a lost race takes its fresh index away again. */
async function createIndex(deps: IndexDeps, spec: IndexSpec): Promise<ActionData> {
  requireRoom(await deps.control.read(spec.table), spec.generation);
  await requireCapable(deps, spec);
  const body = toIndexBody({ ...spec, environment: deps.environment });
  const made = await deps.admin.createIndex(spec.index, body);
  const facts = await requireOurs(deps, spec);
  if (made === "exists") await requireKnownOrEmpty(deps, spec, facts);
  try {
    await deps.control.update(spec.table, (control) =>
      addGeneration(control, toGeneration(deps, spec, facts)),
    );
  } catch (cause) {
    if (made === "created") await deps.admin.deleteIndex(spec.index);
    throw cause;
  }
  return { indexUuid: facts.indexUuid };
}

async function requireCapable({ probe }: IndexDeps, spec: IndexSpec): Promise<void> {
  if (spec.probe !== undefined) await requireCapableTarget(probe, `${spec.index}-probe`, spec.probe);
}

async function updateIndex(
  deps: IndexDeps,
  spec: IndexSpec,
  before: IndexSpec | undefined,
): Promise<ActionData> {
  const facts = await requireOurs(deps, spec);
  const control = await deps.control.read(spec.table);
  requireSameIndex(control, spec, facts);
  requireAllowedTransform(control, spec);
  if (spec.probe?.audits !== before?.probe?.audits) await requireCapable(deps, spec);
  await putChanges(deps, spec, before);
  await deps.control.update(spec.table, (current) =>
    changeGeneration(current, spec.generation, (known) => ({ ...known, transformHash: spec.transformHash })),
  );
  if (isOtherStream(before, spec)) await recordOtherStream(deps, spec);
  return { indexUuid: facts.indexUuid };
}

/** A stream that was switched off and on, or a table that was restored under its name, is another stream. */
function isOtherStream(before: IndexSpec | undefined, { streamArn }: IndexSpec): boolean {
  return before?.streamArn !== undefined && before.streamArn !== streamArn;
}

/** What was written between the two streams is in neither: nothing found can be trusted to be complete. */
async function recordOtherStream(
  deps: IndexDeps,
  { table, generation, streamArn }: IndexSpec,
): Promise<void> {
  const cause = `the table has another stream than the generation was built from, ${streamArn}`;
  const detectedAt = new Date(deps.now()).toISOString();
  await deps.control.update(table, (current) =>
    changeGeneration(current, generation, (known) => ({ ...known, gap: known.gap ?? { cause, detectedAt } })),
  );
  await deps.announcer.announce({
    subject: `Trueup: gap found in ${generation}`,
    detail: { table, generation, cause },
  });
}

async function putChanges(deps: IndexDeps, spec: IndexSpec, before: IndexSpec | undefined): Promise<void> {
  const change = compareMappings(before?.mapping ?? {}, spec.mapping);
  if (change.kind === "incompatible") throw changeRefused(spec, `mapping ${change.path}`);
  if (change.kind === "additive") {
    await deps.admin.putMapping(spec.index, toMapping({ ...spec, environment: deps.environment }));
  }
  const settings = changedSettings(spec, before);
  if (Object.keys(settings).length > 0) await deps.admin.putSettings(spec.index, settings);
}

/** A setting that is declared no longer goes back to the engine's default. */
function changedSettings(spec: IndexSpec, before: IndexSpec | undefined): Record<string, unknown> {
  if (before === undefined) return {};
  const [old, wanted] = [indexSettings(before.settings), indexSettings(spec.settings)];
  const names = new Set([...Object.keys(old), ...Object.keys(wanted)]);
  const changed = [...names].filter((name) => JSON.stringify(old[name]) !== JSON.stringify(wanted[name]));
  return Object.fromEntries(changed.map((name) => [name, wanted[name] ?? null]));
}

/** Only an index this environment made for this very generation is deleted, and only while nothing searches it. */
async function deleteIndex(deps: IndexDeps, spec: IndexSpec): Promise<void> {
  const facts = await deps.admin.findIndex(spec.index);
  const members = await deps.admin.aliasMembers(spec.table);
  if (members.some(({ index }) => index === spec.index)) throw generationServing(spec.generation, spec.table);
  if (facts !== undefined && isOurs(deps, spec, facts)) await deps.admin.deleteIndex(spec.index);
  await deps.control.update(spec.table, (control) => removeGeneration(control, spec.generation));
}

async function requireOurs(deps: IndexDeps, spec: IndexSpec): Promise<IndexFacts> {
  const facts = await deps.admin.findIndex(spec.index);
  if (facts !== undefined && isOurs(deps, spec, facts)) return facts;
  if (facts === undefined) throw indexReplaced(spec, "is gone, or an alias has its name");
  throw indexExists(spec);
}

/** An index of ours that the control record does not know is one a create left behind half-way, so it is empty. */
async function requireKnownOrEmpty(deps: IndexDeps, spec: IndexSpec, facts: IndexFacts): Promise<void> {
  const { generations } = await deps.control.read(spec.table);
  if (generations[spec.generation]?.indexUuid === facts.indexUuid) return;
  if ((await deps.admin.countDocuments(spec.index)) > 0) throw indexExists(spec);
}

function isOurs({ environment }: IndexDeps, { table, generation }: IndexSpec, { mark }: IndexFacts): boolean {
  return mark?.environment === environment && mark.table === table && mark.generation === generation;
}

function requireSameIndex(control: TableControl, spec: IndexSpec, facts: IndexFacts): void {
  const known = control.generations[spec.generation];
  if (known !== undefined && known.indexUuid !== facts.indexUuid) {
    throw indexReplaced(spec, `was replaced: ${known.indexUuid} became ${facts.indexUuid}`);
  }
}

function requireAllowedTransform(control: TableControl, spec: IndexSpec): void {
  const known = control.generations[spec.generation];
  if (known !== undefined && !spec.allowTransformChange) requireSameTransform(known, spec.transformHash);
}

function toGeneration({ now }: IndexDeps, spec: IndexSpec, { indexUuid }: IndexFacts): NewGeneration {
  const { generation, index, mode, revision, transformHash } = spec;
  const createdAt = new Date(now()).toISOString();
  return { generation, index, indexUuid, mode, revision, transformHash, createdAt };
}

function indexExists({ index }: IndexSpec): SyncError {
  return new SyncError("INDEX_EXISTS", "an index of that name exists and this stack did not fill it", {
    subject: index,
    fix: 'delete it, or raise "revision" so that another name is used',
    retryable: false,
  });
}

function changeRefused(spec: IndexSpec, subject: string): SyncError {
  return new SyncError("INDEX_CHANGE_REFUSED", "an index in use can only gain fields", {
    subject: `${subject} of ${spec.index}`,
    fix: 'undo the change, or raise "revision" so that a new index is built beside it',
    retryable: false,
  });
}

function indexReplaced(spec: IndexSpec, what: string): SyncError {
  return new SyncError("INDEX_REPLACED", `the generation's index ${what}`, {
    subject: spec.index,
    fix: 'raise "revision": what was indexed before cannot be trusted to be complete',
    retryable: false,
  });
}
