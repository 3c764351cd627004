import fc from "fast-check";
import { runs } from "../../../support/runs.ts";
import { type Behaviour, Delivery } from "./delivery.ts";
import { mappingOf } from "./shard-fixtures.ts";

const FAILURES = {
  FunctionResponseTypes: ["ReportBatchItemFailures"],
  DestinationConfig: { OnFailure: { Destination: "arn:aws:sqs:us-east-1:123456789012:discarded" } },
};

const behaviour: fc.Arbitrary<Behaviour> = fc.oneof(
  { weight: 3, arbitrary: fc.constant({ kind: "good" as const }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("partial" as const), place: fc.nat(9) }) },
  { weight: 2, arbitrary: fc.constantFrom<Behaviour>({ kind: "throws" }, { kind: "throttled" }) },
  { weight: 1, arbitrary: fc.constantFrom<Behaviour>({ kind: "garbled" }, { kind: "stateless" }) },
);
const declaration = fc.record({
  BatchSize: fc.integer({ min: 1, max: 8 }),
  MaximumRetryAttempts: fc.integer({ min: -1, max: 3 }),
  BisectBatchOnFunctionError: fc.boolean(),
  TumblingWindowInSeconds: fc.constantFrom(0, 0, 10),
  MaximumBatchingWindowInSeconds: fc.constantFrom(0, 0, 2),
});
/** Rising creation times, several records a second or several seconds a record. */
const times = fc.array(fc.nat(4), { minLength: 1, maxLength: 40 }).map((steps) => {
  let time = 1_000;
  return steps.map((step) => {
    time += step;
    return time;
  });
});
const pages = fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 5 });
const upTo = (count: number) => Array.from({ length: count }, (_, number) => number);

describe("a shard before a function that fails in every way", () => {
  it("delivers every record in order, and gives none up that the mapping does not allow to", async () => {
    const script = fc.array(behaviour, { maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(declaration, times, pages, script, async (declared, seconds, sizes, behaviours) => {
        const left = [...behaviours];
        const behave = () => left.shift() ?? { kind: "good" };
        const delivery = new Delivery(mappingOf({ ...declared, ...FAILURES }), seconds, behave);
        await delivery.run(sizes);
        const { delivered, discarded, discards } = delivery;
        expect(delivery.faults).toEqual([]);
        expect([...delivered, ...discarded].sort((one, other) => one - other)).toEqual(upTo(seconds.length));
        const allowed = declared.MaximumRetryAttempts;
        if (allowed === -1) expect(discards).toEqual([]);
        for (const { requestContext } of discards) {
          expect(requestContext).toMatchObject({ approximateInvokeCount: allowed + 1 });
        }
      }),
      runs(500),
    );
  });

  it("gives up just the records a function can never take, one by one, where bisecting is declared", async () => {
    const poison = fc.uniqueArray(fc.nat(39), { maxLength: 5 });
    const sizes = fc.integer({ min: 1, max: 20 });
    await fc.assert(
      fc.asyncProperty(poison, sizes, fc.nat(2), async (bad, BatchSize, MaximumRetryAttempts) => {
        const declared = { BatchSize, MaximumRetryAttempts, BisectBatchOnFunctionError: true, ...FAILURES };
        const delivery = new Delivery(
          mappingOf(declared),
          upTo(40).map(() => 1_000),
          (numbers) => ({ kind: numbers.some((number) => bad.includes(number)) ? "throws" : "good" }),
        );
        await delivery.run([7]);
        expect(delivery.faults).toEqual([]);
        expect(delivery.discarded).toEqual(bad.toSorted((one, other) => one - other));
        expect(delivery.delivered).toEqual(upTo(40).filter((number) => !bad.includes(number)));
      }),
      runs(100),
    );
  });
});
