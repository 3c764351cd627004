import { planTakeover } from "../../core/adoption.ts";
import { planAliasMove, planAliasReturn } from "../../core/alias-move.ts";
import { type GateBlock, judgeGate } from "../../core/cutover-gate.ts";
import { SyncError } from "../../core/errors.ts";
import { requireGeneration, serveGeneration } from "../../core/generation.ts";
import {
  type LifecycleCommand,
  MAXIMUM_CUTOVER_ATTEMPTS,
  type MoveAnswer,
  pauseBeforeAttempt,
} from "../../core/lifecycle-command.ts";
import type { AliasMember, GenerationControl, TableControl } from "../../core/table-control.ts";
import type { TableDescriptor } from "../../core/table-descriptor.ts";
import { readAliasFacts } from "../alias-facts.ts";
import { gateLimits, gatherFacts } from "../gather-facts.ts";
import type { LifecycleDeps } from "../lifecycle-deps.ts";

type CutoverCommand = Extract<LifecycleCommand, { command: "cutover" }>;

/** What `pinned` says while an alias that was adopted is back where it was adopted from. */
const ADOPTED = "adopted";

/**
 * Moves the alias to the newest generation, or the one named, if the gate is open.
 *
 * A person who asks and is refused gets an error; a build gets an answer that says what to do next. A
 * person's cutover also lifts a pin and a retirement.
 *
 * @throws SyncError `CUTOVER_REFUSED` for a person, with every reason (not retryable)
 */
export async function cutOver(deps: LifecycleDeps, command: CutoverCommand): Promise<MoveAnswer> {
  const { table, automatic = false, attempt = 0 } = command;
  const control = await deps.control.read(table.table);
  const target = command.generation ?? table.generations.at(-1)?.generation ?? "";
  const known = requireGeneration(control, target);
  const members = await deps.admin.aliasMembers(table.alias);
  if (members.length === 1 && members[0]?.index === known.index) {
    return serveAgain(deps, control, target, automatic);
  }
  const held = automatic ? heldBack(control, table, known, servingOf(control, members)) : undefined;
  const blocks = await readBlocks(deps, table, target, control, members);
  if (blocks.length > 0) return automatic ? shutAnswer(blocks, attempt) : refuse(blocks, target);
  if (held !== undefined) return { moved: false, kind: "held", waiting: held };
  return moveTo(deps, table, target, false);
}

/**
 * Moves the alias back to the generation that does not serve, through the same gate, and pins it there.
 *
 * With one generation only, the alias goes back to what it was adopted from, if that is still there.
 *
 * @throws SyncError `CUTOVER_REFUSED` when there is nothing to go back to, or the gate is shut (not retryable)
 */
export async function rollBack(deps: LifecycleDeps, table: TableDescriptor): Promise<MoveAnswer> {
  const control = await deps.control.read(table.table);
  const members = await deps.admin.aliasMembers(table.alias);
  const serving = servingOf(control, members);
  const target = Object.values(control.generations)
    .filter(({ generation, leaving }) => generation !== serving && leaving !== true)
    .map(({ generation }) => generation)
    .at(0);
  if (serving === undefined) throw nothingBehind(table, "nothing of this table serves");
  if (target === undefined) return returnToAdopted(deps, table, control, members);
  const blocks = await readBlocks(deps, table, target, control, members);
  return blocks.length > 0 ? refuse(blocks, target) : moveTo(deps, table, target, true);
}

/** Control first, alias second: a guard that looks between the two refuses, and the alias is the truth. */
async function moveTo(
  deps: LifecycleDeps,
  table: TableDescriptor,
  target: string,
  pin: boolean,
): Promise<MoveAnswer> {
  const before = await deps.control.read(table.table);
  const takeover = planTakeover(table.alias, await readAliasFacts(deps, table.alias), before.adopt);
  const members = await deps.admin.aliasMembers(table.alias);
  const foreign = takeover.kind === "alias" ? takeover.indexes : [];
  const adopted = members.filter(({ index }) => foreign.includes(index));
  const control = await deps.control.update(table.table, (current) => ({
    ...serveGeneration(current, target, pin),
    ...(adopted.length > 0 ? { adopted } : {}),
  }));
  const { index } = requireGeneration(control, target);
  await deps.admin.changeAliases(planAliasMove(table.alias, index, members, takeover));
  return announceMove(deps, table, target, servingOf(control, members), pin);
}

