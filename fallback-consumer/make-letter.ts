import type { AttributeMap } from "../core/attribute-value.ts";
import type { DeadLetter } from "../core/reindex-request.ts";
import type { ConsumerDeps } from "./consumer-deps.ts";

/** Whose letter it is, and where it was. */
export interface LetterSubject {
  readonly recordId: string;
  readonly key: AttributeMap;
  readonly position: string;
  readonly documentId?: string;
}

/** A reason is for people; it never needs to be longer. */
const LONGEST_REASON = 500;

/** A dead letter of a generation, dated now. */
export function makeLetter(
  { generation: { table, generation }, now }: Pick<ConsumerDeps, "generation" | "now">,
  subject: LetterSubject,
  cause: string,
  reason: string,
): DeadLetter {
  const at = new Date(now()).toISOString();
  return { table, generation, ...subject, cause, reason: reason.slice(0, LONGEST_REASON), at };
}
