/** How the templates match is OpenSearch's to show: `test/integration/consumer.test.ts` writes legal values of every kind. */
import { defaultMapping, mergeMapping } from "../../../components/index-generation/default-mapping.ts";

it("catches whole numbers before other numbers, because the first template that matches wins", () => {
  const names = defaultMapping.dynamic_templates?.flatMap((template) => Object.keys(template));
  expect(names).toEqual(["whole_numbers", "numbers", "strings"]);
});

it("refuses no number, cuts no long string and guesses no date", () => {
  expect(defaultMapping).toMatchObject({ date_detection: false, numeric_detection: false });
  expect(JSON.stringify(defaultMapping.dynamic_templates)).toMatch(
    /"long","mapping":\{"type":"double","ignore_malformed":true\}.*"ignore_above":1024/,
  );
});

it("puts a user's templates before its own and a user's members over its own", () => {
  const mine = { mine: { match: "*_at", mapping: { type: "date" } } };
  const merged = mergeMapping({ dynamic: "strict", date_detection: true, dynamic_templates: [mine] });
  expect(merged).toMatchObject({ dynamic: "strict", date_detection: true, numeric_detection: false });
  expect(merged.dynamic_templates).toEqual([mine, ...(defaultMapping.dynamic_templates ?? [])]);
});

it("is the default itself where nothing is declared", () => {
  expect(mergeMapping()).toEqual(defaultMapping);
});
