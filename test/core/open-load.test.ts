import { requireOpenLoad } from "../../core/open-load.ts";
import type { LoadControl, TableControl } from "../../core/table-control.ts";

function controlWith(load?: Partial<LoadControl>): TableControl {
  const open: LoadControl = {
    exportArn: "export/1",
    exportTime: "2026-11-25T00:00:00Z",
    state: "open",
    startedAt: "2026-11-25T00:00:00Z",
  };
  const generation = {
    generation: "orders-custom-1",
    index: "orders-custom-1",
    indexUuid: "uuid",
    mode: "custom",
    revision: 1,
    transformHash: "identity",
    createdAt: "2026-11-25T00:00:00Z",
    ...(load === undefined ? {} : { load: { ...open, ...load } }),
  } as const;
  return { table: "orders", retired: false, generations: { "orders-custom-1": generation } };
}

describe("requireOpenLoad", () => {
  it.each(["open", "failed"] as const)("lets rows of a load that is %s through", (state) => {
    expect(() => requireOpenLoad(controlWith({ state }), "orders-custom-1", "export/1")).not.toThrow();
  });

  it("H12: refuses a redriven execution's rows once the load is done, when tombstones may be purged", () => {
    const done = controlWith({ state: "done" });
    expect(() => requireOpenLoad(done, "orders-custom-1", "export/1")).toThrow(/^LOAD_OVER/);
  });

  it("refuses rows of an export that a newer load has replaced", () => {
    const newer = controlWith({ exportArn: "export/2" });
    expect(() => requireOpenLoad(newer, "orders-custom-1", "export/1")).toThrow(/^LOAD_OVER/);
  });

  it("refuses rows before any load has begun, and of a generation that was removed", () => {
    expect(() => requireOpenLoad(controlWith(), "orders-custom-1", "export/1")).toThrow(/^LOAD_OVER/);
    expect(() => requireOpenLoad(controlWith(), "orders-custom-9", "export/1")).toThrow(
      /^GENERATION_UNKNOWN/,
    );
  });
});
