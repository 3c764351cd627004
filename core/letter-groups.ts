import type { DeadLetter } from "./reindex-request.ts";

/** Letters of one generation that say the same: one thing to correct. */
export interface LetterGroup {
  readonly generation: string;
  readonly cause: string;
  /** What of a document or of its making is to blame: a field's path, an enrichment. Empty where the reason names none. */
  readonly field: string;
  readonly count: number;
  /** Ids of up to three records. */
  readonly examples: readonly string[];
  /** The first letter's. */
  readonly reason: string;
  /** When the oldest was written, ISO 8601. */
  readonly since: string;
  /** What to do about all of them. */
  readonly fix: string;
}

const MOST_EXAMPLES = 3;

/** How engines name the field they could not take, and we the enrichment. @see https://docs.opensearch.org/latest/field-types/ */
const FIELD_PATTERNS: readonly RegExp[] = [
  /dynamic introduction of \[(?<field>[^\]]+)\] within \[(?<within>[^\]]+)\]/,
  /failed to parse field \[(?<field>[^\]]+)\]/,
  /object mapping for \[(?<field>[^\]]+)\]/,
  /object mapping \[(?<field>[^\]]+)\]/,
  /mapper \[(?<field>[^\]]+)\] cannot be changed/,
  /\bfield \[(?<field>[^\]]+)\]/,
  /failed to parse \[(?<field>[^\]]+)\]/,
  /\benrichment (?<field>[A-Za-z0-9_]+)\b/,
];

/** Groups letters by generation, cause and field; the largest group first. */
export function groupLetters(letters: readonly DeadLetter[]): readonly LetterGroup[] {
  const groups = new Map<string, DeadLetter[]>();
  for (const letter of letters) {
    const name = JSON.stringify([letter.generation, letter.cause, fieldOf(letter)]);
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [letter]);
    else group.push(letter);
  }
  return [...groups.values()]
    .flatMap(toGroup)
    .sort((left, right) => right.count - left.count || (left.since < right.since ? -1 : 1));
}

function toGroup(letters: readonly DeadLetter[]): readonly LetterGroup[] {
  const [first] = letters;
  if (first === undefined) return [];
  const { generation, cause, reason } = first;
  const field = fieldOf(first);
  const ids = letters.map(({ recordId, position }) => recordId || position);
  const examples = [...new Set(ids)].slice(0, MOST_EXAMPLES);
  const since = letters.map(({ at }) => at).reduce((oldest, at) => (at < oldest ? at : oldest));
  return [
    { generation, cause, field, count: letters.length, examples, reason, since, fix: fixOf(cause, field) },
  ];
}

function fieldOf({ reason }: DeadLetter): string {
  for (const pattern of FIELD_PATTERNS) {
    const { field, within } = pattern.exec(reason)?.groups ?? {};
    if (field === undefined) continue;
    return within === undefined || within === "_doc" ? field : `${within}.${field}`;
  }
  return "";
}

function fixOf(cause: string, field: string): string {
  const replay = "then `trueup dead-letters replay`";
  switch (cause) {
    case "MAPPING_REJECTED": {
      const what = field === "" ? "what the reason names" : field;
      return `map ${what} otherwise, or make it otherwise in the transform, under a new \`revision\`: its index is built beside this one and needs no replay. Where the records are wrong, correct them in the source, ${replay}`;
    }
    case "DOCUMENT_TOO_LARGE":
      return `leave out of the document what searches do not need, in a transform under a new \`revision\`; or make the record smaller, ${replay}`;
    case "TRANSFORM_FAILED":
    case "TRANSFORM_INVALID":
      return `correct the transform (try it with trueup/testing), deploy it under a new \`revision\`, or in place with allowTransformChange and ${replay.slice("then ".length)}`;
    case "ENRICHMENT_FAILED":
      return `see that what ${field === "" ? "the enrichment" : field} calls answers, ${replay}`;
    case "EVENT_UNDECODABLE":
      return `declare the key the table really has, or correct the record, deploy, ${replay}`;
    case "UNREPAIRABLE":
      return `find out who else writes to this index, ${replay}`;
    default:
      return `correct the cause, ${replay}`;
  }
}
