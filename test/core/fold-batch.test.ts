import fc from "fast-check";
import type { ExternalVersion } from "../../core/external-version.ts";
import type { Fingerprint } from "../../core/fingerprint.ts";
import { foldBatch } from "../../core/fold-batch.ts";
import type { PlannedWrite } from "../../core/plan-writes.ts";

const write = (id: string, version: number, content: string): PlannedWrite => {
  const common = { recordId: id, key: {}, sourceTime: 0, position: "" };
  const external = BigInt(version) as ExternalVersion;
  return {
    id,
    version: external,
    source: content,
    event: { ...common, version: external },
    fingerprint: content as Fingerprint,
    state: "present",
  };
};
const writes = fc.array(
  fc.tuple(fc.constantFrom("a", "b"), fc.integer({ min: 1, max: 3 }), fc.constantFrom("x", "y")),
);

describe("folding a batch", () => {
  it("keeps one write a document: the last at the highest version", () => {
    fc.assert(
      fc.property(writes, (all) => {
        const folded = foldBatch(all.map(([id, version, content]) => [write(id, version, content)]));
        for (const { id, version, source, firstEvent } of folded) {
          const own = all.filter(([other]) => other === id);
          const highest = Math.max(...own.map(([, other]) => other));
          expect(Number(version)).toBe(highest);
          expect(source).toBe(own.findLast(([, other]) => other === highest)?.[2]);
          expect(firstEvent).toBe(all.findIndex(([other]) => other === id));
        }
        expect(new Set(folded.map(({ id }) => id)).size).toBe(folded.length);
      }),
    );
  });

  it("marks a document tied when different contents share the winning version, and only then", () => {
    fc.assert(
      fc.property(writes, (all) => {
        for (const { id, version, tied } of foldBatch(
          all.map(([one, at, content]) => [write(one, at, content)]),
        )) {
          const winners = all.filter(([other, at]) => other === id && BigInt(at) === version);
          expect(tied).toBe(new Set(winners.map(([, , content]) => content)).size > 1);
        }
      }),
    );
  });
});
