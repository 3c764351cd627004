/**
 * What the roles of the shipped stacks may do. The mock engine evaluates no policy and AWS is not asked: actions and
 * resources are matched as IAM's documentation says, against calls listed by hand in `test/support/prod-calls.ts`.
 */
import { allows, type Call, collectRoles, type RecordedRole, type Statement } from "../support/policies.ts";
import { PROD_CALLS } from "../support/prod-calls.ts";
import { recordStack, STACKS } from "../support/stack-files.ts";

/** All inline policies of one role together. @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
const INLINE_LIMIT = 10_240;

const mayDo = (role: RecordedRole | undefined, call: Call) =>
  role?.statements.some((statement) => allows(statement, call)) ?? false;

describe.each(STACKS)("stack %s", (stack) => {
  let roles: ReadonlyMap<string, RecordedRole>;
  beforeAll(async () => {
    roles = collectRoles(await recordStack(stack));
  });

  it("gives each role to one service and has no role whose calls nobody listed", () => {
    const services = new Set([...roles.values()].map(({ service }) => service));
    expect([...services].sort()).toEqual([
      "lambda.amazonaws.com",
      "scheduler.amazonaws.com",
      "states.amazonaws.com",
    ]);
    const known = Object.keys(PROD_CALLS).map((name) => name.replace(/^prod/, stack));
    expect(known).toEqual(expect.arrayContaining([...roles.keys()]));
  });

  it("allows neither all actions of a service nor all resources", () => {
    const statements = [...roles.values()].flatMap((role) => role.statements);
    expect(statements.length).toBeGreaterThan(20);
    for (const { Action, Resource } of statements) {
      for (const action of Action) expect(action).toMatch(/^[a-z0-9]+:[A-Za-z]+$/);
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
    for (const { service, managedPolicyArns } of roles.values()) {
      expect(managedPolicyArns).toEqual(service === "lambda.amazonaws.com" ? [vpcAccess] : []);
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

it.each([
  { tables: 10, generations: [{ mode: "custom" }] },
  { tables: 6, generations: [{ mode: "custom" }, { mode: "custom", revision: 2 }] },
])(
  "fits $tables tables of $generations.length generations into the roles they share",
  async ({ tables, generations }) => {
    const measure = async (count: number) => {
      const table = { source: { dynamodb: "places" }, generations };
      const names = Array.from({ length: count }, (_, place) => `orders-of-shop-${place}`);
      const change = (declared: object) => ({
        ...declared,
        tables: Object.fromEntries(names.map((name) => [name, table])),
      });
      const roles = collectRoles(await recordStack("prod", { change }));
      const shared = ["prod-lifecycle-role", "prod-audit-function-role"];
      return shared.map((name) => roles.get(name)?.inlineCharacters ?? 0);
    };
    const [one, two] = [await measure(1), await measure(2)];
    for (const [place, first = 0] of one.entries()) {
      const each = (two[place] ?? 0) - first;
      expect(each).toBeGreaterThan(0);
      expect(first + (tables - 1) * each).toBeLessThan(INLINE_LIMIT);
    }
  },
);
