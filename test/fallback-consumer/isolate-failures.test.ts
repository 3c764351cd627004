import fc from "fast-check";
import { isolateFailures } from "../../fallback-consumer/isolate-failures.ts";

const toRecords = (count: number) =>
  Array.from({ length: count }, (_, place) => ({ recordId: String(place), item: {}, enriched: {} }));

describe("isolating records a transform fails for", () => {
  it("finds exactly those to blame, and keeps the results of all others in order", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.boolean(), { maxLength: 40 }), async (bad) => {
        const results = await isolateFailures(toRecords(bad.length), {
          hasTime: () => true,
          pause: async () => undefined,
          run: async (records) => {
            if (records.some(({ recordId }) => bad[Number(recordId)])) throw new Error("cannot");
            return records.map(({ recordId }) => ({ recordId }));
          },
        });
        expect(results).toEqual(
          bad.map((isBad, place) =>
            isBad
              ? { kind: "failed", reason: "Error: cannot" }
              : { kind: "returned", value: { recordId: String(place) } },
          ),
        );
      }),
    );
  });

  it("leaves what it had no time for unsettled, blaming nobody", async () => {
    let calls = 0;
    const results = await isolateFailures(toRecords(4), {
      hasTime: () => calls < 2,
      pause: async () => undefined,
      run: async () => {
        calls += 1;
        throw new Error("slow");
      },
    });
    expect(results.every(({ kind }) => kind === "unsettled")).toBe(true);
  });

  it("tries a record that fails alone again before it blames it", async () => {
    let calls = 0;
    const results = await isolateFailures(toRecords(1), {
      hasTime: () => true,
      pause: async () => undefined,
      run: async () => {
        calls += 1;
        if (calls < 3) throw new Error("once");
        return [null];
      },
    });
    expect(results).toEqual([{ kind: "returned", value: null }]);
  });
});
