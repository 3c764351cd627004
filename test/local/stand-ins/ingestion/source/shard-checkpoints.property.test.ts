import fc from "fast-check";
import {
  advanceCheckpoint,
  type PageStatus,
} from "../../../../../local/stand-ins/ingestion/source/shard-checkpoints.ts";

const TIMEOUT = 1_000;
const page = (sequence: number, state: PageStatus["state"], last = false, readAtMillis = 0): PageStatus => ({
  sequenceNumber: String(sequence),
  readAtMillis,
  last,
  state,
});

describe("a shard's checkpoint", () => {
  it("is behind every page that is not taken, and at the last of those before", () => {
    const states = fc.array(fc.constantFrom<PageStatus["state"]>("open", "taken", "refused"), {
      maxLength: 10,
    });
    fc.assert(
      fc.property(states, (given) => {
        const pages = given.map((state, place) => page(place, state));
        const { checkpoint, pages: left, outcome } = advanceCheckpoint("before", pages, TIMEOUT, 0);
        const firstOpen = given.findIndex((state) => state !== "taken");
        const taken = firstOpen === -1 ? given.length : firstOpen;
        expect(checkpoint).toBe(taken === 0 ? "before" : String(taken - 1));
        expect(outcome).toBe(given[taken] === "refused" ? "given-up" : "going-on");
        expect(left).toEqual(outcome === "given-up" ? [] : pages.slice(taken));
      }),
    );
  });

  it("completes with its last page, which may be empty", () => {
    const end: PageStatus = { sequenceNumber: undefined, readAtMillis: 0, last: true, state: "taken" };
    expect(advanceCheckpoint(undefined, [page(1, "taken"), end], TIMEOUT, 0)).toEqual({
      checkpoint: "1",
      outcome: "completed",
      pages: [],
    });
    expect(advanceCheckpoint(undefined, [page(1, "open"), end], TIMEOUT, 0).outcome).toBe("going-on");
  });

  it("is given up when the oldest page is not taken in time", () => {
    const pages = [page(1, "taken"), page(2, "open", false, 5)];
    expect(advanceCheckpoint(undefined, pages, TIMEOUT, 1_005).outcome).toBe("going-on");
    expect(advanceCheckpoint(undefined, pages, TIMEOUT, 1_006)).toEqual({
      checkpoint: "1",
      outcome: "given-up",
      pages: [],
    });
  });
});
