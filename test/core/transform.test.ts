import {
  defineMapping,
  defineTransform,
  defineTransformFor,
  type TransformFunction,
} from "../../core/transform.ts";

const transform: TransformFunction = (records) => records.map(({ item }) => item);

describe("declaring a transform", () => {
  it("takes it for one that may make any number of documents in ten seconds, unless it says otherwise", () => {
    expect(defineTransform({ transform })).toEqual({
      kind: "user",
      documents: "any",
      timeoutMillis: 10_000,
      transform,
    });
    expect(defineTransform({ transform, documents: "one", timeoutMillis: 500 })).toEqual({
      kind: "user",
      documents: "one",
      timeoutMillis: 500,
      transform,
    });
  });
});

it("declares the same where it is checked against a mapping, which only the compiler sees", () => {
  const declared = defineTransformFor<{ properties: { total: { type: "double" } } }>()({
    documents: "one",
    transform: (records) => records.map(() => ({ total: 1 })),
  });
  expect(declared).toMatchObject({ kind: "user", documents: "one", timeoutMillis: 10_000 });
  const mapping = { properties: { total: { type: "double" } } } as const;
  expect(defineMapping(mapping)).toBe(mapping);
});
