import { hasFailed } from "../../../core/check/check-report.ts";
import { checkStack, type StackReading } from "../../../core/check/check-stack.ts";
import { environmentCosts, tableCosts } from "../../../core/check/estimate-cost.ts";
import { buildMinutes, describeRates, loadMinutes } from "../../../core/check/estimate-duration.ts";
import type { Fact } from "../../../core/check/fact.ts";
import { type DeployedTable, planChanges } from "../../../core/check/plan-changes.ts";
import { runsAMonth } from "../../../core/check/runs-a-month.ts";
import { findUnreadReason } from "../../../core/check/unread-account.ts";
import { describePrice, prices } from "../../../core/prices.ts";
import { custom, domainOf, managed, sourceOf, stackOf, tableOf } from "./facts.ts";

const GIGABYTE = 1024 ** 3;
const size = { bytes: 100 * GIGABYTE, records: 60_000_000 };

describe("how often a schedule runs in a month", () => {
  it.each([
    ["rate(12 hours)", 60.83],
    ["rate(1 hour)", 730],
    ["rate(1 day)", 30.42],
    ["rate(30 minutes)", 1460],
    ["cron(0 3,15 * * ? *)", 60.83],
    ["cron(0 3 ? * MON-FRI *)", 21.73],
    ["cron(0/15 * * * ? *)", 2920],
    ["cron(*/30 8-9 1 * ? *)", 4],
    ["cron(0 3 ? * 2,6 *)", 8.69],
  ])("%s: %d", (schedule, runs) => {
    expect(runsAMonth(schedule)).toBeCloseTo(runs, 1);
  });

  it.each([
    "at(2026-01-01T00:00:00)",
    "cron(0 3 L * ? *)",
    "cron(0 3 * 1 ? *)",
    "cron(0 3)",
    "cron(a 3 * * ? *)",
    "cron(0 3,x * * ? *)",
  ])("is not known of %s", (schedule) => {
    expect(runsAMonth(schedule)).toBeUndefined();
  });
});

describe("how long a build takes", () => {
  it("is by the size in managed mode, by the records in custom mode", () => {
    expect(loadMinutes(managed(1, 4), tableOf(), size)).toBeCloseTo(5 + 17.07 + 426.67, 1);
    expect(loadMinutes(custom(), tableOf(), size)).toBeCloseTo(5 + 17.07 + 50, 1);
    expect(loadMinutes(custom(), tableOf({ maximumLoaders: 1 }), size)).toBeCloseTo(5 + 17.07 + 200, 1);
  });

  it("has an audit at its end, and says what it is reckoned with", () => {
    const audit = buildMinutes(custom(), tableOf(), size) - loadMinutes(custom(), tableOf(), size);
    expect(audit).toBeCloseTo(5 + 17.07 + 10, 1);
    expect(describeRates().join(" ")).toMatch(/assumed/);
  });
});

describe("what a deployment changes", () => {
  const deployed: DeployedTable = {
    table: "orders",
    generations: ["orders-custom-1"],
    serving: "orders-custom-1",
  };
  const plan = (generations: Parameters<typeof tableOf>[0], known: readonly DeployedTable[] = [deployed]) =>
    planChanges(stackOf({ tables: [tableOf(generations)] }), known, new Map([["orders", size]])).map(
      ({ generation, change, note }) => `${change} ${generation}: ${note}`,
    );

  it("builds everything where nothing is deployed", () => {
    expect(plan({}, [])).toEqual(["build orders-custom-1: built; searches begin when it is clean"]);
  });

  it("builds a new one beside the one that serves", () => {
    expect(plan({ generations: [custom(1), custom(2)] })).toEqual([
      "keep orders-custom-1: serves, and goes on",
      "build orders-custom-2: built beside orders-custom-1, which serves until it is clean",
    ]);
  });

  it("foretells that the removal of the serving one is refused", () => {
    expect(plan({ generations: [custom(2)] })[1]).toMatch(
      /^remove orders-custom-1: serves: refused with GENERATION_SERVING until/,
    );
    const gone = { ...deployed, table: "gone", generations: ["gone-custom-1"], serving: "gone-custom-1" };
    expect(plan({}, [deployed, gone])[1]).toMatch(/^remove gone-custom-1: .*`trueup retire gone` first$/);
  });

  it("removes one that does not serve, and keeps one that does not yet", () => {
    const two = {
      ...deployed,
      generations: ["orders-custom-1", "orders-custom-2"],
      serving: "orders-custom-2",
    };
    expect(plan({ generations: [custom(2)] }, [two])[1]).toBe("remove orders-custom-1: its index goes");
    expect(plan({}, [{ ...deployed, serving: undefined }])).toEqual(["keep orders-custom-1: goes on"]);
  });

  it("foretells that a third one is refused, though one is to go", () => {
    const two = { ...deployed, generations: ["orders-custom-1", "orders-custom-2"] };
    expect(plan({ generations: [custom(2), custom(3)] }, [two])[1]).toMatch(
      /^build orders-custom-3: refused with GENERATION_LIMIT/,
    );
  });

  it("gives no time where the size is not known", () => {
    expect(planChanges(stackOf(), [], new Map())[0]).not.toHaveProperty("minutes");
    expect(planChanges(stackOf(), [], new Map([["orders", size]]))[0]?.minutes).toBeCloseTo(104, 0);
  });
});

