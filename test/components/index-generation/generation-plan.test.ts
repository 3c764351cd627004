import { planGeneration } from "../../../components/index-generation/generation-plan.ts";

it("names a generation after table, mode and revision, and fills in the rest", () => {
  expect(planGeneration("orders", { mode: "custom" })).toEqual({
    bootstrap: "export",
    generation: "orders-custom-1",
    mode: "custom",
    revision: 1,
    index: "orders-custom-1",
    writeAlias: "orders-custom-1-write",
    mapping: expect.objectContaining({ date_detection: false }),
    settings: { number_of_shards: 1, number_of_replicas: 1 },
    transformFile: undefined,
    transformSecrets: {},
    allowTransformChange: false,
  });
});

it("lets settings that are declared win one by one", () => {
  const { settings } = planGeneration("orders", {
    mode: "custom",
    settings: { number_of_replicas: 0, refresh_interval: "5s" },
  });
  expect(settings).toEqual({ number_of_shards: 1, number_of_replicas: 0, refresh_interval: "5s" });
});
