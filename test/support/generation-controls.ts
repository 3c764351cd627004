import type { AuditMark, GenerationControl, LoadControl, TableControl } from "../../core/table-control.ts";

/** A load that is over, with ordinary values for whatever a test does not care about. */
export function makeLoad(given: Partial<LoadControl> = {}): LoadControl {
  return {
    exportArn: "export/1",
    exportTime: "2026-11-20T00:00:00.000Z",
    state: "done",
    startedAt: "2026-11-20T00:00:00.000Z",
    ...given,
  };
}

/** A full audit that ended. */
export function makeMark(given: Partial<AuditMark> = {}): AuditMark {
  return {
    run: "run-1",
    kind: "full",
    exportTime: "2026-11-24T00:00:00.000Z",
    finishedAt: "2026-11-24T01:00:00.000Z",
    transformHash: "identity",
    shards: [],
    ...given,
  };
}

/** A generation whose index was just made. */
export function makeGeneration(given: Partial<GenerationControl> = {}): GenerationControl {
  const { generation = "orders-custom-1", ...rest } = given;
  return {
    generation,
    index: generation,
    indexUuid: "uuid",
    mode: "custom",
    revision: 1,
    transformHash: "identity",
    createdAt: "2026-11-20T00:00:00.000Z",
    ...rest,
  };
}

/** A table with generations of these names. */
export function makeControl(
  generations: readonly string[],
  given: Partial<Omit<TableControl, "generations">> = {},
): TableControl {
  return {
    table: "orders",
    retired: false,
    generations: Object.fromEntries(generations.map((name) => [name, makeGeneration({ generation: name })])),
    ...given,
  };
}
