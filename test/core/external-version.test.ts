import fc from "fast-check";
import {
  FLOOR_VERSION,
  MAX_EXTERNAL_VERSION,
  REREAD_MARGIN_SECONDS,
  toExternalVersion,
  versionOfReread,
  versionOfStreamSecond,
} from "../../core/external-version.ts";

const second = fc.integer({ min: 1_600_000_000, max: 4_000_000_000 });

describe("versionOfStreamSecond", () => {
  it("keeps the order of seconds", () => {
    fc.assert(
      fc.property(second, second, (a, b) => {
        expect(versionOfStreamSecond(a) < versionOfStreamSecond(b)).toBe(a < b);
      }),
    );
  });

  it("gives one version to every moment of a second, so that a replay never differs from the first time", () => {
    expect(versionOfStreamSecond(1_700_000_000.999)).toBe(versionOfStreamSecond(1_700_000_000));
  });

  it("is above every row of an export", () => {
    fc.assert(fc.property(second, (a) => versionOfStreamSecond(a) > FLOOR_VERSION));
  });

  it.each([Number.NaN, -1, 0, Number.POSITIVE_INFINITY])("refuses %p, which is no time", (value) => {
    expect(() => versionOfStreamSecond(value)).toThrow("POSITION_INVALID");
  });
});

describe("versionOfReread", () => {
  it("loses to any change the read may not have seen, from a writer up to five seconds slow (H9)", () => {
    fc.assert(
      fc.property(second, fc.integer({ min: 0, max: 999 }), (at, millis) => {
        const reread = versionOfReread(at * 1000 + millis);
        expect(versionOfStreamSecond(at - REREAD_MARGIN_SECONDS) > reread).toBe(true);
      }),
    );
  });

  it("beats every change that is older than the margin", () => {
    expect(versionOfReread(1_700_000_000_000) > versionOfStreamSecond(1_700_000_000 - 6)).toBe(true);
  });

  it("is above every row of an export", () => {
    expect(versionOfReread(1_700_000_000_000) > FLOOR_VERSION).toBe(true);
  });
});

describe("toExternalVersion", () => {
  it("takes the whole range OpenSearch stores", () => {
    expect(toExternalVersion(1n, "test")).toBe(1n);
    expect(toExternalVersion(MAX_EXTERNAL_VERSION, "test")).toBe(9223372036854775807n);
  });

  it.each([0n, -1n, MAX_EXTERNAL_VERSION + 1n])("refuses %p", (value) => {
    expect(() => toExternalVersion(value, "test")).toThrow("POSITION_INVALID");
  });
});
