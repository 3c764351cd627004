import fc from "fast-check";
import { indexSettings, toAliasFilter, toIndexBody, toMapping } from "../../core/index-definition.ts";
import { DELETED_AT_FIELD } from "../../core/table-descriptor.ts";

const definition = {
  table: "orders",
  generation: "orders-custom-1",
  environment: "dev",
  writeAlias: "orders-custom-1-write",
  mapping: {
    dynamic: "strict",
    _meta: { owner: "shop" },
    properties: { name: { type: "keyword" }, [DELETED_AT_FIELD]: { type: "text" } },
  },
  settings: { refresh_interval: "5s" },
};
const TOMBSTONE = { type: "date", format: "epoch_millis" };

describe("the body that makes an index", () => {
  it("adds our mark, the tombstone field, the write alias and the shard counts to what is declared", () => {
    expect(toIndexBody(definition)).toEqual({
      settings: { index: { refresh_interval: "5s", number_of_shards: 1, number_of_routing_shards: 1024 } },
      mappings: {
        dynamic: "strict",
        _meta: {
          owner: "shop",
          trueup: { environment: "dev", table: "orders", generation: "orders-custom-1" },
        },
        properties: { name: { type: "keyword" }, [DELETED_AT_FIELD]: TOMBSTONE },
      },
      aliases: { "orders-custom-1-write": { is_write_index: true } },
    });
  });

  it("marks an index of an empty mapping too, and one whose parts are no objects", () => {
    for (const mapping of [{}, { _meta: "text", properties: [1] }, { _meta: null, properties: null }]) {
      const { _meta, properties } = toMapping({ ...definition, mapping });
      expect(_meta).toEqual({
        trueup: { environment: "dev", table: "orders", generation: "orders-custom-1" },
      });
      expect(properties).toEqual({ [DELETED_AT_FIELD]: TOMBSTONE });
    }
  });

  it("hides by the alias what the mapping marks as a tombstone", () => {
    expect(toAliasFilter()).toEqual({ bool: { must_not: [{ exists: { field: DELETED_AT_FIELD } }] } });
  });
});

describe("the settings of an index", () => {
  it.each([
    ["with the prefix", { "index.number_of_shards": 3 }],
    ["without it", { number_of_shards: 3 }],
    ["as an object", { index: { number_of_shards: 3 } }],
    ["as text, as the engine gives them back", { index: { "index.number_of_shards": "3" } }],
  ])("are understood %s", (_how, declared) => {
    expect(indexSettings(declared)).toEqual({ number_of_shards: 3, number_of_routing_shards: 768 });
  });

  it("leave as much room to split as the engine itself would, and stay as they are when set again", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1024 }), (shards) => {
        const settings = indexSettings({ number_of_shards: shards });
        const routing = Number(settings["number_of_routing_shards"]);
        expect(Number.isInteger(Math.log2(routing / shards))).toBe(true);
        expect(routing).toBeLessThanOrEqual(1024);
        expect(routing * 2).toBeGreaterThan(1024);
        expect(indexSettings(settings)).toEqual(settings);
      }),
    );
  });

  it("keep routing shards that were declared, where the audit can compute shards from them", () => {
    const declared = { number_of_shards: 3, number_of_routing_shards: 12 };
    expect(indexSettings(declared)).toEqual(declared);
    for (const routing of [10, 2, 9]) {
      expect(() => indexSettings({ ...declared, number_of_routing_shards: routing })).toThrow(
        `CONFIGURATION_INVALID: an index setting cannot be used (number_of_routing_shards ${routing} for 3 shards)`,
      );
    }
  });

  it.each([0, -1, 1.5, 1025, "many", {}, Number.NaN])("refuse %p shards", (count) => {
    expect(() => indexSettings({ number_of_shards: count })).toThrow(
      /^CONFIGURATION_INVALID: .*number_of_shards .*whole number from 1 to 1024/,
    );
    expect(() => indexSettings({ number_of_routing_shards: count })).toThrow(/^CONFIGURATION_INVALID/);
  });
});
