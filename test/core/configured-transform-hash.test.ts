import { hashConfiguredTransform } from "../../core/configured-transform-hash.ts";

describe("the hash of a configured transform", () => {
  it("is the module's where nothing is configured", () => {
    expect(hashConfiguredTransform("0123456789abcdef", {})).toBe("0123456789abcdef");
  });

  it("changes with any value, at any depth, and with the module", () => {
    const hash = hashConfiguredTransform("m", { api: { url: "a", tries: 3 } });
    expect(hash).toMatch(/^[0-9a-f]{16}$/);
    expect(hashConfiguredTransform("m", { api: { url: "a", tries: 4 } })).not.toBe(hash);
    expect(hashConfiguredTransform("n", { api: { url: "a", tries: 3 } })).not.toBe(hash);
  });

  it("does not change with the order of members", () => {
    expect(hashConfiguredTransform("m", { a: 1, b: { c: 1, d: [1, 2] } })).toBe(
      hashConfiguredTransform("m", { b: { d: [1, 2], c: 1 }, a: 1 }),
    );
  });
});
