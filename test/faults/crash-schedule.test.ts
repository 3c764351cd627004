import fc from "fast-check";
import { drawSchedule, parseSchedule, VICTIMS, writeSchedule } from "../support/crash-schedule.ts";
import { makeDice } from "../support/pick-toggles.ts";

const drawn = fc.integer({ min: 0, max: 1_000_000 }).map((seed) => drawSchedule(makeDice(seed)));

describe("a crash schedule", () => {
  it("is the same for a seed, and the same again from its words", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1_000_000 }), (seed) => {
        const schedule = drawSchedule(makeDice(seed));
        expect(drawSchedule(makeDice(seed))).toEqual(schedule);
        expect(parseSchedule(writeSchedule(schedule))).toEqual(schedule);
      }),
    );
  });

  it("has two to four crashes in their order", () => {
    fc.assert(
      fc.property(drawn, (schedule) => {
        const times = schedule.map(({ atMillis }) => atMillis);
        expect(times).toEqual(times.toSorted((one, two) => one - two));
        expect([2, 3, 4]).toContain(schedule.length);
      }),
    );
  });

  it("spares nobody over fifty seeds, and lets crashes overlap", () => {
    const schedules = Array.from({ length: 50 }, (_, seed) => drawSchedule(makeDice(seed + 1)));
    const victims = new Set(schedules.flat().map(({ victim }) => victim));
    expect([...victims].sort()).toEqual([...VICTIMS].sort());
    const overlaps = schedules.filter((schedule) =>
      schedule.some(({ atMillis, downMillis }, place) =>
        schedule.slice(place + 1).some((later) => later.atMillis < atMillis + downMillis),
      ),
    );
    expect(overlaps.length).toBeGreaterThan(10);
  });

  it("is refused in other words", () => {
    expect(() => parseSchedule("lambda@1+2")).toThrow("lambda@1+2 is no crash");
  });
});
