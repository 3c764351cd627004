import { keyAttributes } from "../../core/attribute-value.ts";
import { parseTableKey, writeTableKey } from "../../core/table-key-text.ts";

const id = { name: "id", type: "N" } as const;
const region = { name: "region", type: "S" } as const;

it.each([
  [[id], { partitionKey: id }],
  [[region, id], { partitionKey: region, sortKey: id }],
  [[region, id, region], { partitionKey: region, sortKey: id, furtherKeys: [region] }],
])("carries a key as text", (attributes, key) => {
  expect(parseTableKey(writeTableKey(attributes))).toEqual(key);
  expect(keyAttributes(parseTableKey(writeTableKey(attributes)))).toEqual(attributes);
});

it.each(["", "[]", "{}", "[1]", '[{"name":"id"}]', '[{"name":"id","type":"BOOL"}]'])("refuses %j", (text) => {
  expect(() => parseTableKey(text)).toThrow(/^CONFIGURATION_INVALID: /);
});
