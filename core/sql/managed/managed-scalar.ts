import type { AttributeValue } from "../../attribute-value.ts";
import { SHAPES, toManagedShape } from "./managed-shape.ts";
import { toManagedInterval, toManagedTime } from "./managed-time.ts";

const WHOLE_NUMBERS: ReadonlySet<string> = new Set(["int2", "int4", "int8"]);
const FLOATS: ReadonlySet<string> = new Set(["float4", "float8"]);
const TIMES: ReadonlySet<string> = new Set(["date", "time", "timetz", "timestamp", "timestamptz"]);
const BITS: ReadonlySet<string> = new Set(["bit", "varbit"]);
const RANGES: ReadonlyMap<string, string> = new Map([
  ["int4range", "int4"],
  ["int8range", "int8"],
  ["numrange", "numeric"],
  ["tsrange", "timestamp"],
  ["tstzrange", "timestamptz"],
  ["daterange", "date"],
]);

/**
 * A value as Data Prepper's `rds` source sends it, which is not as the custom mode has it: times are epoch milliseconds,
 * `numeric` and `json` are text, ranges are objects.
 *
 * @param text - PostgreSQL's own text of the value, in a session with UTC, ISO dates and ISO intervals
 * @param typeName - as `pg_type.typname` has it; unknown ones stay text
 * @see https://github.com/opensearch-project/data-prepper `rds-source/…/datatype/postgres/handler/`
 */
export function toManagedScalar(text: string, typeName: string): AttributeValue {
  if (WHOLE_NUMBERS.has(typeName)) return { N: text };
  if (FLOATS.has(typeName)) return /^-?\d/.test(text) ? { N: text } : { S: text };
  if (typeName === "bool") return { BOOL: text === "t" || text === "true" };
  if (TIMES.has(typeName)) return toManagedTime(text, typeName);
  if (typeName === "interval") return { S: toManagedInterval(text) };
  if (typeName === "money") return toMoney(text);
  if (BITS.has(typeName)) return text === "" ? { NULL: true } : { N: BigInt(`0b${text}`).toString() };
  if (SHAPES.has(typeName)) return toManagedShape(text, typeName);
  const bound = RANGES.get(typeName);
  return bound === undefined ? { S: text } : toRange(text, bound);
}

/** `$1,234.50` -> the sign of the currency and the amount. */
function toMoney(text: string): AttributeValue {
  const [, minus = "", currency = "", amount = ""] = /^(-?)(\D)(.*)$/u.exec(text) ?? [];
  return { M: { currency: { S: currency }, amount: { N: `${minus}${amount.replaceAll(",", "")}` } } };
}

/** `[1,5)` -> `{ gte: 1, lt: 5 }`; a bound that is not there has no member. */
function toRange(text: string, boundType: string): AttributeValue {
  if (text === "empty") return { NULL: true };
  const [lower = "", upper = ""] = text.slice(1, -1).split(",").map(unquoted);
  return {
    M: {
      ...(lower === "" ? {} : { [text.startsWith("[") ? "gte" : "gt"]: toManagedScalar(lower, boundType) }),
      ...(upper === "" ? {} : { [text.endsWith("]") ? "lte" : "lt"]: toManagedScalar(upper, boundType) }),
    },
  };
}

function unquoted(text: string): string {
  return /^".*"$/.test(text) ? text.slice(1, -1) : text;
}
