import fc from "fast-check";
import type { AttributeMap, AttributeValue } from "../../core/attribute-value.ts";

/** Texts of every kind: empty, long, with quotes, control characters, lone surrogates and beyond. */
export const anyText = fc.oneof(
  { weight: 4, arbitrary: fc.string({ maxLength: 12 }) },
  { weight: 2, arbitrary: fc.string({ unit: "binary" }) },
  { weight: 1, arbitrary: fc.string({ minLength: 120, maxLength: 140 }) },
  {
    weight: 1,
    arbitrary: fc.string({ unit: fc.constantFrom("é", "東", "a"), minLength: 120, maxLength: 140 }),
  },
  {
    weight: 2,
    arbitrary: fc.string({
      unit: fc.constantFrom(
        '"',
        "\\",
        "\u0000",
        "\u001f",
        "\u007f",
        "\u0080",
        "\ud800",
        "\u2028",
        "\uffff",
        "𝄞",
        "}",
        "]",
      ),
    }),
  },
);
const anyName = fc.oneof(
  anyText,
  fc.constantFrom("__proto__", "constructor", "", "0", "10", "07", "S", "Item", "a", "b"),
);

/** Numbers as DynamoDB writes them, as others may, and none at all. */
export const anyNumber = fc.oneof(
  fc.stringMatching(/^-?[1-9][0-9]{0,37}$/),
  fc.stringMatching(/^-?(0|[1-9][0-9]{0,18})\.[0-9]{0,20}$/),
  fc.integer().map(String),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
  fc.stringMatching(/^[+-]?[0-9]{1,3}\.?[0-9]{0,3}([eE][+-]?[0-9]{1,3})?$/),
  fc.stringMatching(/^[1-9][0-9]{30,45}\.[0-9]{30,120}[1-9]$/),
  fc.constantFrom("0", "-0", "1E+100", "-1.5e-130", ".5", "5.", "-", "", "1.2.3", "--1", "NaN", "1 "),
);

const some = <Value>(arbitrary: fc.Arbitrary<Value>) => fc.array(arbitrary, { minLength: 1, maxLength: 4 });
const { value } = fc.letrec<{ value: AttributeValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    anyText.map((S) => ({ S })),
    anyNumber.map((N) => ({ N })),
    fc.oneof(fc.base64String(), anyText).map((B) => ({ B })),
    fc.boolean().map((BOOL) => ({ BOOL })),
    fc.constant({ NULL: true } as const),
    some(anyText).map((SS) => ({ SS })),
    some(anyNumber).map((NS) => ({ NS })),
    some(fc.base64String()).map((BS) => ({ BS })),
    fc.array(tie("value"), { maxLength: 4 }).map((L) => ({ L })),
    fc.dictionary(anyName, tie("value"), { maxKeys: 4 }).map((M) => ({ M })),
  ),
}));

/** Any record, and many that DynamoDB would never hold. */
export const anyRecord: fc.Arbitrary<AttributeMap> = fc.dictionary(anyName, value, { maxKeys: 6 });
