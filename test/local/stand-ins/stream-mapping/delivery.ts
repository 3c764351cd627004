import type { StreamMapping } from "../../../../local/stand-ins/stream-mapping/declaration.ts";
import type { Invocation } from "../../../../local/stand-ins/stream-mapping/invoke-function.ts";
import { runShard } from "../../../../local/stand-ins/stream-mapping/run-shard.ts";
import { recordOf } from "./shard-fixtures.ts";

/** What a function does in one invocation. `partial` fails at a record, by its place modulo the batch. */
export type Behaviour =
  | { readonly kind: "good" | "throws" | "throttled" | "garbled" | "stateless" }
  | { readonly kind: "partial"; readonly place: number };

interface StreamEvent {
  readonly Records: readonly {
    readonly dynamodb: { readonly SequenceNumber: string; readonly ApproximateCreationDateTime: number };
  }[];
  readonly state?: number | object;
  readonly window?: { readonly start: string };
  readonly isFinalInvokeForWindow?: boolean;
}

/** One message to an on-failure destination, as far as tests look. */
interface Discard {
  readonly requestContext: { readonly condition: string; readonly approximateInvokeCount: number };
  readonly DDBStreamBatchInfo: { readonly startSequenceNumber: string; readonly batchSize: number };
}

/** A shard of records 0, 1, 2, … before a function and a destination that keep account of every record. */
export class Delivery {
  readonly delivered: number[] = [];
  readonly discarded: number[] = [];
  readonly discards: Discard[] = [];
  /** What went against the contract. */
  readonly faults: string[] = [];
  /** Records before it are done with. */
  settled = 0;
  readonly #mapping: StreamMapping;
  readonly #times: readonly number[];
  readonly #behave: (numbers: readonly number[]) => Behaviour;
  /** What the next invocation must be passed, and the window that must have its last one before another begins. */
  #state: unknown = {};
  #window: string | undefined;
  /** Invocations since the last record was settled that the function itself failed. */
  #failures = 0;

  /** @param times - creation time of each record, epoch seconds. @param behave - asked once an invocation */
  constructor(
    mapping: StreamMapping,
    times: readonly number[],
    behave: (numbers: readonly number[]) => Behaviour,
  ) {
    this.#mapping = mapping;
    this.#times = times;
    this.#behave = behave;
  }

  /** Runs to the end of the shard. @param pages - how many records the stream gives at once, over and over */
  async run(pages: readonly number[]): Promise<void> {
    let now = (this.#times[0] ?? 0) * 1000;
    await runShard({
      shardId: "shard",
      mapping: () => this.#mapping,
      source: this.#makeSource(pages),
      invoke: async (_, event) => this.#invoke(JSON.parse(event)),
      sendFailure: async (_, failure) => this.#discard(JSON.parse(JSON.stringify(failure))),
      now: () => now,
      pause: async (millis) => {
        now += millis;
      },
      isStopping: () => false,
      report: () => {},
    });
  }

  #makeSource(pages: readonly number[]) {
    let read = 0;
    let page = 0;
    return {
      read: async (limit: number) => {
        const start = read;
        read = Math.min(this.#times.length, read + Math.min(limit, pages[page % pages.length] ?? 1));
        page += 1;
        const records = this.#times.slice(start, read).map((time, place) => recordOf(start + place, time));
        return { records, ended: read === this.#times.length };
      },
    };
  }

  #invoke(event: StreamEvent): Invocation {
    const numbers = event.Records.map(({ dynamodb }) => Number(dynamodb.SequenceNumber));
    const windowed = this.#mapping.tumblingWindowSeconds > 0;
    this.#expectInOrder(numbers);
    if (windowed) this.#expectWindow(event);
    const behaviour = this.#behave(numbers);
    if (behaviour.kind === "throttled") return { kind: "not-invoked", reason: "429" };
    this.#failures += 1;
    if (behaviour.kind === "throws") return { kind: "function-error", reason: "thrown" };
    if (behaviour.kind === "garbled") {
      return { kind: "returned", payload: '{"state":0,"batchItemFailures":[{}]}' };
    }
    if (behaviour.kind === "stateless" && windowed) return { kind: "returned", payload: "{}" };
    const fails = behaviour.kind === "partial" && numbers.length > 0;
    return this.#settle(event, numbers, fails ? behaviour.place % numbers.length : numbers.length);
  }

  #settle(event: StreamEvent, numbers: readonly number[], count: number): Invocation {
    this.delivered.push(...numbers.slice(0, count));
    this.settled += count;
    if (count > 0) this.#failures = count < numbers.length ? 1 : 0;
    const state = (typeof event.state === "number" ? event.state : 0) + count;
    if (count > 0) {
      this.#state = state;
      this.#window = event.window?.start;
    }
    if (event.isFinalInvokeForWindow === true) {
      this.#state = {};
      this.#window = undefined;
    }
    // The lowest one counts, in whatever order they are named.
    const failed = numbers.slice(count).reverse();
    const batchItemFailures = failed.map((number) => ({ itemIdentifier: `${number}` }));
    return { kind: "returned", payload: JSON.stringify({ batchItemFailures, state }) };
  }

  #discard(discard: Discard): void {
    const { startSequenceNumber, batchSize } = discard.DDBStreamBatchInfo;
    if (discard.requestContext.approximateInvokeCount > this.#failures) {
      this.faults.push("counted a failure that was none");
    }
    if (Number(startSequenceNumber) !== this.settled) this.faults.push("discarded out of order");
    for (let count = 0; count < batchSize; count += 1) this.discarded.push(this.settled + count);
    this.settled += batchSize;
    this.#failures = 0;
    this.discards.push(discard);
  }

  #expectInOrder(numbers: readonly number[]): void {
    const expected = numbers.map((_, place) => this.settled + place);
    if (`${numbers}` !== `${expected}`) this.faults.push(`sent ${numbers}, not from ${this.settled} on`);
    if (numbers.length > this.#mapping.batchSize) this.faults.push("sent more than the batch size");
  }

  #expectWindow({ Records, window, state }: StreamEvent): void {
    const length = this.#mapping.tumblingWindowSeconds;
    for (const { dynamodb } of Records) {
      const start = Math.floor(dynamodb.ApproximateCreationDateTime / length) * length;
      if (Date.parse(window?.start ?? "") !== start * 1000) this.faults.push("sent in another window");
    }
    if (this.#window !== undefined && window?.start !== this.#window) {
      this.faults.push("a window never had its last invocation");
    }
    if (JSON.stringify(state) !== JSON.stringify(this.#state))
      this.faults.push("the state was not passed on");
  }
}
