import { makeEventBuffer } from "../../../../../local/stand-ins/ingestion/flow/event-buffer.ts";
import { eventOf } from "../fixtures.ts";

const events = (...names: readonly string[]) => names.map((name) => eventOf({ name }));
const namesOf = (taken: readonly { readonly data: object }[]) =>
  taken.map(({ data }) => Object.values(data)[0]);

describe("an event buffer", () => {
  it("gives events in their order, as many as are wanted", async () => {
    const buffer = makeEventBuffer();
    await buffer.push(events("a", "b", "c"));
    expect(namesOf(await buffer.take(2, 1_000))).toEqual(["a", "b"]);
    expect(namesOf(await buffer.take(2, 1))).toEqual(["c"]);
    expect(namesOf(await buffer.take(2, 1))).toEqual([]);
    expect(buffer.isEmpty()).toBe(true);
  });

  it("holds writers up while it is full", async () => {
    const buffer = makeEventBuffer(2);
    const pushed = jest.fn();
    const pushing = buffer.push(events("a", "b", "c")).then(pushed);
    expect(namesOf(await buffer.take(2, 1_000))).toEqual(["a", "b"]);
    expect(namesOf(await buffer.take(1, 1_000))).toEqual(["c"]);
    await pushing;
    expect(pushed).toHaveBeenCalled();
  });

  it("lets everybody go when it is shut, and takes nothing in", async () => {
    const buffer = makeEventBuffer(1);
    const pushing = buffer.push(events("a", "b"));
    buffer.shut();
    await pushing;
    await buffer.push(events("c"));
    expect(namesOf(await buffer.take(5, 1_000))).toEqual(["a"]);
  });
});
