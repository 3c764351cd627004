import type {
  DynamoDbStreams,
  ShardStart,
  WireRecord,
} from "../../../../../local/stand-ins/dynamodb-streams.ts";
import type { PipelineEvent } from "../../../../../local/stand-ins/ingestion/event.ts";
import { consumeShard } from "../../../../../local/stand-ins/ingestion/source/consume-shard.ts";
import type { SourceDeps } from "../../../../../local/stand-ins/ingestion/source/source-deps.ts";
import {
  beginSource,
  type ShardState,
} from "../../../../../local/stand-ins/ingestion/source/source-state.ts";
import { makeControls } from "../../../../../local/stand-ins/ingestion/source/weakness.ts";
import { recordOf } from "../fixtures.ts";

const NOW = 10_000_000;
const NOW_SECONDS = NOW / 1000;

/** A source over one shard that is closed after these pages, and sinks that take what `takes` says. */
function prepare(
  pages: readonly (readonly WireRecord[])[],
  takes: (id: unknown) => boolean | undefined = () => true,
) {
  const opened: ShardStart[] = [];
  const accepted: PipelineEvent[] = [];
  const state = beginSource(NOW);
  const controls = makeControls();
  const shard: ShardState = { status: "reading", checkpoint: undefined, pages: [] };
  const pause = jest.fn(async () => {});
  let stopping = false;
  const streams: DynamoDbStreams = {
    listShards: async () => [],
    openShard: async (_arn, _id, start) => {
      opened.push(start);
      const after = pages.findIndex(
        (page) => start.kind === "after" && page.at(-1)?.dynamodb.SequenceNumber === start.sequenceNumber,
      );
      return { kind: "opened", iterator: String(after + 1) };
    },
    readPage: async (iterator) => {
      const next = Number(iterator) + 1;
      return {
        kind: "page",
        records: pages[Number(iterator)] ?? [],
        next: next < pages.length ? String(next) : undefined,
      };
    },
  };
  const deps: SourceDeps = {
    options: {
      tables: [{ table_arn: "arn", stream: { view_on_remove: "NEW_IMAGE", disable_checkpointing: false } }],
      acknowledgments: true,
      shard_acknowledgment_timeout: 60_000,
      s3_data_file_acknowledgment_timeout: 60_000,
    },
    table: { name: "orders", keyNames: ["id"], arn: "arn", streamArn: "stream" },
    state,
    controls,
    streams,
    exports: {
      begin: async () => ({ kind: "refused", type: "None", message: "" }),
      find: () => undefined,
      all: () => [],
    },
    objects: { put: async () => {}, get: async () => new Uint8Array() },
    now: () => NOW,
    accept: async (events) => {
      for (const event of events) {
        accepted.push(event);
        const taken = takes(event.metadata["primary_key"]);
        if (taken !== undefined) event.receipt.release(taken);
      }
    },
  };
  const consume = () => consumeShard(deps, { isStopping: () => stopping, pause }, "shard", shard);
  return {
    deps,
    state,
    controls,
    shard,
    opened,
    accepted,
    pause,
    consume,
    stop: () => {
      stopping = true;
    },
    streams,
  };
}

const idsOf = (events: readonly PipelineEvent[]) => events.map(({ metadata }) => metadata["primary_key"]);

describe("a shard consumer", () => {
  it("reads from the oldest record, leaves out what is over five minutes older than the pipeline, and completes", async () => {
    const old = recordOf("old", NOW_SECONDS - 300);
    const world = prepare([[old, recordOf("a", NOW_SECONDS - 299)], [recordOf("b", NOW_SECONDS)]]);
    await world.consume();
    expect(world.opened).toEqual([{ kind: "oldest" }]);
    expect(idsOf(world.accepted)).toEqual(["a", "b"]);
    expect(world.shard).toMatchObject({ status: "completed", checkpoint: `${NOW_SECONDS}-b` });
  });

  it("is given up at the first page that is refused, and taken again there, counting from 0", async () => {
    let refuses = true;
    const pages = [[recordOf("a", NOW_SECONDS)], [recordOf("b", NOW_SECONDS)], []];
    const world = prepare(pages, (id) => id === "a" || !refuses);
    await world.consume();
    expect(world.shard).toMatchObject({ status: "given-up", checkpoint: `${NOW_SECONDS}-a` });
    refuses = false;
    await world.consume();
    expect(world.opened.at(-1)).toEqual({ kind: "after", sequenceNumber: `${NOW_SECONDS}-a` });
    const first = BigInt(NOW_SECONDS) * 1_000_000n;
    expect(world.accepted.map(({ metadata }) => metadata["document_version"])).toEqual([
      first,
      first + 1n,
      first,
    ]);
  });

  it("begins at the oldest record again when nothing is acknowledged", async () => {
    const world = prepare([[recordOf("a", NOW_SECONDS)], []], () => undefined);
    world.shard.checkpoint = "somewhere";
    Object.assign(world.deps.options, { acknowledgments: false });
    await world.consume();
    expect(world.opened).toEqual([{ kind: "oldest" }]);
    expect(world.shard).toMatchObject({ status: "completed", checkpoint: "somewhere" });
  });

  it("waits until the export is loaded", async () => {
    const world = prepare([[recordOf("a", NOW_SECONDS)]]);
    Object.assign(world.deps.options.tables[0] ?? {}, { export: { s3_bucket: "b" } });
    let pauses = 0;
    world.pause.mockImplementation(async () => {
      expect(world.accepted).toEqual([]);
      pauses += 1;
      if (pauses === 3) world.state.exported = "loaded";
    });
    await world.consume();
    expect(idsOf(world.accepted)).toEqual(["a"]);
  });

  it("completes a shard that gives no iterator, and loses what is in it", async () => {
    const world = prepare([[recordOf("a", NOW_SECONDS)]]);
    world.streams.openShard = () => Promise.reject(new Error("throttled"));
    await world.consume();
    expect(world.shard.status).toBe("completed");
    expect(world.accepted).toEqual([]);
    expect(world.state.lastError).toBe("throttled");
  });

  it("loses a shard at will, once", async () => {
    const world = prepare([[recordOf("a", NOW_SECONDS)]]);
    world.controls.dropShard = true;
    await world.consume();
    expect(world.shard.status).toBe("completed");
    expect(world.controls.dropShard).toBe(false);
  });

  it.each(["expired", "trimmed"] as const)(
    "is given up when its iterator is %s, and when reading fails",
    async (kind) => {
      const world = prepare([[]]);
      world.streams.readPage = async () => ({ kind });
      await world.consume();
      expect(world.shard.status).toBe("given-up");
      world.streams.readPage = () => Promise.reject(new Error("no"));
      await world.consume();
      expect(world.shard.status).toBe("given-up");
    },
  );

  it("reads nothing while it is paused, and gives the shard up when it is stopped", async () => {
    const world = prepare([[recordOf("a", NOW_SECONDS)], []]);
    world.controls.paused = true;
    world.pause.mockImplementation(async () => world.stop());
    await world.consume();
    expect(world.accepted).toEqual([]);
    expect(world.shard.status).toBe("given-up");
  });
});
