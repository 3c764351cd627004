import fc from "fast-check";
import { resolveTokens, splitTokens, tokensOf, writeToken } from "../../../local/synth/tokens.ts";

const ids = fc.stringMatching(/^[A-Z][A-Za-z0-9]{0,20}$/);
const plainTexts = fc.string().filter((text) => !/[⟨⟩]/.test(text));

describe("tokens", () => {
  it("are found again wherever they stand in a text", () => {
    fc.assert(
      fc.property(ids, ids, plainTexts, plainTexts, (of, attribute, before, after) => {
        const text = `${before}${writeToken({ of, attribute })}${after}${writeToken({ of })}`;
        expect(splitTokens(text).filter((part) => typeof part !== "string")).toEqual([
          { of, attribute },
          { of },
        ]);
      }),
    );
  });

  it("survive being written as JSON inside JSON", () => {
    const inner = JSON.stringify({ arn: writeToken({ of: "Queue", attribute: "Arn" }) });
    const outer = JSON.parse(JSON.stringify({ spec: inner }));
    expect(tokensOf(outer)).toEqual([{ of: "Queue", attribute: "Arn" }]);
  });

  it("are replaced everywhere in plain data, and nothing else is", () => {
    const value = { a: [`x${writeToken({ of: "B" })}y`, 1, null], c: { d: "plain", e: true } };
    expect(resolveTokens(value, ({ of }) => `<${of}>`)).toEqual({
      a: ["x<B>y", 1, null],
      c: { d: "plain", e: true },
    });
  });

  it("cut a text without any into itself, the empty text too", () => {
    fc.assert(fc.property(plainTexts, (text) => expect(splitTokens(text)).toEqual([text])));
  });
});
