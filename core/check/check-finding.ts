/** Every check there is. `docs/check.md` explains each one; a test compares the two. */
export const checkNames = [
  "collection-capable",
  "database-backups",
  "database-engine",
  "database-exists",
  "database-export-tasks",
  "database-parameters",
  "domain-access-control",
  "domain-endpoint",
  "domain-exists",
  "domain-network",
  "domain-policy",
  "domain-version",
  "network-endpoints",
  "network-security-groups",
  "network-subnets",
  "pipeline-body",
  "secret-exists",
  "table-build-time",
  "table-encryption",
  "table-exists",
  "table-keys",
  "table-recovery",
  "table-shards",
  "table-stream",
  "table-stream-readers",
  "target-reachable",
] as const;

/** One of {@link checkNames}. */
export type CheckName = (typeof checkNames)[number];

/** `warned` works, with a drawback; `unknown` could not be read, or not from here. */
export type CheckState = "passed" | "failed" | "warned" | "unknown";

/** What one check found of one part of a stack's configuration. */
export interface CheckFinding {
  readonly check: CheckName;
  /** Its path in the configuration: `tables.orders.source.dynamodb`. */
  readonly subject: string;
  readonly state: CheckState;
  /** What was found, with the values. */
  readonly detail: string;
  /** The next action, or the command itself; absent where nothing is to be done. */
  readonly fix?: string;
}

/** Makes the findings of one check of one subject. */
export interface Judge {
  readonly passed: (detail: string) => CheckFinding;
  readonly warned: (detail: string, fix: string) => CheckFinding;
  readonly failed: (detail: string, fix: string) => CheckFinding;
  readonly unknown: (detail: string, fix: string) => CheckFinding;
}

/** Begins the judgement of one subject. */
export function judgeAs(check: CheckName, subject: string): Judge {
  const withFix = (state: CheckState) => (detail: string, fix: string) => ({
    check,
    subject,
    state,
    detail,
    fix,
  });
  return {
    passed: (detail) => ({ check, subject, state: "passed", detail }),
    warned: withFix("warned"),
    failed: withFix("failed"),
    unknown: withFix("unknown"),
  };
}