describe("what a table costs", () => {
  const costs = (rest: Parameters<typeof tableOf>[0] = {}) => tableCosts(tableOf(rest), size, 4);
  const find = (item: RegExp, lines = costs()) => lines.find((line) => item.test(line.item));

  it("is its recovery, its builds and its audits", () => {
    expect(find(/recovery/)).toMatchObject({ per: "month", dollars: 20 });
    expect(find(/export/)).toMatchObject({ per: "build", dollars: 10 });
    expect(find(/^full audit/)?.dollars).toBeCloseTo(10.02, 1);
    expect(find(/^audits/)).toMatchObject({
      per: "month",
      basis: expect.stringContaining("1.0 full and 59.8 incremental"),
    });
    expect(find(/^audits/)?.dollars).toBeCloseTo(10.5, 0);
    expect(find(/consumer/)).toMatchObject({ per: "million changes" });
  });

  it("has full audits only, where they are a day apart or more", () => {
    const daily = costs({ audit: { schedule: "rate(1 day)", fullEveryDays: 30 } });
    expect(find(/^audits/, daily)?.dollars).toBeCloseTo(30.4 * 10, -1);
  });

  it("has no sum of audits by a schedule that is not known", () => {
    expect(
      find(/^audits/, costs({ audit: { schedule: "cron(0 3 L * ? *)", fullEveryDays: 30 } })),
    ).toBeUndefined();
  });

  it("has the pipeline's units, stream reads and manifest in managed mode", () => {
    const lines = costs({ generations: [managed(2, 4)] });
    expect(find(/pipeline/, lines)?.dollars).toBeCloseTo(350.4);
    expect(find(/stream reads/, lines)?.dollars).toBeCloseTo(7.0, 1);
    expect(find(/manifest/, lines)?.dollars).toBeCloseTo(0.44, 1);
  });

  it("is told with its price, and whether that was verified", () => {
    expect(find(/pipeline/, costs({ generations: [managed()] }))?.basis).toBe(
      "730 h at $0.24 a unit and hour (not verified)",
    );
    expect(describePrice(prices.workflowSteps)).toBe("$0.025 a 1,000 transitions");
  });
});

describe("what an environment costs", () => {
  const network = {
    vpcId: "vpc-1",
    subnetIds: ["a", "b"],
    securityGroupIds: ["sg"],
    endpoints: "create",
    interfaceServices: undefined,
    streamsUrl: undefined,
    readsSecrets: false,
  } as const;

  it("is its interface endpoints by the zone, where they are made", () => {
    expect(environmentCosts(stackOf({ network }))).toMatchObject([{ of: "(environment)", dollars: 73 }]);
    expect(environmentCosts(stackOf({ network: { ...network, endpoints: "nat" } }))).toEqual([]);
    expect(environmentCosts(stackOf())).toEqual([]);
  });
});

function readingOf(rest: Partial<StackReading> = {}): StackReading {
  const bodies = new Map<string, Fact<readonly string[]>>();
  return {
    target: {},
    network: undefined,
    tables: new Map([["orders", { source: sourceOf(), readers: { kind: "absent" }, bodies }]]),
    deployed: { kind: "absent" },
    ours: new Set(),
    ...rest,
  };
}

