/**
 * What the roles of the shipped stacks may do. The mock engine evaluates no policy and AWS is not asked: actions and
 * resources are matched as IAM's documentation says, against calls listed by hand in `test/support/prod-calls.ts`.
 */

import { ACCOUNT, made } from "../support/physical-names.ts";
import { allows, type Call, collectRoles, type RecordedRole, type Statement } from "../support/policies.ts";
import { PROD_CALLS } from "../support/prod-calls.ts";
import { recordStack, STACKS } from "../support/stack-files.ts";

/** All inline policies of one role together. @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
const INLINE_LIMIT = 10_240;

/** Roles that only a stack with a managed table has; what they may do is told by `test/components/managed-pipeline/`. */
const MANAGED_ROLES: Readonly<Record<string, readonly string[]>> = { dev: ["orders-managed-1-role"] };

/** The stack whose tables are of a database: its roles are told by `test/components/database-source/`. */
const SQL_STACK = "aurora";

const ofDatabase = (names: readonly string[]) => [
  ...["customers", "orders"].flatMap((table) => [
    ...names.map((name) => name.replace("places", table)),
    `${table}-watch-role`,
  ]),
  "shop-watch-role",
  "aurora-security-role",
  "shop-lifecycle",
  "shop-connect-role",
];

const mayDo = (role: RecordedRole | undefined, call: Call) =>
  role?.statements.some((statement) => allows(statement, call)) ?? false;

describe.each(STACKS)("stack %s", (stack) => {
  let roles: ReadonlyMap<string, RecordedRole>;
  beforeAll(async () => {
    roles = collectRoles(await recordStack(stack));
  });

  it("gives each role to one service or role, and has no role whose calls nobody listed", () => {
    const trusted = new Set([...roles.values()].map((role) => role.trusted));
    expect([...trusted].sort()).toEqual([
      `arn:aws:iam::${ACCOUNT}:role/${made(`${stack}-audit-function-role`)}`,
      `arn:aws:iam::${ACCOUNT}:role/${made(`${stack}-lifecycle-role`)}`,
      ...(stack === SQL_STACK ? ["kafkaconnect.amazonaws.com"] : []),
      "lambda.amazonaws.com",
      ...(MANAGED_ROLES[stack] === undefined ? [] : ["osis-pipelines.amazonaws.com"]),
      "scheduler.amazonaws.com",
      "states.amazonaws.com",
    ]);
    const named = Object.keys(PROD_CALLS).map((name) => name.replace(/^prod/, stack));
    const known = stack === SQL_STACK ? ofDatabase(named) : named;
    const ofOrders = known.map((name) => name.replace("custom", "managed").replace("places", "orders"));
    known.push(...(MANAGED_ROLES[stack] === undefined ? [] : [...ofOrders, ...MANAGED_ROLES[stack]]));
    expect(known).toEqual(expect.arrayContaining([...roles.keys()]));
  });

  it("allows neither all actions of a service nor all resources", () => {
    const statements = [...roles.values()].flatMap((role) => role.statements);
    expect(statements.length).toBeGreaterThan(20);
    for (const { Action, Resource } of statements) {
      for (const action of Action) expect(action).toMatch(/^[a-z0-9-]+:[A-Za-z]+$/);
      for (const resource of Resource) expect(resource).toMatch(/^arn:aws:[a-z0-9]+:[^*]*:[^*]*:+[^*]+/);
    }
  });
});

describe("stack prod", () => {
  let roles: ReadonlyMap<string, RecordedRole>;
  beforeAll(async () => {
    roles = collectRoles(await recordStack("prod"));
  });

  it.each(Object.entries(PROD_CALLS))("lets %s make each of its calls", (name, calls) => {
    expect(calls.filter((call) => !mayDo(roles.get(name), call))).toEqual([]);
  });

  it.each(Object.entries(PROD_CALLS))(
    "gives %s no action and no resource that none of its calls needs",
    (name, calls) => {
      const isUsed = (part: "Action" | "Resource", value: string, statement: Statement) =>
        calls.some((call) => allows({ ...statement, [part]: [value] }, call));
      const unused = roles
        .get(name)
        ?.statements.flatMap((statement) =>
          (["Action", "Resource"] as const).flatMap((part) =>
            statement[part].filter((value) => !isUsed(part, value, statement)),
          ),
        );
      expect(unused).toEqual([]);
    },
  );

  it("uses one managed policy of AWS, the one that functions inside a VPC cannot do without", () => {
    const vpcAccess = "arn:aws:iam::aws:policy/service-role/AWSLambdaVPCAccessExecutionRole";
    for (const { trusted, managedPolicyArns } of roles.values()) {
      expect(managedPolicyArns).toEqual(trusted === "lambda.amazonaws.com" ? [vpcAccess] : []);
    }
  });

  it("keeps a table's consumers out of other tables' exports, manifests and reports", () => {
    const bucket = "arn:aws:s3:::prod-state-1a2b3c4";
    const consumers = ["stream", "reread", "loader"].map((part) => roles.get(`places-custom-1-${part}-role`));
    const others: readonly Call[] = [
      { action: "s3:GetObject", resource: `${bucket}/exports/places-archive/AWSDynamoDB/1/data/a.json.gz` },
      { action: "s3:PutObject", resource: `${bucket}/manifest/places-custom-10/uuid/segments/a.gz` },
      { action: "s3:PutObject", resource: `${bucket}/manifest/places-custom-2/uuid/segments/a.gz` },
      { action: "s3:PutObject", resource: `${bucket}/audits/places/run/report.json` },
      { action: "s3:PutObject", resource: `${bucket}/control/places.json` },
      { action: "s3:ListBucket", resource: bucket, prefix: "manifest/places-custom-2/uuid/segments/" },
      { action: "s3:ListBucket", resource: bucket },
    ];
    expect(consumers.flatMap((role) => others.filter((call) => mayDo(role, call)))).toEqual([]);
  });
});

// Each table once added its rights to the two shared roles, which IAM let hold those of ten tables.
it("gives no role more rights when tables are added, and each role fewer than IAM's limit", async () => {
  const generations = [{ mode: "custom" }, { mode: "custom", revision: 2 }];
  const measure = async (count: number) => {
    const names = Array.from({ length: count }, (_, place) => [
      `orders-of-shop-${place}`,
      { source: { dynamodb: "places" }, generations },
    ]);
    const tables: Readonly<Record<string, object>> = Object.fromEntries(names);
    return collectRoles(
      await recordStack("prod", { change: (declared: object) => ({ ...declared, tables }) }),
    );
  };
  const [one, three] = [await measure(1), await measure(3)];
  for (const [name, { inlineCharacters }] of one) {
    expect(inlineCharacters).toBeLessThan(INLINE_LIMIT / 2);
    expect(three.get(name)?.inlineCharacters).toBe(inlineCharacters);
  }
});
