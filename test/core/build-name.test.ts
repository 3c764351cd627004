import fc from "fast-check";
import { toBuildName } from "../../core/build-name.ts";

const generation = fc.stringMatching(/^[a-z][a-z0-9-]{0,90}-custom-[1-9]$/);
const uuid = fc.stringMatching(/^[A-Za-z0-9_-]{22}$/);
const run = fc.integer({ min: 1, max: 12 });

describe("the name of a build's execution", () => {
  it("is the generation, the index and from the second run on the run", () => {
    expect(toBuildName("orders-custom-1", "uuid", 1)).toBe("orders-custom-1-uuid");
    expect(toBuildName("orders-custom-1", "uuid", 2)).toBe("orders-custom-1-uuid-2");
  });

  it("is one Step Functions takes", () => {
    fc.assert(
      fc.property(
        fc.oneof(generation, fc.string()),
        fc.oneof(uuid, fc.string()),
        run,
        (name, index, number) => {
          expect(toBuildName(name, index, number)).toMatch(/^[A-Za-z0-9_-]{1,80}$/);
        },
      ),
    );
  });

  it("is the same whenever it is asked for, and another for every index and run, however long", () => {
    fc.assert(
      fc.property(generation, uuid, uuid, run, run, (name, one, other, first, second) => {
        expect(toBuildName(name, one, first)).toBe(toBuildName(name, one, first));
        expect(toBuildName(name, one, first) === toBuildName(name, one, second)).toBe(first === second);
        expect(toBuildName(name, one, first) === toBuildName(name, other, first)).toBe(one === other);
      }),
    );
  });

  it("tells two long names apart that differ only past the eightieth character", () => {
    const long = "a".repeat(90);
    expect(toBuildName(`${long}1`, "uuid", 1)).not.toBe(toBuildName(`${long}2`, "uuid", 1));
    expect(toBuildName(long, "uuid", 10)).toMatch(/-[0-9a-f]{16}-10$/);
    expect(toBuildName(long, "uuid", 10)).toHaveLength(80);
    expect(toBuildName("a".repeat(75), "uuid", 1)).toBe(`${"a".repeat(75)}-uuid`);
    expect(toBuildName("a".repeat(76), "uuid", 1)).toMatch(/-[0-9a-f]{16}$/);
  });
});
