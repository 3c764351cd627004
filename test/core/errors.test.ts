import { readFileSync } from "node:fs";
import { join } from "node:path";
import { errorCodes, SyncError } from "../../core/errors.ts";

const page = readFileSync(join(__dirname, "../../docs/errors.md"), "utf8");
const sections = page.split(/^## /m).slice(1);

describe("docs/errors.md", () => {
  it("explains every code there is, and none that is not, in order", () => {
    expect(sections.map((section) => section.split("\n")[0])).toEqual([...errorCodes]);
  });

  it.each(sections.map((section) => [section.split("\n")[0] ?? "", section]))(
    "says of %s why it happens and what to do",
    (_code, section) => {
      expect(section).toMatch(/^Fix: /m);
      expect(section.split("\n").filter((line) => line !== "").length).toBeGreaterThanOrEqual(3);
    },
  );
});

describe("SyncError", () => {
  it("reads as code, what, subject and fix", () => {
    const cause = new RangeError("inner");
    const error = new SyncError("POSITION_INVALID", "version is outside 1..2^63-1", {
      subject: "dynamodb creation second 0",
      fix: "check the source position",
      retryable: false,
      cause,
    });
    expect(error.message).toBe(
      "POSITION_INVALID: version is outside 1..2^63-1 (dynamodb creation second 0). Fix: check the source position.",
    );
    expect(error).toMatchObject({
      name: "FinalSyncError",
      code: "POSITION_INVALID",
      retryable: false,
      cause,
    });
  });

  it("lists its codes once each, sorted", () => {
    expect([...errorCodes]).toEqual([...new Set(errorCodes)].toSorted());
  });
});
