import fc from "fast-check";
import { toRecordId } from "../../core/document-id.ts";
import { showImage } from "../show.ts";
import type { Trial } from "../trial.ts";
import { versionsOf } from "../versions-of.ts";
import type { HistoryWorld, InvocationFault } from "./history-world.ts";

/** One thing that happens, and how a person reads it. */
export interface Step {
  readonly act: (world: HistoryWorld) => void | Promise<void>;
  readonly toString: () => string;
}

/** More records make histories longer, not stranger. */
const MOST_RECORDS = 4;

const pattern = fc.nat(0xffff);
const bulk = fc.oneof(
  { withCrossShrink: true },
  { weight: 5, arbitrary: fc.constant({ kind: "none" } as const) },
  { weight: 1, arbitrary: fc.constant({ kind: "down" } as const) },
  { weight: 2, arbitrary: fc.constant({ kind: "late" } as const) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("throttled" as const), pattern }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("killed" as const), pattern }) },
);
const rarely = fc.nat(9).map((number) => number === 9);
const fault: fc.Arbitrary<InvocationFault> = fc.record({ bulk, manifestFails: rarely, lettersFail: rarely });
const count = fc.integer({ min: 1, max: 6 });

/** Anything that may happen to the sample records and to what indexes them. */
export function stepsOf({ samples, key }: Trial): fc.Arbitrary<Step> {
  const some = samples.slice(0, MOST_RECORDS);
  const version = fc.oneof(...some.map((sample) => versionsOf(sample, samples, key)));
  const id = fc.constantFrom(...some.map((sample) => toRecordId(sample, key)));
  return fc.oneof(
    step(10, version, (image) => [`put ${showImage(image)}`, (world) => world.put(image)]),
    step(3, id, (name) => [`delete ${name}`, (world) => world.remove(name)]),
    step(5, fc.constantFrom(5, 300, 1_000, 7_000, 61_000), (millis) => [
      `${millis} ms pass`,
      (world) => world.advance(millis),
    ]),
    step(8, fc.tuple(count, fault), ([records, wrong]) => [
      `a batch of up to ${records} changes${describe(wrong)}`,
      (world) => world.consume(records, wrong),
    ]),
    step(2, fc.double({ min: 0, max: 1, noNaN: true }), (share) => [
      `the stream is replayed, from ${Math.round(share * 100)} % before where it was`,
      (world) => world.rewind(share),
    ]),
    step(2, fc.constant(0), () => ["a bulk sent long ago lands", (world) => world.index.landOne()]),
    step(2, fc.constant(0), () => ["an export is taken", (world) => world.takeExport()]),
    step(3, fc.tuple(fc.nat(3), fault), ([which, wrong]) => [
      `an export is loaded${describe(wrong)}`,
      (world) => world.load(which, wrong),
    ]),
    step(2, id, (name) => [`a re-read of ${name} is asked for`, (world) => world.request(name)]),
    step(3, fault, (wrong) => [`re-reads are made${describe(wrong)}`, (world) => world.reindex(wrong)]),
  );
}

function step<Value>(
  weight: number,
  arbitrary: fc.Arbitrary<Value>,
  make: (value: Value) => readonly [text: string, act: Step["act"]],
) {
  const toStep = (value: Value): Step => {
    const [text, act] = make(value);
    return { act, toString: () => text };
  };
  return { weight, arbitrary: arbitrary.map(toStep) };
}

function describe({ bulk: { kind }, manifestFails, lettersFail }: InvocationFault): string {
  const faults = {
    none: [],
    down: ["the index is down"],
    late: ["its bulk lands later"],
    throttled: ["the index takes a part"],
    killed: ["it dies while the index takes a part"],
  }[kind];
  const all = [
    ...faults,
    ...(manifestFails ? ["it dies between index and manifest"] : []),
    ...(lettersFail ? ["its dead letters are refused"] : []),
  ];
  return all.length === 0 ? "" : `; ${all.join("; ")}`;
}
