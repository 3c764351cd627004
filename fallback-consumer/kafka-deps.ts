import type { GapRecorder } from "../core/ports/gap-recorder.ts";
import type { OffsetReader } from "../core/ports/offset-reader.ts";
import type { ReindexQueue } from "../core/ports/reindex-queue.ts";
import type { TableColumns } from "../core/ports/table-columns.ts";
import type { Truncation } from "../core/truncation.ts";
import type { ConsumerDeps } from "./consumer-deps.ts";

/** What the consumer of a Kafka topic works with. */
export interface KafkaDeps extends ConsumerDeps {
  /** `schema.table` */
  readonly tableName: string;
  /** Records of other topics tell of nothing. */
  readonly topic: string;
  readonly columns: TableColumns;
  readonly queue: ReindexQueue;
  readonly newRequestId: () => string;
  readonly offsets: OffsetReader;
  readonly gaps: GapRecorder;
  readonly truncations: Truncations;
  /** A record may have several documents, so that an update without the row before leaves some behind. */
  readonly several: boolean;
}

/** What is known of a table's truncates. */
export interface Truncations {
  /** The newest one, as fresh as the promise of {@link carryOut} needs it. */
  newest(): Promise<Truncation | undefined>;

  /**
   * Makes tombstones of every document that is older.
   *
   * @returns whether it is done; false: call it again, it goes on from where it was
   */
  carryOut(truncation: Truncation, deadline: number): Promise<boolean>;
}
