import { toManagedValue } from "../../../../core/sql/managed/managed-value.ts";

it.each([
  ["_int4", "{1,2,NULL}", { L: [{ N: "1" }, { N: "2" }, { NULL: true }] }],
  ["_text", '{a,"b,c","say \\"no\\"",""}', { L: [{ S: "a" }, { S: "b,c" }, { S: 'say "no"' }, { S: "" }] }],
  ["_int4", "{{1,2},{3,4}}", { L: [{ L: [{ N: "1" }, { N: "2" }] }, { L: [{ N: "3" }, { N: "4" }] }] }],
  ["_int4", "{}", { L: [] }],
  ["_int4", "[0:1]={5,6}", { L: [{ N: "5" }, { N: "6" }] }],
  ["_bool", "{t,f}", { L: [{ BOOL: true }, { BOOL: false }] }],
  ["int4", null, { NULL: true }],
])("makes lists of arrays: %s %s", (typeName, text, expected) => {
  expect(toManagedValue(text, typeName)).toEqual(expected);
});
