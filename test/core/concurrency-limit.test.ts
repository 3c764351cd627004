import { ConcurrencyLimit } from "../../core/concurrency-limit.ts";

describe("the concurrency limit", () => {
  it("halves when throttled, down to one, and recovers one by one", async () => {
    const limit = new ConcurrencyLimit(8);
    const answer = async (throttled: boolean) => {
      await limit.enter();
      limit.leave(throttled);
    };
    await answer(true);
    expect(limit.allowed).toBe(4);
    for (let time = 0; time < 5; time += 1) await answer(true);
    expect(limit.allowed).toBe(1);
    for (let time = 0; time < 60; time += 1) await answer(false);
    expect(limit.allowed).toBe(8);
  });

  it("lets nobody in above the limit, and everybody in the end", async () => {
    const limit = new ConcurrencyLimit(2);
    let inside = 0;
    let most = 0;
    const work = async (throttled: boolean) => {
      await limit.enter();
      inside += 1;
      most = Math.max(most, inside);
      await Promise.resolve();
      inside -= 1;
      limit.leave(throttled);
    };
    await Promise.all(Array.from({ length: 50 }, (_, place) => work(place % 5 === 0)));
    expect(most).toBe(2);
    expect(inside).toBe(0);
  });
});
