import * as z from "zod";
import { SyncError } from "../../../../core/errors.ts";

/**
 * What goes wrong with Data Prepper, or is done to it, at will:
 *
 * | kind | what happens | as in |
 * |---|---|---|
 * | `pause`, `resume` | nothing is read, then on from where it was | a source that lags |
 * | `restart` | stopped and started: state is lost, a new export begins, deletes meanwhile are not in it | AWS: StopPipeline, StartPipeline |
 * | `restart`, `forgets: true` | the same, and nothing that the stream holds comes: every delete until now is lost | a stop of over 5 min |
 * | `resume-shards` | every shard gets a new consumer, from its checkpoint, counting from 0 | a lost lease, an update |
 * | `same-second` | the next two changes of one key inside one second: the counter begins anew between them, so the index keeps the first | a resume inside a second |
 * | `drop-records` | the next `count` stream records are lost | `StreamRecordConverter.java`: what cannot be converted is skipped |
 * | `drop-shard` | the next consumer gets no shard iterator: the shard counts as completed, all that is left in it is lost | `StreamScheduler.java` processStreamPartition, issue #6206 |
 */
export type Weakness = z.infer<typeof weaknessSchema>;

const weaknessSchema = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.enum(["pause", "resume", "resume-shards", "same-second", "drop-shard"]),
  }),
  z.strictObject({ kind: z.literal("restart"), forgets: z.boolean().default(false) }),
  z.strictObject({ kind: z.literal("drop-records"), count: z.number().int().min(1).default(1) }),
]);

/** @throws SyncError `CONFIGURATION_INVALID` for a kind that there is none of (not retryable) */
export function parseWeakness(name: string, input: unknown): Weakness {
  const parsed = weaknessSchema.safeParse(input);
  if (parsed.success) return parsed.data;
  throw new SyncError("CONFIGURATION_INVALID", "a pipeline has no such weakness", {
    subject: `${name}: ${parsed.error.issues.map(({ message }) => message).join("; ")}`,
    fix: "name a kind that local/stand-ins/README.md lists",
    retryable: false,
  });
}

/** What a source is told to do wrong. Each consumer looks before every step. */
export interface SourceControls {
  paused: boolean;
  dropRecords: number;
  dropShard: boolean;
  sameSecond: boolean;
}

export function makeControls(): SourceControls {
  return { paused: false, dropRecords: 0, dropShard: false, sameSecond: false };
}
