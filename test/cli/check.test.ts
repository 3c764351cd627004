import { exitCodes } from "../../cli/exit-codes.ts";
import { SyncError } from "../../core/errors.ts";
import { managed, sourceOf, stackOf, tableOf } from "../core/check/facts.ts";
import { makeFakeCheck } from "./fake-check.ts";

const unknownStack = new SyncError("STACK_UNKNOWN", "no such stack", {
  subject: "--stack",
  fix: "deploy",
  retryable: false,
});
const notDeployed = async () => Promise.reject(unknownStack);

describe("trueup check", () => {
  it("ends with 0 where nothing failed, and names stack and file as they were given", async () => {
    const check = makeFakeCheck();
    expect(await check.run("check --stack prod --config my.yaml")).toBe(exitCodes.done);
    expect(check.checked).toEqual([{ stack: "prod", configFile: "/nowhere/my.yaml" }]);
    expect(check.out[0]).toMatch(/passed +│ table-exists +│ tables\.orders\.source\.dynamodb/);
    expect(check.out[0]).toContain("keep");
    expect(check.out[0]).toMatch(/About \$\d+\.\d\d a month/);
    expect(check.out[0]).toMatch(/0 failed, 0 unknown, 0 warned, 5 passed\.$/);
  });

  it("ends with 1 where anything failed, and prints the command on a line of its own", async () => {
    const sources = {
      read: async () => sourceOf({}, { recovery: { kind: "known", value: false } as const }),
    };
    const check = makeFakeCheck(stackOf(), { sources });
    expect(await check.run("check")).toBe(exitCodes.error);
    expect(check.out[0]).toMatch(
      /^failed: table-recovery \(.+\)\. Fix: aws dynamodb update-continuous-backups .+$/m,
    );
    expect(check.out[0]).toContain("1 failed");
  });

  it("prints everything for machines", async () => {
    const check = makeFakeCheck();
    expect(await check.run("check --json", notDeployed)).toBe(exitCodes.done);
    expect(JSON.parse(check.out[0] ?? "")).toMatchObject({
      stack: "prod",
      region: "eu-central-1",
      findings: [{ check: "table-exists", state: "passed" }, {}, {}, {}, {}],
      changes: [{ table: "orders", generation: "orders-custom-1", change: "build" }],
      dollarsAMonth: expect.any(Number),
      assumptions: expect.arrayContaining([expect.stringContaining("is taken for new")]),
    });
  });

  it("does not count a stack's own consumers as others, and asks the deployed stack what serves", async () => {
    const readers = {
      list: async () => ({ kind: "known", value: [{ id: "1", functionArn: "c" }] }) as const,
    };
    const check = makeFakeCheck(stackOf(), { readers });
    check.world.statuses = [
      { table: "orders", alias: "orders", retired: false, serving: "orders-custom-2", generations: [] },
    ];
    await check.run("check --json");
    const report = JSON.parse(check.out[0] ?? "");
    expect(report.changes).toMatchObject([
      { generation: "orders-custom-1", change: "keep" },
      {
        generation: "orders-custom-2",
        change: "remove",
        note: expect.stringContaining("GENERATION_SERVING"),
      },
    ]);
  });

  it("has a managed generation's body validated, and only that", async () => {
    const validated: string[] = [];
    const pipelines = {
      validate: async (body: string) => {
        validated.push(body);
        return { kind: "known", value: ["unknown processor"] } as const;
      },
    };
    const generations = [{ ...managed(), path: "tables.orders" }];
    const check = makeFakeCheck(stackOf({ tables: [tableOf({ generations })] }), { pipelines });
    expect(await check.run("check", notDeployed)).toBe(exitCodes.error);
    expect(validated).toEqual(["body"]);
    expect(check.out[0]).toContain("OpenSearch Ingestion refuses the body: unknown processor");
  });

  it("reads the target and the network that are declared", async () => {
    const network = {
      vpcId: "vpc-1",
      subnetIds: ["subnet-1"],
      securityGroupIds: ["sg-1"],
      endpoints: "create",
      interfaceServices: undefined,
      streamsUrl: undefined,
      readsSecrets: false,
    } as const;
    const asked: string[] = [];
    const domains = {
      read: async (name: string) => {
        asked.push(name);
        return { kind: "absent" } as const;
      },
    };
    const arn = "arn:aws:es:eu-central-1:123456789012:domain/products";
    const target = { kind: "domain", arn, endpoint: "e", securityAdminRoleArn: undefined } as const;
    const check = makeFakeCheck(stackOf({ target, network }), { domains });
    expect(await check.run("check")).toBe(exitCodes.error);
    expect(asked).toEqual(["products"]);
    expect(check.out[0]).toMatch(/passed +│ network-subnets/);
    const url = { kind: "url", url: "https://s", secretArn: "secret" } as const;
    const byUrl = makeFakeCheck(stackOf({ target: url }));
    expect(await byUrl.run("check")).toBe(exitCodes.done);
    expect(byUrl.out[0]).toMatch(/passed +│ secret-exists/);
    expect(byUrl.out[0]).toMatch(/unknown +│ target-reachable/);
  });

  it("is an error, not a clean check, where nothing can be read", async () => {
    const down = { kind: "unreadable", reason: "CredentialsProviderError: none" } as const;
    const sources = { read: async () => ({ table: down, recovery: down, openShards: down }) };
    const check = makeFakeCheck(stackOf(), { sources });
    expect(await check.run("check")).toBe(exitCodes.error);
    expect(check.err[0]).toBe(
      "PREREQUISITE_MISSING: nothing can be read of the AWS account: CredentialsProviderError: none (eu-central-1). Fix: set credentials of the account, and correct aws:region in the stack's file.",
    );
    expect(check.out).toEqual([]);
  });

  it("goes on without Pulumi, and says so", async () => {
    const missing = new SyncError("PREREQUISITE_MISSING", "the Pulumi command is not installed", {
      subject: "stack prod",
      fix: "install it",
      retryable: false,
    });
    const check = makeFakeCheck();
    expect(await check.run("check", async () => Promise.reject(missing))).toBe(exitCodes.done);
    expect(check.out[0]).toContain("the Pulumi command is not installed");
  });

  it("has nothing to say of a stack that needs nothing", async () => {
    const created = { kind: "created", key: [{ name: "id", type: "S" }] } as const;
    const check = makeFakeCheck(stackOf({ tables: [tableOf({ source: created })] }));
    expect(await check.run("check", notDeployed)).toBe(exitCodes.done);
    expect(check.out[0]).toContain("Nothing has to be there before this stack.");
  });

  it("answers wrong usage with 2", async () => {
    expect(await makeFakeCheck().run("check orders")).toBe(exitCodes.usage);
  });
});
