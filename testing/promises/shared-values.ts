import type { AttributeMap } from "../../core/attribute-value.ts";
import type { BrokenPromise } from "../options.ts";
import { rekey } from "../rekey.ts";
import { labelled, showImage, showOutcome, showWhole } from "../show.ts";
import { type Outcome, outcomeIn, type Trial } from "../trial.ts";

/**
 * Looks for something kept under a value that several records have. One of them has a value never seen before, alone or after another
 * record with it; where its documents differ by more than that value, something was kept.
 */
export async function checkSharedValues(trial: Trial): Promise<BrokenPromise | undefined> {
  for (const sample of trial.samples) {
    for (const name of textsOf(trial, sample)) {
      for (const other of trial.samples) {
        const found = await compareAfter(trial, sample, name, other);
        if (found !== undefined) return found;
      }
    }
  }
  return undefined;
}

async function compareAfter(
  trial: Trial,
  sample: AttributeMap,
  name: string,
  other: AttributeMap,
): Promise<BrokenPromise | undefined> {
  const [fresh, control, known] = [
    mark(trial, sample, name),
    mark(trial, sample, name),
    mark(trial, sample, name),
  ];
  const alone = await outcomeIn(trial, [fresh.image]);
  const again = await outcomeIn(trial, [control.image]);
  if (withoutMarks(alone, fresh) !== withoutMarks(again, control)) return undefined;
  const before = { ...rekey(trial, other).image, ...pick(known.image, name) };
  await outcomeIn(trial, [before]);
  const after = await outcomeIn(trial, [known.image]);
  if (withoutMarks(after, known) === withoutMarks(alone, fresh)) return undefined;
  return {
    promise: "other-records",
    what: `a record becomes another document after another record with the same ${name} was transformed`,
    example: labelled(
      ["other record", showImage(before)],
      ["record", showImage(known.image)],
      ["made", showOutcome(after)],
      ["without the other", showOutcome(alone)],
    ),
    fix: `keep nothing between calls; what is kept under ${name} belongs to every record that has it (enrichments have a cache)`,
  };
}

function textsOf({ key }: Trial, image: AttributeMap): readonly string[] {
  const keys = new Set([key.partitionKey.name, key.sortKey?.name]);
  return Object.entries(image).flatMap(([name, value]) => (!keys.has(name) && "S" in value ? [name] : []));
}

interface Marked {
  readonly image: AttributeMap;
  readonly textMark: string;
  readonly keyMark: string;
}

/** The sample under a key, and with a text, that nobody has seen. */
function mark(trial: Trial, sample: AttributeMap, name: string): Marked {
  const { image, mark: keyMark } = rekey(trial, sample);
  const textMark = `${keyMark}x`;
  const value = sample[name];
  const text = value !== undefined && "S" in value ? value.S : "";
  return { image: { ...image, [name]: { S: `${text}${textMark}` } }, textMark, keyMark };
}

function pick(image: AttributeMap, name: string): AttributeMap {
  const value = image[name];
  return value === undefined ? {} : { [name]: value };
}

function withoutMarks(outcome: Outcome, { textMark, keyMark }: Marked): string {
  return showWhole(outcome).replaceAll(textMark, "").replaceAll(keyMark, "");
}
