import type { AttributeMap } from "../../core/attribute-value.ts";
import { isolateFailures } from "../../fallback-consumer/isolate-failures.ts";
import type { BrokenPromise, TriedRecord } from "../options.ts";
import { rekey } from "../rekey.ts";
import { isSame, labelled, showImage, showOutcome } from "../show.ts";
import { callTried, type Outcome, outcomeIn, type Trial, toTried } from "../trial.ts";

/** What cannot be read throws, and nothing is made of it. */
class Unreadable extends Error {
  override readonly name = "Unreadable";
}

/** What fails is thrown on: a swallowed failure becomes a wrong document for good, a thrown one is tried again. */
export async function checkSwallowedError(trial: Trial): Promise<BrokenPromise | undefined> {
  return (await checkUnreadableAttributes(trial)) ?? (await checkFailingServices(trial));
}

async function checkUnreadableAttributes(trial: Trial): Promise<BrokenPromise | undefined> {
  for (const image of trial.samples) {
    const [record] = await toTried(trial, [image]).catch(() => []);
    if (record === undefined) continue;
    const healthy = await outcomeOf(trial, record);
    for (const name of Object.keys(image)) {
      // Another record first: what is returned instead may be the document before.
      await outcomeIn(trial, [another(trial, image)]);
      const outcome = await outcomeOf(trial, withUnreadable(record, name));
      // What is handed on unread is no document for the kit, and an error for nobody.
      if (outcome.kind !== "made" || isSame(outcome, healthy)) continue;
      return swallowed(showImage(image), `reading ${name} threw an error`, healthy, outcome);
    }
  }
  return undefined;
}

async function checkFailingServices(trial: Trial): Promise<BrokenPromise | undefined> {
  for (const name of trial.used) {
    const fails = () => Promise.reject(new Unreadable(`${name} failed`));
    const failing = { transform: trial.transform, services: { ...trial.services, [name]: fails } };
    for (const image of trial.samples) {
      const [record] = await toTried(trial, [image]).catch(() => []);
      if (record === undefined) continue;
      const healthy = await outcomeOf(trial, record);
      const outcome = await outcomeOf(failing, record);
      if (outcome.kind !== "made" || isSame(outcome, healthy)) continue;
      return swallowed(showImage(image), `${name} failed`, healthy, outcome);
    }
  }
  return undefined;
}

function another(trial: Trial, image: AttributeMap): AttributeMap {
  const { samples } = trial;
  const next = samples[(samples.indexOf(image) + 1) % samples.length] ?? image;
  return rekey(trial, next).image;
}

function swallowed(record: string, why: string, healthy: Outcome, outcome: Outcome): BrokenPromise {
  return {
    promise: "swallowed-error",
    what: `it swallows an error and returns something else: ${why}`,
    example: labelled(
      ["record", record],
      ["returned", showOutcome(outcome)],
      ["without the error", showOutcome(healthy)],
    ),
    fix: "let errors out of the transform; catch only what you can name, or declare an enrichment that says whenItFails",
  };
}

/** A record that throws fails alone: the consumer halves the batch, and the others' documents are what they are. */
export async function checkOneFailure(trial: Trial): Promise<BrokenPromise | undefined> {
  const records = await toTried(trial, trial.samples).catch(() => []);
  for (const [bad, record] of records.entries()) {
    const [name = ""] = Object.keys(record.item).filter((one) => one !== trial.key.partitionKey.name);
    const broken = withUnreadable(record, name);
    if ((await outcomeOf(trial, broken)).kind !== "threw") continue;
    const batch = [...records.slice(0, bad), broken, ...records.slice(bad + 1), ...records];
    const places = await isolate(trial, batch);
    for (const [place, other] of batch.entries()) {
      if (other === broken) continue;
      const alone = await outcomeOf(trial, other);
      const outcome = places[place];
      if (outcome === undefined || isSame(alone, outcome)) continue;
      return {
        promise: "one-failure",
        what: "a record that throws changes the document of another one in its batch",
        example: labelled(
          ["throws", record.recordId],
          ["other record", other.recordId],
          ["made", showOutcome(outcome)],
          ["alone", showOutcome(alone)],
        ),
        fix: "keep no state that a throw leaves half done",
      };
    }
  }
  return undefined;
}

async function isolate(trial: Trial, batch: readonly TriedRecord[]): Promise<readonly Outcome[]> {
  const results = await isolateFailures(batch, {
    hasTime: () => true,
    pause: async () => undefined,
    run: async (records) => {
      const result = await callTried(trial, records);
      if (result.kind === "miscounted") throw new Unreadable(result.what);
      const thrown = result.outcomes.find(({ kind }) => kind === "threw");
      if (thrown?.kind === "threw") throw new Unreadable(thrown.reason);
      return result.outcomes;
    },
  });
  return results.map((result): Outcome => {
    if (result.kind !== "returned")
      return { kind: "threw", reason: result.kind === "failed" ? result.reason : "" };
    return isOutcome(result.value) ? result.value : { kind: "threw", reason: "no result" };
  });
}

/** What `run` gave is handed back as it is. */
function isOutcome(value: object | null): value is Outcome & object {
  return value !== null && "kind" in value;
}

function withUnreadable(record: TriedRecord, name: string): TriedRecord {
  const item = { ...record.item };
  Object.defineProperty(item, name, {
    enumerable: true,
    configurable: true,
    get: () => {
      throw new Unreadable(`attribute ${name} cannot be read`);
    },
  });
  return { ...record, item };
}

async function outcomeOf(
  trial: Pick<Trial, "transform" | "services">,
  record: TriedRecord,
): Promise<Outcome> {
  const result = await callTried(trial, [record]);
  if (result.kind === "miscounted") return { kind: "invalid", raw: undefined, reason: result.what };
  return result.outcomes[0] ?? { kind: "invalid", raw: undefined, reason: "no result" };
}
