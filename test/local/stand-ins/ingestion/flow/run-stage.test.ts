import { makeAcknowledgementSet } from "../../../../../local/stand-ins/ingestion/acknowledgement-set.ts";
import type { PipelineEvent } from "../../../../../local/stand-ins/ingestion/event.ts";
import { makeEventBuffer } from "../../../../../local/stand-ins/ingestion/flow/event-buffer.ts";
import { runStage } from "../../../../../local/stand-ins/ingestion/flow/run-stage.ts";

describe("a sub-pipeline", () => {
  it("gives every sink what its processors made, works its buffer off, and closes the sinks", async () => {
    const buffer = makeEventBuffer();
    const closed: string[] = [];
    const seen: string[] = [];
    const sink = (name: string) => ({
      output: async (events: readonly PipelineEvent[]) => {
        for (const { data, receipt } of events) {
          seen.push(`${name} ${data["n"]}`);
          receipt.release(true);
        }
      },
      close: async () => void closed.push(name),
    });
    const settle = jest.fn();
    const set = makeAcknowledgementSet(settle);
    set.hold(2);
    set.complete();
    await buffer.push([1, 2].map((n) => ({ data: { n }, metadata: {}, receipt: set })));
    const double = async (events: readonly PipelineEvent[]) =>
      events.map((event) => ({ ...event, data: { n: Number(event.data["n"]) * 2 } }));
    await runStage({ buffer, processors: [double, double], sinks: [sink("one"), sink("two")] }, () => true);
    expect(seen.sort()).toEqual(["one 4", "one 8", "two 4", "two 8"]);
    expect(closed).toEqual(["one", "two"]);
    expect(settle.mock.calls).toEqual([[true]]);
  });
});
