import type { AttributeMap } from "./attribute-value.ts";
import type { ExternalVersion } from "./external-version.ts";

/** Whose change it is, and where and when it was made; all that is needed of it once its writes are planned. */
export interface ChangeOfRecord {
  readonly recordId: string;
  readonly key: AttributeMap;
  readonly version: ExternalVersion;
  /** When the change was made, an export was taken, or a re-read began; epoch milliseconds. */
  readonly sourceTime: number;
  /** Where it was in the source, as a dead letter names it. */
  readonly position: string;
}

/** One change of one record, wherever it was read. `read` = seen by an export or a re-read. */
export type ChangeEvent = ChangeOfRecord &
  (
    | { readonly op: "insert" | "read"; readonly image: AttributeMap }
    | { readonly op: "update"; readonly image: AttributeMap; readonly oldImage: AttributeMap }
    | { readonly op: "delete"; readonly oldImage?: AttributeMap }
  );
