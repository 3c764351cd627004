import type { TableKey } from "../core/attribute-value.ts";
import type { GenerationMode } from "../core/mode-rules.ts";
import type { Clock } from "../core/ports/clock.ts";
import type { DeadLetters } from "../core/ports/dead-letters.ts";
import type { IndexIdentity } from "../core/ports/index-identity.ts";
import type { IndexWriter } from "../core/ports/index-writer.ts";
import type { ManifestAppender } from "../core/ports/manifest-appender.ts";
import type { ReindexQueue } from "../core/ports/reindex-queue.ts";
import type { Observe } from "./observe.ts";
import type { RenderBatch } from "./render-batch.ts";

/** Which generation of which table a consumer writes. */
export interface ConsumedGeneration {
  readonly table: string;
  readonly generation: string;
  readonly mode: GenerationMode;
  readonly indexUuid: string;
  readonly transformHash: string;
  readonly key: TableKey;
}

/** What stream, reindex and bulk load have in common: the one way into the index. */
export interface ConsumerDeps {
  readonly generation: ConsumedGeneration;
  readonly index: IndexWriter;
  readonly identity: IndexIdentity;
  readonly manifest: ManifestAppender;
  readonly deadLetters: DeadLetters;
  /** Where the generation is asked to read records again. */
  readonly queue: ReindexQueue;
  readonly newRequestId: () => string;
  readonly render: RenderBatch;
  readonly observe: Observe;
  readonly now: Clock;
}
