import { fromText } from "../../../core/sql/from-text.ts";
import { toKeyText } from "../../../core/sql/key-text.ts";
import type { SqlType } from "../../../core/sql/sql-type.ts";

describe("a key's value as PostgreSQL reads it", () => {
  it.each<[string, SqlType["kind"], string]>([
    ["-9223372036854775808", "number", "-9223372036854775808"],
    ["+1 is no year", "text", "+1 is no year"],
    ["2026-11-25", "date", "2026-11-25"],
    ["0044-03-15 BC", "date", "0044-03-15 BC"],
    ["10000-01-01", "date", "10000-01-01"],
    ["0044-03-15 12:00:00 BC", "timestamp", "0044-03-15T12:00:00 BC"],
    ["\\x00ff", "binary", "\\x00ff"],
  ])("is what it was made of: %s of type %s", (text, kind, written) => {
    if (kind === "array" || kind === "bits") throw new Error("no key is of this type");
    const type: SqlType = { kind };
    expect(toKeyText(fromText(text, type), type)).toBe(written);
  });

  it("is refused where there is none", () => {
    expect(() => toKeyText(undefined, { kind: "text" })).toThrow(/EVENT_UNDECODABLE/);
    expect(() => toKeyText({ NULL: true }, { kind: "text" })).toThrow(/EVENT_UNDECODABLE/);
  });
});