async function returnToAdopted(
  deps: LifecycleDeps,
  table: TableDescriptor,
  control: TableControl,
  members: readonly AliasMember[],
): Promise<MoveAnswer> {
  const { adopted = [] } = control;
  const found = await Promise.all(adopted.map(({ index }) => deps.admin.findIndex(index)));
  if (adopted.length === 0 || found.includes(undefined)) {
    throw nothingBehind(table, "there is no other generation, and nothing adopted that still exists");
  }
  await deps.control.update(table.table, ({ serving: _serving, ...rest }) => ({ ...rest, pinned: ADOPTED }));
  await deps.admin.changeAliases(planAliasReturn(table.alias, members, adopted));
  return announceMove(deps, table, ADOPTED, servingOf(control, members), true);
}

/** The alias is where it should be; only what the record says of it may be behind. */
async function serveAgain(
  deps: LifecycleDeps,
  control: TableControl,
  target: string,
  automatic: boolean,
): Promise<MoveAnswer> {
  const lift = !automatic && (control.pinned !== undefined || control.retired);
  if (control.serving !== target || lift) {
    await deps.control.update(control.table, (current) =>
      serveGeneration(current, target, !lift && current.pinned === target),
    );
  }
  return { moved: false, kind: "serves", serving: target };
}

async function readBlocks(
  deps: LifecycleDeps,
  table: TableDescriptor,
  target: string,
  control: TableControl,
  members: readonly AliasMember[],
): Promise<readonly GateBlock[]> {
  const aliasIndexes = members.map(({ index }) => index);
  const facts = await gatherFacts(deps, table, requireGeneration(control, target), aliasIndexes);
  return judgeGate(facts, gateLimits(deps, table));
}

/** What only a person decides; a build that finishes late never takes the alias back from a newer generation. */
function heldBack(
  { pinned, retired, generations }: TableControl,
  { cutover, table }: TableDescriptor,
  target: GenerationControl,
  serving: string | undefined,
): string | undefined {
  const other = serving === undefined ? undefined : generations[serving];
  if (retired) return `the table is retired; \`trueup cutover ${table}\` serves it again`;
  if (pinned !== undefined) return `pinned to ${pinned}; \`trueup cutover ${table}\` lifts it`;
  if (other !== undefined && other.createdAt > target.createdAt) return `the newer ${serving} serves already`;
  return cutover === "manual" ? `ready; \`trueup cutover ${table}\` moves the alias` : undefined;
}

/** A load that failed and a gap stop a build; an audit is asked for only when nothing else is in the way. */
function shutAnswer(blocks: readonly GateBlock[], attempt: number): MoveAnswer {
  const checks = new Set(blocks.map(({ check }) => check));
  const stop = checks.has("gap") || checks.has("load") || attempt >= MAXIMUM_CUTOVER_ATTEMPTS;
  const audit = checks.has("audit") && !checks.has("lag") && !checks.has("dead-letters");
  return {
    moved: false,
    kind: "shut",
    waiting: blocks.map(({ reason }) => reason).join("; "),
    next: stop ? "stop" : audit ? "audit" : "wait",
    waitSeconds: pauseBeforeAttempt(attempt),
    attempt: attempt + 1,
  };
}

async function announceMove(
  { announcer }: LifecycleDeps,
  { table }: TableDescriptor,
  serving: string,
  previous: string | undefined,
  pinned: boolean,
): Promise<MoveAnswer> {
  const came = previous === undefined ? {} : { previous };
  await announcer.announce({
    subject: `Trueup: searches of ${table} now use ${serving}`,
    detail: { table, serving, pinned, ...came },
  });
  return { moved: true, serving, ...came };
}

function servingOf(control: TableControl, members: readonly AliasMember[]): string | undefined {
  const indexes = new Set(members.map(({ index }) => index));
  return Object.values(control.generations).find(({ index }) => indexes.has(index))?.generation;
}

function refuse(blocks: readonly GateBlock[], generation: string): never {
  throw new SyncError("CUTOVER_REFUSED", blocks.map(({ reason }) => reason).join("; "), {
    subject: generation,
    fix: fixOf(blocks[0]?.check),
    retryable: false,
  });
}

function fixOf(check: GateBlock["check"] | undefined): string {
  if (check === "gap") return 'raise "revision", or run a full audit and approve its repairs';
  if (check === "load") return "wait for the build, or deploy again to restart one that failed";
  if (check === "lag") return "wait until the consumer has caught up, see `trueup status`";
  if (check === "dead-letters")
    return "look at `trueup dead-letters list`, correct the cause, then replay them";
  return "run `trueup audit TABLE --wait`, then try again";
}

function nothingBehind({ table }: TableDescriptor, what: string): SyncError {
  return new SyncError("CUTOVER_REFUSED", what, {
    subject: table,
    fix: "add a generation to the configuration and deploy it",
    retryable: false,
  });
}
