import { PAGE_RECORDS, type WireRecord } from "../../dynamodb-streams.ts";
import { toReason } from "../../to-reason.ts";
import { makeAcknowledgementSet, NO_RECEIPT, type Receipt } from "../acknowledgement-set.ts";
import { type ConvertPage, makeConvertPage } from "./convert-page.ts";
import { advanceCheckpoint, type PageStatus } from "./shard-checkpoints.ts";
import type { SourceDeps, Stoppable } from "./source-deps.ts";
import type { ShardState } from "./source-state.ts";

const POLL_MILLIS = 300;
const ITERATOR_TRIES = 3;
const RETRY_MILLIS = 100;

/** One consumer of one shard. @param stop - ends it; the shard is given up then */
interface Consumer {
  readonly deps: SourceDeps;
  readonly stop: Stoppable;
  readonly shardId: string;
  readonly shard: ShardState;
  readonly convert: ConvertPage;
}

/**
 * Reads a shard from its checkpoint until its end. What goes wrong on the way gives the shard up: somebody takes it again
 * at its checkpoint, and counts versions from 0.
 *
 * A shard that gives no iterator, for whatever reason, is completed: what is in it is lost.
 *
 * @see https://github.com/opensearch-project/data-prepper `dynamodb-source/…/stream/ShardConsumer.java`, `StreamScheduler.java`
 */
export async function consumeShard(
  deps: SourceDeps,
  stop: Stoppable,
  shardId: string,
  shard: ShardState,
): Promise<void> {
  const { options, table, controls } = deps;
  const view = options.tables[0]?.stream?.view_on_remove ?? "NEW_IMAGE";
  const consumer = { deps, stop, shardId, shard, convert: makeConvertPage(table, view, controls) };
  shard.pages = [];
  try {
    const iterator = await openShard(consumer);
    shard.status = iterator === undefined ? "completed" : await readShard(consumer, iterator);
  } catch (cause) {
    deps.state.lastError = toReason(cause);
    shard.status = "given-up";
  }
  // Late acknowledgements of a shard that was given up are nobody's.
  shard.pages = [];
}

async function openShard({ deps, stop, shardId, shard }: Consumer): Promise<string | undefined> {
  const { streams, table, controls, options } = deps;
  const resumes = options.acknowledgments && options.tables[0]?.stream?.disable_checkpointing !== true;
  const { checkpoint } = shard;
  const start =
    resumes && checkpoint !== undefined
      ? ({ kind: "after", sequenceNumber: checkpoint } as const)
      : ({ kind: "oldest" } as const);
  for (let tries = 0; tries < ITERATOR_TRIES && !controls.dropShard; tries += 1) {
    try {
      const opened = await streams.openShard(table.streamArn ?? "", shardId, start);
      return opened.kind === "opened" ? opened.iterator : undefined;
    } catch (cause) {
      deps.state.lastError = toReason(cause);
      await stop.pause(RETRY_MILLIS);
    }
  }
  controls.dropShard = false;
  return undefined;
}

async function readShard(consumer: Consumer, first: string): Promise<ShardState["status"]> {
  const { deps, stop, shard } = consumer;
  let iterator: string | undefined = first;
  while (!stop.isStopping()) {
    const outcome = settlePages(consumer);
    if (outcome !== "going-on") return outcome;
    if (deps.controls.paused || iterator === undefined) {
      if (iterator === undefined && shard.pages.length === 0) return "completed";
      await stop.pause(POLL_MILLIS);
      continue;
    }
    const page = await deps.streams.readPage(iterator, PAGE_RECORDS);
    if (page.kind !== "page") return "given-up";
    iterator = page.next;
    await handOn(consumer, page.records, iterator === undefined);
    if (page.records.length === 0 && iterator !== undefined) await stop.pause(POLL_MILLIS);
  }
  settlePages(consumer);
  return shard.status === "completed" ? "completed" : "given-up";
}

function settlePages({ deps, shard }: Consumer): "going-on" | "completed" | "given-up" {
  const { shard_acknowledgment_timeout: timeout } = deps.options;
  const step = advanceCheckpoint(shard.checkpoint, shard.pages, timeout, deps.now());
  shard.checkpoint = step.checkpoint;
  shard.pages = step.pages;
  if (step.outcome === "completed") shard.status = "completed";
  return step.outcome;
}

async function handOn(consumer: Consumer, records: readonly WireRecord[], last: boolean): Promise<void> {
  const { deps, stop, shard, convert } = consumer;
  const since = deps.state.streamedSince;
  const timeOf = ({ dynamodb }: WireRecord) => dynamodb.ApproximateCreationDateTime * 1000;
  const newest = records.at(-1);
  if (newest !== undefined && timeOf(newest) >= since) await waitForExport(deps, stop);
  if (stop.isStopping()) return;
  const wanted = records.filter((record) => timeOf(record) > since);
  if (wanted.length === 0 && !last) return;
  const set = deps.options.acknowledgments ? trackPage(deps, shard, newest, last) : undefined;
  const receipt: Receipt = set ?? NO_RECEIPT;
  const events = convert(wanted).map((converted) => ({ ...converted, receipt }));
  receipt.hold(events.length);
  set?.complete();
  await deps.accept(events);
}

function trackPage(deps: SourceDeps, shard: ShardState, newest: WireRecord | undefined, last: boolean) {
  const page: PageStatus = {
    sequenceNumber: newest?.dynamodb.SequenceNumber,
    readAtMillis: deps.now(),
    last,
    state: "open",
  };
  shard.pages = [...shard.pages, page];
  return makeAcknowledgementSet((taken) => {
    page.state = taken ? "taken" : "refused";
  });
}

/** The stream begins when every row of the export is with all sinks. */
async function waitForExport({ options, state }: SourceDeps, stop: Stoppable): Promise<void> {
  while (options.tables[0]?.export !== undefined && state.exported !== "loaded" && !stop.isStopping()) {
    await stop.pause(POLL_MILLIS);
  }
}
