import fc from "fast-check";
import {
  addGeneration,
  changeGeneration,
  MAXIMUM_GENERATIONS,
  registerTable,
  removeGeneration,
  requireGeneration,
  retireTable,
  serveGeneration,
} from "../../core/generation.ts";
import type { TableControl } from "../../core/table-control.ts";
import { makeControl, makeGeneration } from "../support/generation-controls.ts";

const two = makeControl(["g-1", "g-2"], { serving: "g-1", pinned: "g-1" });

describe("a table's record", () => {
  it("takes over what is declared about adoption now, and forgets what was", () => {
    const declared = registerTable(two, { adopt: { alias: "orders" }, retire: false });
    expect(declared.adopt).toEqual({ alias: "orders" });
    expect(registerTable(declared, { adopt: undefined, retire: false })).toEqual(two);
  });

  it("serves and pins nothing once it is retired, and is no longer retired when declared again", () => {
    const adopted = [{ index: "legacy", options: "{}" }];
    const retired = registerTable({ ...two, adopted }, { adopt: undefined, retire: true });
    expect(retired).toEqual({ table: "orders", retired: true, generations: two.generations });
    expect(retireTable(two)).toEqual(retired);
    expect(registerTable(retired, { adopt: undefined, retire: false }).retired).toBe(false);
  });

  it("finds a generation again, and adds a newer one, which lifts a rollback's pin", () => {
    expect(addGeneration(two, makeGeneration({ generation: "g-1" }))).toBe(two);
    const added = addGeneration(makeControl(["g-1"], { serving: "g-1", pinned: "g-1" }), makeGeneration());
    expect(added).toEqual(makeControl(["g-1", "orders-custom-1"], { serving: "g-1" }));
  });

  it("takes a generation whose index was made anew for another one of its name", () => {
    const anew = makeGeneration({ generation: "g-1", indexUuid: "other", transformHash: "changed" });
    expect(addGeneration(two, anew).generations["g-1"]).toBe(anew);
  });

  it("refuses a changed transform under the same index", () => {
    const changed = makeGeneration({ generation: "g-1", transformHash: "changed" });
    expect(() => addGeneration(two, changed)).toThrow(/^TRANSFORM_CHANGED.*identity, now changed/);
  });

  it("moves to a generation it knows, pinned by a rollback and not by a cutover", () => {
    const { serving, pinned } = serveGeneration(two, "g-2", true);
    expect([serving, pinned]).toEqual(["g-2", "g-2"]);
    expect(serveGeneration(two, "g-2", false)).toEqual(makeControl(["g-1", "g-2"], { serving: "g-2" }));
    expect(serveGeneration({ ...two, retired: true }, "g-2", false).retired).toBe(false);
    expect(() => serveGeneration(two, "g-9", false)).toThrow(/^GENERATION_UNKNOWN.*g-9 of orders/);
  });

  it("never moves to a generation that is being removed", () => {
    const leaving = changeGeneration(two, "g-2", (known) => ({ ...known, leaving: true }));
    expect(() => serveGeneration(leaving, "g-2", true)).toThrow(/^CUTOVER_REFUSED/);
  });

  it("changes one generation and no other, and makes none up", () => {
    const gap = { cause: "trimmed", detectedAt: "2026-11-24" };
    const changed = changeGeneration(two, "g-2", (known) => ({ ...known, gap }));
    expect(changed.generations).toEqual({
      "g-1": two.generations["g-1"],
      "g-2": { ...requireGeneration(two, "g-2"), gap },
    });
    expect(changeGeneration(two, "g-9", (known) => ({ ...known, gap }))).toBe(two);
    expect(removeGeneration(two, "g-9")).toBe(two);
  });

  it("never points at a generation it does not have, and never has a third", () => {
    const name = fc.constantFrom("g-1", "g-2", "g-3", "g-4");
    const step = fc.tuple(fc.constantFrom("add", "remove", "serve", "roll back"), name);
    fc.assert(
      fc.property(fc.array(step), (steps) => {
        let control: TableControl = makeControl([]);
        for (const [kind, generation] of steps) control = attempt(control, kind, generation);
        const names = Object.keys(control.generations);
        expect(names.length).toBeLessThanOrEqual(MAXIMUM_GENERATIONS);
        if (control.serving !== undefined) expect(names).toContain(control.serving);
        if (control.pinned !== undefined) expect(names).toContain(control.pinned);
      }),
    );
  });
});

/** What becomes of a record: refused steps leave it as it is. */
function attempt(control: TableControl, kind: string, generation: string): TableControl {
  try {
    if (kind === "add") return addGeneration(control, makeGeneration({ generation }));
    if (kind === "remove") return removeGeneration(control, generation);
    return serveGeneration(control, generation, kind === "roll back");
  } catch (cause) {
    expect(String(cause)).toMatch(/GENERATION_LIMIT|GENERATION_UNKNOWN/);
    return control;
  }
}
