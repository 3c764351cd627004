import fc from "fast-check";
import { SyncError } from "../../core/errors.ts";
import { runs } from "../support/runs.ts";
import { makeWorld, type World } from "./world.ts";

type Step =
  | { readonly do: "add" | "remove" | "load" | "audit" | "drift"; readonly revision: number }
  | { readonly do: "cutover" | "build" | "rollback" | "retire" };

const revision = fc.integer({ min: 1, max: 4 });
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ do: fc.constantFrom("add", "remove", "load", "audit", "drift"), revision }),
  fc.record({ do: fc.constantFrom("cutover", "build", "rollback", "retire") }),
);

/** What a person or a deploy does next; a refusal is an answer, anything else fails the property. */
async function take(world: World, next: Step): Promise<void> {
  try {
    if (next.do === "add") await world.add(next.revision);
    else if (next.do === "remove") await world.remove(next.revision);
    else if (next.do === "load") await world.load(next.revision);
    else if (next.do === "audit") await world.audit(next.revision);
    else if (next.do === "drift") await world.audit(next.revision, false);
    else if (next.do === "build") await world.cutover({ automatic: true });
    else if (next.do === "cutover") await world.cutover();
    else if (next.do === "rollback") await world.rollback();
    else await world.retire();
  } catch (refusal) {
    if (!(refusal instanceof SyncError)) throw refusal;
  }
}

describe("any sequence of deploys, builds, audits and commands", () => {
  it("keeps at most two generations, and the alias on one that is loaded and was found clean", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
        const world = makeWorld();
        for (const next of steps) {
          const before = await world.aliasIndexes();
          await take(world, next);
          const after = await world.aliasIndexes();
          const { generations, pinned } = await world.deps.control.read("orders");
          expect(Object.keys(generations).length).toBeLessThanOrEqual(2);
          expect(after.length).toBeLessThanOrEqual(1);
          if (next.do !== "retire") expect(after.length).toBeGreaterThanOrEqual(before.length);
          for (const index of after) {
            expect(generations[index]?.load?.state).toBe("done");
            expect(generations[index]?.lastCleanAudit).toBeDefined();
            expect(world.deps.admin.indexes.has(index)).toBe(true);
          }
          if (next.do === "remove" || next.do === "add") expect(after).toEqual(before);
          if (next.do === "build" && pinned !== undefined) expect(after).toEqual(before);
        }
      }),
      runs(500),
    );
  });
});
