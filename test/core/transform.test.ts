import { defineTransform, type TransformFunction } from "../../core/transform.ts";

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
