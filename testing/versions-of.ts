import fc from "fast-check";
import type { AttributeMap, AttributeValue, TableKey } from "../core/attribute-value.ts";

/** Any state a sample record may come to have: its own attributes, those of other samples, and others of their types. */
export function versionsOf(
  sample: AttributeMap,
  samples: readonly AttributeMap[],
  key: TableKey,
): fc.Arbitrary<AttributeMap> {
  const keyNames = new Set([key.partitionKey.name, key.sortKey?.name]);
  const names = new Set(samples.flatMap((one) => Object.keys(one)));
  const attributes = [...names].map((name) =>
    keyNames.has(name) ? fc.constant(sample[name]) : anyValueOf(name, sample, samples),
  );
  return fc.tuple(...attributes).map((values) => {
    const named = [...names].map((name, place) => [name, values[place]] as const);
    return Object.fromEntries(named.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
  });
}

/** Smallest first: what the sample has. */
function anyValueOf(
  name: string,
  sample: AttributeMap,
  samples: readonly AttributeMap[],
): fc.Arbitrary<AttributeValue | undefined> {
  const own = sample[name];
  // What only some records have, any may lose; what this one has not, it seldom gets: tables hold several kinds of records.
  const others = samples.map((one) => one[name]);
  return fc.oneof(
    { withCrossShrink: true },
    { weight: own === undefined ? 30 : 6, arbitrary: fc.constant(own) },
    { weight: 3, arbitrary: fc.constantFrom(...others) },
    { weight: 2, arbitrary: another(own) },
  );
}

function another(value: AttributeValue | undefined): fc.Arbitrary<AttributeValue | undefined> {
  if (value === undefined) return fc.constant(value);
  if ("S" in value)
    return fc
      .constantFrom("", `${value.S} `, value.S.slice(0, -1), value.S.toUpperCase())
      .map((S) => ({ S }));
  if ("N" in value) return fc.integer({ min: -1000, max: 1000 }).map((number) => ({ N: String(number) }));
  if ("BOOL" in value) return fc.boolean().map((BOOL) => ({ BOOL }));
  if ("L" in value) return fc.subarray([...value.L]).map((L) => ({ L }));
  return fc.constant(value);
}
