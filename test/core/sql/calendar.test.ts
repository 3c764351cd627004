import fc from "fast-check";
import {
  dateOfDay,
  microsOf,
  shiftTime,
  timeOfMicros,
  timestampOfMicros,
} from "../../../core/sql/calendar.ts";

const DAY = 86_400_000;

describe("the calendar", () => {
  it("counts days as JavaScript does where that can", () => {
    fc.assert(
      fc.property(fc.integer({ min: -700_000, max: 2_900_000 }), (day) => {
        const text = new Date(day * DAY).toISOString().slice(0, -14);
        expect(dateOfDay(day)).toBe(
          text.replace(/^([+-])0(\d{5}-)/, "$10$2").replace(/^([+-])0+(\d{4})/, "$1$2"),
        );
      }),
    );
  });

  it("turns a moment into a text and its parts back into the moment", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -62_000_000_000_000_000n, max: 250_000_000_000_000_000n }), (micros) => {
        const text = timestampOfMicros(micros);
        const millis = Date.parse(`${text.slice(0, 19)}Z`);
        const [year = 0, month = 0, day = 0] = text.slice(0, 10).split("-").map(Number);
        const ofDay = ((micros % 86_400_000_000n) + 86_400_000_000n) % 86_400_000_000n;
        expect(BigInt(millis)).toBe((micros - (((micros % 1_000_000n) + 1_000_000n) % 1_000_000n)) / 1000n);
        expect(microsOf(year, month, day, ofDay)).toBe(micros);
        expect(text.slice(11)).toBe(timeOfMicros(ofDay));
      }),
    );
  });

  it("moves a time of day around midnight", () => {
    expect(timeOfMicros(shiftTime(0n, 3600))).toBe("23:00:00");
    expect(timeOfMicros(shiftTime(86_399_000_000n, -3600))).toBe("00:59:59");
  });
});
