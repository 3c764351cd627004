import type { CheckFinding } from "../../../core/check/check-finding.ts";
import { checkTable } from "../../../core/check/check-table.ts";
import type { DeclaredTable } from "../../../core/check/declared-stack.ts";
import type { SourceReading } from "../../../core/ports/source-facts.ts";
import { managed, sourceOf, tableOf } from "./facts.ts";

const KEY = "arn:aws:kms:eu-central-1:123456789012:key/1";
const OTHER_KEY = "arn:aws:kms:eu-central-1:123456789012:key/2";
const encrypted = { kind: "kms", keyArn: KEY, inaccessible: false } as const;

function find(check: CheckFinding["check"], reading: SourceReading, declared = tableOf()) {
  return checkTable(declared, reading).find((finding) => finding.check === check);
}
const withKey = (keyArn: string): DeclaredTable =>
  tableOf({ source: { kind: "existing", tableName: "shop-orders", keyArn } });

describe("an existing table", () => {
  it("passes as it must be", () => {
    const findings = checkTable(tableOf(), sourceOf());
    expect(findings.map(({ check, state }) => `${check} ${state}`)).toEqual([
      "table-exists passed",
      "table-recovery passed",
      "table-stream passed",
      "table-encryption passed",
    ]);
    expect(findings[0]?.subject).toBe("tables.orders.source.dynamodb");
  });

  it("that is not there fails alone, without what follows of it", () => {
    const findings = checkTable(
      tableOf(),
      sourceOf({}, { table: { kind: "absent" }, recovery: { kind: "absent" } }),
    );
    expect(findings).toHaveLength(1);
    expect(findings[0]).toMatchObject({ check: "table-exists", state: "failed" });
    expect(findings[0]?.detail).toContain("shop-orders");
  });

  it("that is being made or deleted fails", () => {
    expect(find("table-exists", sourceOf({ status: "CREATING" }))?.state).toBe("failed");
    expect(find("table-exists", sourceOf({ status: "UPDATING" }))?.state).toBe("passed");
  });

  it("without point-in-time recovery fails with the command that switches it on", () => {
    expect(find("table-recovery", sourceOf({}, { recovery: { kind: "known", value: false } }))).toMatchObject(
      {
        state: "failed",
        fix: "aws dynamodb update-continuous-backups --table-name shop-orders --point-in-time-recovery-specification PointInTimeRecoveryEnabled=true",
      },
    );
    expect(find("table-recovery", sourceOf({}, { recovery: { kind: "absent" } }))?.state).toBe("unknown");
  });

  it("without a stream fails with the command that switches it on", () => {
    expect(find("table-stream", sourceOf({ stream: undefined }))).toMatchObject({
      state: "failed",
      fix: "aws dynamodb update-table --table-name shop-orders --stream-specification StreamEnabled=true,StreamViewType=NEW_AND_OLD_IMAGES",
    });
  });

  it.each([
    ["custom", "NEW_AND_OLD_IMAGES", "passed"],
    ["custom", "NEW_IMAGE", "failed"],
    ["custom", "KEYS_ONLY", "failed"],
    ["managed", "NEW_IMAGE", "passed"],
    ["managed", "NEW_AND_OLD_IMAGES", "passed"],
    ["managed", "OLD_IMAGE", "failed"],
  ] as const)("of a %s generation with a stream of %s has %s", (mode, view, state) => {
    const declared = mode === "managed" ? tableOf({ generations: [managed()] }) : tableOf();
    const found = find("table-stream", sourceOf({ stream: { arn: "s", view } }), declared);
    expect(found?.state).toBe(state);
    if (state === "failed")
      expect(found?.fix).toMatch(/StreamEnabled=false && .* wait table-exists .*NEW_AND_OLD_IMAGES/);
  });

  it("cannot be judged by who may not read it, and says what to allow", () => {
    const denied = {
      kind: "unreadable",
      reason: "AccessDeniedException: no",
      permission: "dynamodb:DescribeTable",
    } as const;
    const findings = checkTable(tableOf(), sourceOf({}, { table: denied }));
    expect(findings.map(({ state }) => state)).toEqual(["unknown", "passed", "unknown", "unknown"]);
    expect(findings[0]?.fix).toBe("allow dynamodb:DescribeTable to whoever runs `trueup check`");
    const broken = checkTable(tableOf(), sourceOf({}, { table: { kind: "unreadable", reason: "down" } }));
    expect(broken[0]).toMatchObject({ detail: "could not be read: down" });
  });

  it("that the stack makes needs nothing", () => {
    expect(checkTable(tableOf({ source: { kind: "created", key: [] } }), sourceOf())).toEqual([]);
  });
});

describe("a table's key", () => {
  it.each([
    ["is AWS's and none is declared", undefined, undefined, "passed"],
    ["is AWS's and one is declared", undefined, KEY, "failed"],
    ["is the declared one", encrypted, KEY, "passed"],
    ["is another than declared", encrypted, OTHER_KEY, "failed"],
    ["is in KMS and none is declared", encrypted, undefined, "warned"],
    ["is in KMS and an alias is declared", encrypted, "arn:aws:kms:eu-central-1:1:alias/a", "warned"],
    ["cannot be used", { ...encrypted, inaccessible: true }, KEY, "failed"],
  ] as const)("%s", (_what, encryption, declared, state) => {
    const reading = sourceOf(encryption === undefined ? {} : { encryption });
    const found = find("table-encryption", reading, declared === undefined ? tableOf() : withKey(declared));
    expect(found).toMatchObject({ state, subject: "tables.orders.source.keyArn" });
  });
});
