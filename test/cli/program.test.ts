import { readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { exitCodes } from "../../cli/exit-codes.ts";
import { SyncError } from "../../core/errors.ts";
import { makeFakeStack, reportOf, statusOf } from "./fake-stack.ts";

const refused = new SyncError("CUTOVER_REFUSED", "3 dead letters are open", {
  subject: "orders-custom-2",
  fix: "look at them",
  retryable: false,
});

describe("trueup", () => {
  it.each([
    "nonsense",
    "wait",
    "wait orders --timeout soon",
    "status orders more",
    "synth",
    "cutover orders --nope",
  ])("answers wrong usage with 2: %s", async (line) => {
    const stack = makeFakeStack();
    expect(await stack.run(line)).toBe(exitCodes.usage);
    expect(stack.err.join("\n")).toContain("error: ");
    expect(stack.out).toEqual([]);
  });

  it("prints help as a result, with the exit codes", async () => {
    const stack = makeFakeStack();
    expect(await stack.run("--help")).toBe(exitCodes.done);
    expect(stack.out.join("\n")).toContain("3 drift remains or breaker open");
  });

  it("prints an error as its code, its subject and its fix, and nothing else", async () => {
    const stack = makeFakeStack();
    stack.world.move = () => {
      throw refused;
    };
    expect(await stack.run("cutover orders")).toBe(exitCodes.error);
    expect(stack.err).toEqual([
      "CUTOVER_REFUSED: 3 dead letters are open (orders-custom-2). Fix: look at them.",
    ]);
    expect(stack.out).toEqual([]);
  });

  it("takes --stack and --json anywhere", async () => {
    const stack = makeFakeStack();
    await stack.run("--stack prod status --json orders");
    await stack.run("status orders --json --stack=dev");
    await stack.run("status");
    expect(stack.stacks).toEqual(["prod", "dev", undefined]);
    expect(JSON.parse(stack.out[0] ?? "")).toMatchObject({ table: "orders" });
  });
});

describe("trueup status", () => {
  it("shows a line a generation to people and everything to machines", async () => {
    const stack = makeFakeStack();
    await stack.run("status");
    expect(stack.out[0]).toMatch(/orders +│ orders-custom-1 │ serving +│ +1,234,567 │ +2 s /);
    expect(stack.out[0]).toMatch(/orders-custom-2 │ ready/);
    await stack.run("status --json");
    expect(JSON.parse(stack.out[1] ?? "")).toEqual([statusOf(["serving", "ready"])]);
  });

  it("says what is pinned or retired, and that an unknown lag is unknown", async () => {
    const stack = makeFakeStack();
    const [generation] = statusOf(["serving"]).generations;
    const { lagSeconds: _unknown, ...rest } = generation ?? statusOf(["serving"]).generations[0] ?? raise();
    stack.world.statuses = [statusOf([], { generations: [rest], pinned: "orders-custom-1", retired: true })];
    await stack.run("status orders");
    expect(stack.out[0]).toContain("unknown");
    expect(stack.out[0]).toContain("pinned to orders-custom-1");
    expect(stack.out[0]).toContain("retired");
  });

  it("names the tables there are when asked for another", async () => {
    const stack = makeFakeStack();
    expect(await stack.run("status ordres")).toBe(exitCodes.error);
    expect(stack.err[0]).toBe(
      "TABLE_UNKNOWN: the stack has no such table (ordres in test). Fix: name one of: orders.",
    );
  });
});

describe("trueup wait", () => {
  it("ends when the newest generation serves", async () => {
    const stack = makeFakeStack();
    stack.world.statuses = [
      statusOf(["serving", "loading"]),
      statusOf(["serving", "auditing"]),
      statusOf(["ready", "serving"]),
    ];
    expect(await stack.run("wait orders --json")).toBe(exitCodes.done);
    expect(JSON.parse(stack.out[0] ?? "")).toMatchObject({ serving: "orders-custom-2" });
  });

  it("ends at ready where only a person moves the alias", async () => {
    const stack = makeFakeStack();
    stack.world.statuses = [statusOf(["serving", "ready"], { pinned: "orders-custom-1" })];
    expect(await stack.run("wait orders")).toBe(exitCodes.done);
  });

  it("gives up with 4 when the time is up", async () => {
    const stack = makeFakeStack();
    stack.world.statuses = [statusOf(["serving", "loading"])];
    expect(await stack.run("wait orders --timeout 90s")).toBe(exitCodes.timeout);
    expect(stack.world.now).toBeLessThanOrEqual(Date.parse("2026-11-23T10:01:31Z"));
    expect(stack.err[0]).toContain("The time is up");
  });

  it("fails at once when the build has failed", async () => {
    const stack = makeFakeStack();
    stack.world.statuses = [statusOf(["serving", "failed"])];
    expect(await stack.run("wait orders")).toBe(exitCodes.error);
    expect(stack.err[0]).toMatch(/^BUILD_FAILED: /);
  });
});

describe("trueup cutover, rollback and retire", () => {
  it("says what moved, or that nothing had to", async () => {
    const stack = makeFakeStack();
    expect(await stack.run("cutover orders")).toBe(exitCodes.done);
    stack.world.move = () => ({ moved: false, kind: "serves", serving: "orders-custom-2" });
    expect(await stack.run("cutover orders --generation orders-custom-2")).toBe(exitCodes.done);
    expect(stack.out).toEqual([
      "Searches of orders now use orders-custom-2, before orders-custom-1.",
      "orders-custom-2 serves orders already.",
    ]);
    expect(stack.asked[1]?.with).toMatchObject({ command: "cutover", generation: "orders-custom-2" });
  });

  it("prints the answer as it is for machines", async () => {
    const stack = makeFakeStack();
    await stack.run("rollback orders --json");
    expect(JSON.parse(stack.out[0] ?? "")).toEqual({
      moved: true,
      serving: "orders-custom-2",
      previous: "orders-custom-1",
    });
    expect(await stack.run("retire orders")).toBe(exitCodes.done);
    expect(stack.out[1]).toContain("retired");
  });
});

describe("trueup audit", () => {
  it("starts an audit of what serves, under a name that sorts by time", async () => {
    const stack = makeFakeStack();
    expect(await stack.run("audit orders --json")).toBe(exitCodes.done);
    expect(stack.asked[0]?.with).toMatchObject({
      name: "orders-20261123T100000-123Z",
      input: { generation: "orders-custom-1", kind: "auto", table: { table: "orders" } },
    });
    expect(JSON.parse(stack.out[0] ?? "")).toEqual({
      table: "orders",
      generation: "orders-custom-1",
      run: "20261123T100000-123Z",
    });
  });

  it("says at once that what serves is no longer in the program, instead of starting what must fail", async () => {
    const stack = makeFakeStack();
    stack.world.statuses = [statusOf(["loading", "loading"], { serving: "orders-custom-0" })];
    expect(await stack.run("audit orders")).toBe(exitCodes.error);
    expect(stack.asked).toEqual([]);
    expect(stack.err.join()).toMatch(/^GENERATION_UNKNOWN: .*orders-custom-0.*trueup wait orders/);
  });

  it("waits for the report and prints it: 0 when equal", async () => {
    const stack = makeFakeStack();
    expect(await stack.run("audit orders --wait --full --json --generation orders-custom-2")).toBe(
      exitCodes.done,
    );
    expect(JSON.parse(stack.out[0] ?? "")).toEqual(reportOf());
    expect(stack.asked[0]?.with).toMatchObject({ input: { generation: "orders-custom-2", kind: "full" } });
    await stack.run("audit orders --wait");
    expect(stack.out[1]).toContain("Index and database are equal.");
  });

  it.each([
    ["drift remains", reportOf({ remaining: 2 }), "2 still differ"],
    [
      "the breaker is open",
      reportOf({ breaker: { state: "open", reason: "too much" } }),
      "audit approve orders r",
    ],
  ])("ends with 3 when %s", async (_why, report, says) => {
    const stack = makeFakeStack();
    stack.world.report = report;
    expect(await stack.run("audit orders --wait")).toBe(exitCodes.drift);
    expect(stack.out[0]).toContain(says);
  });

  it("approves a run that held back, and knows when there is none", async () => {
    const stack = makeFakeStack();
    expect(await stack.run("audit approve orders run-7 --wait")).toBe(exitCodes.done);
    expect(stack.asked[0]?.with).toMatchObject({ input: { approved: "run-7" } });
    stack.world.report = undefined;
    expect(await stack.run("audit approve orders run-8")).toBe(exitCodes.error);
    expect(stack.err[0]).toMatch(/^AUDIT_NOT_FOUND: /);
  });

  it("gives up with 4, and fails with 1 when the audit itself failed", async () => {
    const stack = makeFakeStack();
    stack.world.auditStates = ["running"];
    expect(await stack.run("audit orders --wait --timeout 10s")).toBe(exitCodes.timeout);
    stack.world.auditStates = ["failed"];
    expect(await stack.run("audit orders --wait")).toBe(exitCodes.error);
  });
});

describe("trueup dead-letters", () => {
  const letter = (recordId: string, key = {}) => ({
    table: "orders",
    generation: "orders-custom-1",
    recordId,
    key,
    cause: "MAPPING_REJECTED",
    reason: "failed to parse field [price]",
    position: "s/1",
    at: "2026-11-23T09:00:00Z",
  });

  it("lists them by cause and field, with their number and what to do about each", async () => {
    const stack = makeFakeStack();
    const reason = "mapper_parsing_exception: failed to parse field [total] of type [long]";
    stack.world.letters = [
      { ...letter("a"), cause: "MAPPING_REJECTED", reason },
      { ...letter("b"), cause: "MAPPING_REJECTED", reason },
      { ...letter("c"), cause: "TRANSFORM_FAILED", reason: "TypeError: no" },
    ];
    expect(await stack.run("dead-letters list orders")).toBe(exitCodes.done);
    const text = stack.out.join("\n");
    expect(text).toMatch(/MAPPING_REJECTED │ total +│ 2 /);
    expect(text).toMatch(/3 letters\. What to do:\n1\. map total otherwise, .*\n2\. correct the transform/);
  });

  it("lists letters and gives every one back", async () => {
    const stack = makeFakeStack();
    stack.world.letters = [letter("a"), letter("b"), letter("c")];
    expect(await stack.run("dead-letters list orders --json")).toBe(exitCodes.done);
    expect(JSON.parse(stack.out[0] ?? "")).toHaveLength(3);
    expect(stack.asked[0]).toEqual({ what: "give back", with: 3 });
    expect(stack.asked.some(({ what }) => what === "remove")).toBe(false);
  });

  it("replays by asking for a re-read before a letter goes, and keeps one without a key", async () => {
    const stack = makeFakeStack();
    stack.world.letters = [letter("a"), letter("", { id: { S: "b" } }), letter("")];
    expect(await stack.run("dead-letters replay orders")).toBe(exitCodes.done);
    expect(stack.out[0]).toBe("2 letters are replayed. 1 have no readable key and stay.");
    expect(stack.asked[0]).toMatchObject({
      what: "reindex",
      with: [
        { reason: "dead-letter", recordId: "a", attempt: 1 },
        { reason: "dead-letter", recordId: "b", key: { id: { S: "b" } } },
      ],
    });
    expect(stack.asked[1]).toMatchObject({ what: "remove" });
  });
});

describe("trueup local and synth", () => {
  it("brings the local stack up, down, and shows it", async () => {
    const stack = makeFakeStack();
    expect(await stack.run("local up --config other.yaml")).toBe(exitCodes.done);
    expect(stack.asked[0]).toEqual({
      what: "up",
      with: { stack: "local", configFile: "/nowhere/other.yaml" },
    });
    expect(JSON.parse(stack.out[0] ?? "")).toEqual({ aws: "http://127.0.0.1:1" });
    expect(await stack.run("local status --json")).toBe(exitCodes.done);
    expect(await stack.run("local down")).toBe(exitCodes.done);
  });

  it("says where the page is, until it is ended", async () => {
    const stack = makeFakeStack();
    expect(await stack.run("local page --port 18091 --json")).toBe(exitCodes.done);
    expect(JSON.parse(stack.out[0] ?? "")).toEqual({ url: "http://127.0.0.1:18091/" });
    expect(await stack.run("local page --port many")).toBe(exitCodes.usage);
  });

  it("ends with 5 when it was applied but a generation that is to go still serves", async () => {
    const stack = makeFakeStack();
    const reason = "GENERATION_SERVING: … Fix: …";
    const local = { ...stack.local, up: async () => ({ kind: "serving" as const, reason, endpoints: {} }) };
    expect(await stack.run("local up", { local })).toBe(exitCodes.serving);
    expect(stack.err).toEqual([reason]);
  });

  it("writes the template to a file", async () => {
    const stack = makeFakeStack();
    const file = join(tmpdir(), `trueup-synth-${process.pid}.json`);
    expect(await stack.run(`synth --stack prod --out ${file}`)).toBe(exitCodes.done);
    expect(readFileSync(file, "utf8")).toBe("{}");
    rmSync(file);
  });
});

function raise(): never {
  throw new RangeError("a status without generations");
}
