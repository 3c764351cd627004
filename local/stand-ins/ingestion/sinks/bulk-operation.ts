import type { Receipt } from "../acknowledgement-set.ts";
import { type PipelineEvent, writeJson } from "../event.ts";
import type { TextFormat } from "../flow/expression.ts";
import { type MemberFilter, writeMembers } from "./filter-members.ts";

/** How an `opensearch` sink makes a write of an event. */
export interface DocumentRules {
  readonly index: string;
  readonly id: TextFormat | undefined;
  readonly action: TextFormat;
  readonly version: { readonly format: TextFormat; readonly declared: string } | undefined;
  /** Undefined: OpenSearch's own numbering. */
  readonly versionType: "internal" | "external" | "external_gte" | undefined;
  readonly filter: MemberFilter;
}

/** One write of a bulk. */
export interface BulkOperation {
  readonly action: "index" | "create" | "delete";
  readonly index: string;
  readonly id: string | undefined;
  /** As the bulk has it, with its line ends. */
  readonly lines: string;
  /** What a dead letter of it holds, as JSON. */
  readonly document: string;
  readonly receipt: Receipt;
}

/** A write, or why there is none. `skipped`: an action nobody knows; Data Prepper forgets the event. */
export type MadeOperation =
  | { readonly kind: "made"; readonly operation: BulkOperation }
  | { readonly kind: "refused"; readonly message: string }
  | { readonly kind: "skipped" };

const LONG = /^[+-]?\d{1,19}$/;
const LARGEST_LONG = 2n ** 63n - 1n;

/**
 * Makes the write of an event.
 *
 * @see https://github.com/opensearch-project/data-prepper `opensearch/…/BulkIngester.java` output, `BulkOperationFactory.java`
 */
export function makeOperation(event: PipelineEvent, rules: DocumentRules): MadeOperation {
  const version = rules.version?.format(event);
  if (version !== undefined && !isLong(version)) {
    return { kind: "refused", message: toVersionFault(rules.version?.declared ?? "", version) };
  }
  const action = rules.action(event);
  if (action !== "index" && action !== "create" && action !== "delete") return { kind: "skipped" };
  const id = rules.id?.(event);
  const written = writeMembers(event.data, rules.filter);
  const meta = toMeta(action, id, version, rules);
  const lines = action === "delete" ? `${meta}\n` : `${meta}\n${written}\n`;
  // A delete's letter holds the event as it came, whatever the sink leaves out of documents.
  const document = action === "delete" ? writeJson(event.data) : written;
  return {
    kind: "made",
    operation: { action, index: rules.index, id, lines, document, receipt: event.receipt },
  };
}

function toMeta(
  action: BulkOperation["action"],
  id: string | undefined,
  version: string | undefined,
  { index, versionType }: DocumentRules,
): string {
  const versioned = version !== undefined && action !== "create";
  return JSON.stringify({
    [action]: {
      _index: index,
      ...(id === undefined ? {} : { _id: id }),
      ...(versioned ? { version: JSON.rawJSON(String(BigInt(version))) } : {}),
      ...(versionType === undefined || action === "create" ? {} : { version_type: versionType }),
    },
  });
}

function isLong(text: string): boolean {
  return LONG.test(text) && BigInt(text) <= LARGEST_LONG && BigInt(text) >= -LARGEST_LONG - 1n;
}

function toVersionFault(declared: string, value: string): string {
  return `Unable to convert the result of evaluating document_version '${declared}' to Long for an Event. The evaluation result '${value}' must be a valid Long type`;
}
