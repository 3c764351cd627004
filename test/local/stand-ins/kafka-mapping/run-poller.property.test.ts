import fc from "fast-check";
import type { KafkaMapping } from "../../../../local/stand-ins/kafka-mapping/declaration.ts";
import type { KafkaRecord } from "../../../../local/stand-ins/kafka-mapping/kafka-record.ts";
import type { Positions } from "../../../../local/stand-ins/kafka-mapping/poller-progress.ts";
import { runPoller } from "../../../../local/stand-ins/kafka-mapping/run-poller.ts";
import type { Invocation } from "../../../../local/stand-ins/stream-mapping/invoke-function.ts";
import { runs } from "../../../support/runs.ts";
import { kafkaMappingOf, kafkaRecordOf } from "./kafka-fixtures.ts";

/** What happens in one invocation. `partial` fails every partition at a record, by its place modulo their number. */
type Behaviour =
  | { readonly kind: "good" | "throws" | "throttled" | "garbled" | "consumer-lost" }
  | { readonly kind: "partial"; readonly places: readonly number[] };

interface KafkaEvent {
  readonly records: Readonly<Record<string, readonly { readonly offset: number }[]>>;
}

/** Partitions before a function and a group that keep account of every record. */
class KafkaDelivery {
  readonly done = new Map<string, number[]>();
  readonly discarded: { readonly failures: number }[] = [];
  readonly faults: string[] = [];
  readonly committed = new Map<string, number>();
  readonly #log: readonly KafkaRecord[];
  readonly #mapping: KafkaMapping;
  readonly #behaviours: Behaviour[];
  #isLost = false;

  /** @param log - the records of all partitions, in the order they are read */
  constructor(mapping: KafkaMapping, log: readonly KafkaRecord[], behaviours: readonly Behaviour[]) {
    this.#mapping = mapping;
    this.#log = log;
    this.#behaviours = [...behaviours];
  }

  async run(pages: readonly number[]): Promise<void> {
    let now = 1_000_000;
    let page = 0;
    await runPoller({
      mapping: () => this.#mapping,
      open: async () => {
        this.#isLost = false;
        let left = this.#log.filter(
          ({ partition, offset }) => offset >= (this.committed.get(partition) ?? 0),
        );
        return {
          read: async (limit) => {
            if (this.#isLost) throw new Error("lost");
            const count = Math.min(limit, pages[page++ % pages.length] ?? 1);
            const records = left.slice(0, count);
            left = left.slice(count);
            return records;
          },
          commit: async (positions) => this.#commit(positions),
          close: async () => {},
        };
      },
      invoke: async (_, event) => this.#invoke(JSON.parse(event)),
      sendFailure: async (_, failure) => {
        this.discarded.push({
          failures: Reflect.get(Reflect.get(failure, "requestContext"), "approximateInvokeCount"),
        });
      },
      now: () => {
        now += 50;
        return now;
      },
      pause: async () => {},
      isStopping: () => this.#isComplete(),
      report: () => {},
    });
  }

  #isComplete(): boolean {
    return this.#log.every(({ partition, offset }) => offset < (this.committed.get(partition) ?? 0));
  }

  #commit(positions: Positions): void {
    for (const [partition, offset] of Object.entries(positions)) this.committed.set(partition, offset);
  }

  #invoke({ records }: KafkaEvent): Invocation {
    const behaviour = this.#behaviours.shift() ?? { kind: "good" };
    for (const [partition, sent] of Object.entries(records)) {
      const first = sent[0]?.offset ?? 0;
      if (sent.some(({ offset }, place) => offset !== first + place)) this.faults.push("sent out of order");
      // A consumer that was lost begins at what was committed, never behind what was not delivered.
      if (first > this.#nextOf(partition)) this.faults.push(`left records of ${partition} out`);
    }
    switch (behaviour.kind) {
      case "throws":
        return { kind: "function-error", reason: "thrown" };
      case "throttled":
        return { kind: "not-invoked", reason: "429" };
      case "garbled":
        return { kind: "returned", payload: '{"batchItemFailures":[{}]}' };
      case "consumer-lost":
        this.#isLost = true;
        return { kind: "not-invoked", reason: "lost" };
      default:
        return this.#take(records, behaviour.kind === "partial" ? behaviour.places : []);
    }
  }

  #take(records: KafkaEvent["records"], places: readonly number[]): Invocation {
    const batchItemFailures = Object.entries(records).flatMap(([partition, sent], which) => {
      const place = places[which];
      const failing = place === undefined ? undefined : sent[place % sent.length];
      const taken = sent.filter(({ offset }) => failing === undefined || offset < failing.offset);
      this.done.set(partition, [...(this.done.get(partition) ?? []), ...taken.map(({ offset }) => offset)]);
      return failing === undefined ? [] : [{ itemIdentifier: { partition, offset: failing.offset } }];
    });
    return { kind: "returned", payload: JSON.stringify({ batchItemFailures }) };
  }

  #nextOf(partition: string): number {
    const taken = this.done.get(partition) ?? [];
    return Math.max(this.committed.get(partition) ?? 0, taken.length === 0 ? 0 : Math.max(...taken) + 1);
  }
}

const behaviour: fc.Arbitrary<Behaviour> = fc.oneof(
  { weight: 3, arbitrary: fc.constant({ kind: "good" as const }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant("partial" as const),
      places: fc.array(fc.nat(9), { maxLength: 3 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.constantFrom<Behaviour>(
      { kind: "throws" },
      { kind: "throttled" },
      { kind: "garbled" },
      { kind: "consumer-lost" },
    ),
  },
);
const controls = fc.record({
  BatchSize: fc.integer({ min: 1, max: 8 }),
  MaximumRetryAttempts: fc.integer({ min: -1, max: 3 }),
  BisectBatchOnFunctionError: fc.boolean(),
  MaximumBatchingWindowInSeconds: fc.constantFrom(0, 0, 1),
});
/** Which partition each record is of. */
const log = fc.array(fc.nat(2), { minLength: 1, maxLength: 40 }).map((partitions) => {
  const next = [0, 0, 0];
  return partitions.map((partition) => {
    const offset = next[partition] ?? 0;
    next[partition] = offset + 1;
    return kafkaRecordOf(partition, offset);
  });
});

describe("a poller before a function that fails in every way", () => {
  it("delivers every record of each partition in order, and gives none up that the mapping does not allow to", async () => {
    const pages = fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(
        controls,
        log,
        pages,
        fc.array(behaviour, { maxLength: 60 }),
        async (declared, records, sizes, script) => {
          const mapping = kafkaMappingOf({
            ...declared,
            FunctionResponseTypes: ["ReportBatchItemFailures"],
            // With a destination -1 would be ten.
            ...(declared.MaximumRetryAttempts === -1
              ? {}
              : {
                  DestinationConfig: {
                    OnFailure: { Destination: "arn:aws:sqs:us-east-1:123456789012:dead" },
                  },
                }),
          });
          const delivery = new KafkaDelivery(mapping, records, script);
          await delivery.run(sizes);
          expect(delivery.faults).toEqual([]);
          for (const { failures } of delivery.discarded)
            expect(failures).toBe(mapping.maximumRetryAttempts + 1);
          if (mapping.maximumRetryAttempts !== -1) return;
          const missing = records.filter(
            ({ partition, offset }) => !delivery.done.get(partition)?.includes(offset),
          );
          expect(missing).toEqual([]);
        },
      ),
      runs(500),
    );
  });
});
