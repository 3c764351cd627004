import { readFileSync } from "node:fs";
import { join } from "node:path";
import { stateLayout } from "../../core/state-layout.ts";

describe("where things lie in a state bucket", () => {
  it("never changes, because deployed buckets are full of it", () => {
    expect([
      stateLayout.control("orders"),
      stateLayout.manifest("orders-custom-1", "uuid"),
      stateLayout.exports("orders"),
      stateLayout.audits("orders"),
      stateLayout.audit("orders", "run-1"),
      stateLayout.unrepairable("orders", "run-1"),
      stateLayout.lifecycleResponses,
      stateLayout.artifacts,
    ]).toEqual([
      "control/orders.json",
      "manifest/orders-custom-1/uuid/",
      "exports/orders",
      "audits/orders/",
      "audits/orders/run-1/",
      "audits/orders/run-1/unrepairable/",
      "lifecycle-responses/",
      "artifacts/",
    ]);
  });

  it("puts all that an audit leaves under its own folder, and that under its table's", () => {
    const run = stateLayout.audit("orders", "run-1");
    expect(run.startsWith(stateLayout.audits("orders"))).toBe(true);
    expect(stateLayout.unrepairable("orders", "run-1").startsWith(run)).toBe(true);
    // A listing of one run must not find another one's.
    expect(stateLayout.audit("orders", "run-10").startsWith(run)).toBe(false);
    expect(stateLayout.audits("orders-2").startsWith(stateLayout.audits("orders"))).toBe(false);
    expect(stateLayout.manifest("g", "u2").startsWith(stateLayout.manifest("g", "u"))).toBe(false);
  });

  it("is described in full where it is defined", () => {
    const text = readFileSync(join(__dirname, "../../core/state-layout.ts"), "utf8");
    const described = text.slice(0, text.indexOf("export const"));
    for (const place of Object.values(stateLayout)) {
      const [top = ""] = (typeof place === "string" ? place : place("x", "y", "z")).split("/");
      expect(described).toContain(` * ${top}/`);
    }
  });
});
