import fc from "fast-check";
import { planTakeover } from "../../core/adoption.ts";

const behind = (...indexes: readonly (readonly [index: string, ours: boolean])[]) => ({
  concreteIndex: false,
  indexes: indexes.map(([index, ours]) => ({ index, ours })),
});
const concrete = { concreteIndex: true, indexes: [] };

describe("taking an alias over", () => {
  it("takes nothing away where nobody or only we have the name", () => {
    expect(planTakeover("orders", behind(), undefined)).toEqual({ kind: "none" });
    expect(planTakeover("orders", behind(["orders-custom-1", true]), undefined)).toEqual({ kind: "none" });
    // What is allowed and not needed does no harm.
    expect(planTakeover("orders", behind(), { index: "orders", deleteIndexAtCutover: true })).toEqual({
      kind: "none",
    });
  });

  it("never takes anything of others without being told to", () => {
    expect(() => planTakeover("orders", behind(["legacy", false]), undefined)).toThrow(
      /^INDEX_EXISTS.*alias/,
    );
    expect(() => planTakeover("orders", concrete, undefined)).toThrow(
      /^INDEX_EXISTS.*index orders.*adopt: \{ index: orders, deleteIndexAtCutover: true \}/,
    );
  });

  it("takes the alias from every index of others, and from none of ours", () => {
    const facts = behind(["legacy-1", false], ["orders-custom-1", true], ["legacy-2", false]);
    expect(planTakeover("orders", facts, { alias: "orders" })).toEqual({
      kind: "alias",
      indexes: ["legacy-1", "legacy-2"],
    });
  });

  it("lets an adopted index stand for the alias only where it is alone behind it", () => {
    const alone = behind(["legacy", false]);
    expect(planTakeover("orders", alone, { index: "legacy" })).toEqual({
      kind: "alias",
      indexes: ["legacy"],
    });
    const beside = behind(["legacy", false], ["stranger", false]);
    expect(() => planTakeover("orders", beside, { index: "legacy" })).toThrow(/^ADOPTION_REFUSED/);
    expect(() => planTakeover("orders", alone, { alias: "products" })).toThrow(/^ADOPTION_REFUSED/);
  });

  it("deletes an index of the alias's own name only when told so in as many words", () => {
    const whole = { index: "orders", deleteIndexAtCutover: true };
    expect(planTakeover("orders", concrete, whole)).toEqual({ kind: "index", index: "orders" });
    for (const less of [
      { index: "orders" },
      { index: "orders", deleteIndexAtCutover: false },
      { index: "products", deleteIndexAtCutover: true },
      { alias: "orders", deleteIndexAtCutover: true },
    ]) {
      expect(() => planTakeover("orders", concrete, less)).toThrow(
        /^ADOPTION_REFUSED.*write adopt: \{ index: orders, deleteIndexAtCutover: true \}/,
      );
    }
  });

  it("names in its refusal what would be allowed, and that is then allowed", () => {
    const index = fc.constantFrom("legacy", "other", "third");
    fc.assert(
      fc.property(fc.uniqueArray(index, { minLength: 1 }), (indexes) => {
        const facts = behind(...indexes.map((name) => [name, false] as const));
        expect(() => planTakeover("orders", facts, undefined)).toThrow("adopt: { alias: orders }");
        expect(planTakeover("orders", facts, { alias: "orders" })).toEqual({ kind: "alias", indexes });
      }),
    );
  });
});