describe("a whole check", () => {
  it("has findings, changes, costs and what they rest on", () => {
    const report = checkStack(stackOf(), readingOf());
    expect(report.findings.map(({ check }) => check)).toContain("table-stream-readers");
    expect(hasFailed(report)).toBe(false);
    expect(report.changes).toMatchObject([{ change: "build" }]);
    expect(report.dollarsAMonth).toBeGreaterThan(2);
    expect(report.assumptions[0]).toMatch(/every generation is taken for new/);
  });

  it("says why the deployed stack is not known, and nothing where it is", () => {
    const unread = checkStack(
      stackOf(),
      readingOf({ deployed: { kind: "unreadable", reason: "no pulumi" } }),
    );
    expect(unread.assumptions[0]).toMatch(/no pulumi/);
    const known = checkStack(stackOf(), readingOf({ deployed: { kind: "known", value: [] } }));
    expect(known.assumptions[0]).toMatch(/^an export takes/);
  });

  it("judges networks and bodies, and fails by one of them", () => {
    const absent = { kind: "absent" } as const;
    const bodies = new Map<string, Fact<readonly string[]>>([
      ["orders-managed-1", { kind: "known", value: ["no"] }],
    ]);
    const tables = new Map([["orders", { source: sourceOf(), readers: absent, bodies }]]);
    const network = { subnets: absent, securityGroups: absent, endpoints: absent };
    const report = checkStack(
      stackOf({ tables: [tableOf({ generations: [managed()] })] }),
      readingOf({ tables, network }),
    );
    expect(report.findings.filter(({ state }) => state === "failed").map(({ check }) => check)).toEqual([
      "pipeline-body",
    ]);
    expect(hasFailed(report)).toBe(true);
  });

  it("reckons with one shard where their number is not known", () => {
    const absent = { kind: "absent" } as const;
    const source = sourceOf({}, { openShards: absent });
    const tables = new Map([["orders", { source, readers: absent, bodies: new Map() }]]);
    const stack = stackOf({ tables: [tableOf({ generations: [managed()] })] });
    const reads = checkStack(stack, readingOf({ tables })).costs.find(({ item }) =>
      item.endsWith("stream reads"),
    );
    expect(reads?.dollars).toBeCloseTo(1.75, 1);
  });

  it("takes a table to be made for empty, and costs nothing of one that was not read", () => {
    const created = stackOf({ tables: [tableOf({ source: { kind: "created", key: [] } })] });
    expect(checkStack(created, readingOf()).changes[0]?.minutes).toBeCloseTo(10);
    expect(checkStack(stackOf(), readingOf({ tables: new Map() }))).toMatchObject({
      costs: [],
      findings: [],
    });
  });
});

describe("an account of which nothing can be read", () => {
  const down = { kind: "unreadable", reason: "no credentials" } as const;
  const bodies = new Map<string, Fact<readonly string[]>>();
  const tables = new Map([["orders", { source: sourceOf({}, { table: down }), readers: down, bodies }]]);

  const existing = { tables: [tableOf()] };

  it("is known by its reason", () => {
    expect(findUnreadReason(readingOf({ tables }), existing)).toBe("no credentials");
  });

  it("is not covered by a table that is to be made, which nobody asked about", () => {
    const absent = { kind: "absent" } as const;
    const made = { source: sourceOf({}, { table: absent }), readers: down, bodies };
    const reading = readingOf({ tables: new Map([...tables, ["places", made]]) });
    const source = { kind: "created", key: [] } as const;
    const declared = { tables: [...existing.tables, { ...tableOf(), table: "places", source }] };
    expect(findUnreadReason(reading, declared)).toBe("no credentials");
  });

  it("is another than one that denies, of which something is read, or of which nothing is asked", () => {
    const denied = { ...down, permission: "es:DescribeDomain" };
    expect(findUnreadReason(readingOf({ tables, target: { domain: denied } }), existing)).toBeUndefined();
    expect(
      findUnreadReason(
        readingOf({ tables, target: { domain: { kind: "known", value: domainOf() } } }),
        existing,
      ),
    ).toBeUndefined();
    expect(findUnreadReason(readingOf({ tables: new Map() }), { tables: [] })).toBeUndefined();
  });
});
