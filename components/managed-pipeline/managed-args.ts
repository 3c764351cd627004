import type { Processor } from "../../core/ingestion/pipeline-body.ts";

/** Size and processors of a managed generation's pipeline. */
export interface ManagedPipelineArgs {
  /**
   * Units the pipeline always has, 1 to 96, each with about 2 virtual CPUs and 15 GiB and paid by the hour. One unit
   * reads 150 shards of the table's stream; two or more survive the loss of a zone.
   *
   * @default 1
   * @see https://docs.aws.amazon.com/opensearch-service/latest/developerguide/ingestion-scaling.html
   */
  readonly minimumUnits?: number;
  /** Units it grows to under load, 1 to 96, not below the minimum. @default 4 */
  readonly maximumUnits?: number;
  /**
   * The longest a document waits for others before it is sent to the index, milliseconds, 1 to 60,000. Data Prepper's
   * own default is a minute.
   *
   * @default 1000
   */
  readonly flushMillis?: number;
  /**
   * The longest a record waits before the manifest is told that it was sent, seconds, 1 to 3600. An object is written
   * each time, so a longer wait is cheaper; an audit waits as long.
   *
   * @default 30
   */
  readonly collectSeconds?: number;
  /**
   * What Data Prepper does to documents before they are indexed, in order, each `{ <processor>: { <options> } }`. Audits
   * compare records as they were before.
   *
   * @default none
   * @see https://docs.opensearch.org/latest/data-prepper/pipelines/configuration/processors/processors/
   */
  readonly processors?: readonly Processor[];
  /**
   * How an audit repairs: `rewrite` reads a record again and writes its document itself, which applies no processors;
   * `touch` writes the attribute `_trueup_touched` into the item, so that the pipeline brings it again. What the source
   * no longer has is removed from the index either way.
   *
   * @default "rewrite"; with processors `touch` has to be declared
   */
  readonly repair?: "rewrite" | "touch";
}

/** What is not said of a pipeline. */
export const MANAGED_DEFAULTS = { minimumUnits: 1, maximumUnits: 4, flushMillis: 1000, collectSeconds: 30 };
