import * as z from "zod";
import { type Emulator, requireOutput } from "./emulator.ts";

/** An item in DynamoDB JSON, as it came over the wire. */
export type Item = Readonly<Record<string, unknown>>;

/** A record of a DynamoDB stream in its wire form; what it holds besides goes through untouched. */
export type WireRecord = z.infer<typeof recordSchema>;

/** A shard of a stream. Closed shards get no more records; their children carry on. */
export interface StreamShard {
  readonly id: string;
  readonly parent: string | undefined;
  readonly closed: boolean;
}

/** Where reading begins: the oldest record there is, the end as of now, or just after a record. */
export type ShardStart =
  | { readonly kind: "oldest" }
  | { readonly kind: "end" }
  | { readonly kind: "after"; readonly sequenceNumber: string };

/** `trimmed`: the record to begin at is older than the stream keeps, 24 h. */
type OpenedShard = { readonly kind: "opened"; readonly iterator: string } | { readonly kind: "trimmed" };

/** `expired`: the iterator is older than 15 minutes; open the shard again. No `next`: the shard has ended. */
export type ShardPage =
  | { readonly kind: "page"; readonly records: readonly WireRecord[]; readonly next: string | undefined }
  | { readonly kind: "expired" }
  | { readonly kind: "trimmed" };

/**
 * Reads DynamoDB streams.
 *
 * Every call throws SyncError `ENGINE_FAILED` when the emulator does not answer or refuses (retryable).
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Operations_Amazon_DynamoDB_Streams.html
 */
export interface DynamoDbStreams {
  /** @returns parents before their children */
  listShards(streamArn: string): Promise<readonly StreamShard[]>;
  openShard(streamArn: string, shardId: string, start: ShardStart): Promise<OpenedShard>;
  /** @param limit - 1 to 1,000; a page is also at most 1 MB */
  readPage(iterator: string, limit: number): Promise<ShardPage>;
}

/** The most records one page can hold. */
export const PAGE_RECORDS = 1000;

const TRIMMED = "TrimmedDataAccessException";
/** Left as it came: a copy would lose an attribute called `__proto__`. */
const imageSchema = z.custom<Item>((value) => typeof value === "object" && value !== null);
const recordSchema = z.looseObject({
  eventName: z.enum(["INSERT", "MODIFY", "REMOVE"]),
  dynamodb: z.looseObject({
    ApproximateCreationDateTime: z.number(),
    SequenceNumber: z.string(),
    Keys: imageSchema,
    NewImage: imageSchema.optional(),
    OldImage: imageSchema.optional(),
  }),
});
const descriptionSchema = z.object({
  StreamDescription: z.object({
    Shards: z.array(
      z.object({
        ShardId: z.string(),
        ParentShardId: z.string().optional(),
        SequenceNumberRange: z.object({ EndingSequenceNumber: z.string().optional() }).optional(),
      }),
    ),
    LastEvaluatedShardId: z.string().optional(),
  }),
});
const iteratorSchema = z.object({ ShardIterator: z.string() });
const pageSchema = z.object({ Records: z.array(recordSchema), NextShardIterator: z.string().nullish() });

/** {@link DynamoDbStreams} of an emulator. */
export function makeDynamoDbStreams(emulator: Emulator): DynamoDbStreams {
  const call = (action: string, input: object) =>
    emulator.call("dynamodb", `DynamoDBStreams_20120810.${action}`, input);
  return {
    listShards: async (streamArn) => {
      const shards: StreamShard[] = [];
      let after: string | undefined;
      do {
        const answer = await call("DescribeStream", { StreamArn: streamArn, ExclusiveStartShardId: after });
        const { StreamDescription: page } = requireOutput(answer, descriptionSchema, streamArn);
        shards.push(...page.Shards.map(toShard));
        after = page.LastEvaluatedShardId;
      } while (after !== undefined);
      // An id begins with the time its shard was made.
      return shards.sort((one, other) => (one.id < other.id ? -1 : 1));
    },
    openShard: async (StreamArn, ShardId, start) => {
      const answer = await call("GetShardIterator", { StreamArn, ShardId, ...toIteratorType(start) });
      if (answer.kind === "refused" && answer.type === TRIMMED) return { kind: "trimmed" };
      const output = requireOutput(answer, iteratorSchema, `${StreamArn} ${ShardId}`);
      return { kind: "opened", iterator: output.ShardIterator };
    },
    readPage: async (iterator, limit) => {
      const answer = await call("GetRecords", { ShardIterator: iterator, Limit: limit });
      if (answer.kind === "refused" && answer.type === TRIMMED) return { kind: "trimmed" };
      if (answer.kind === "refused" && answer.type === "ExpiredIteratorException") return { kind: "expired" };
      const output = requireOutput(answer, pageSchema, "GetRecords");
      return { kind: "page", records: output.Records, next: output.NextShardIterator ?? undefined };
    },
  };
}

function toShard(
  shard: z.infer<typeof descriptionSchema>["StreamDescription"]["Shards"][number],
): StreamShard {
  return {
    id: shard.ShardId,
    parent: shard.ParentShardId,
    closed: shard.SequenceNumberRange?.EndingSequenceNumber !== undefined,
  };
}

function toIteratorType(start: ShardStart): object {
  switch (start.kind) {
    case "oldest":
      return { ShardIteratorType: "TRIM_HORIZON" };
    case "end":
      return { ShardIteratorType: "LATEST" };
    case "after":
      return { ShardIteratorType: "AFTER_SEQUENCE_NUMBER", SequenceNumber: start.sequenceNumber };
  }
}
