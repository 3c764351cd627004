import type { LocalCommands } from "../../cli/local-commands.ts";
import { runProgram } from "../../cli/program.ts";
import type { ReceivedLetter, StackClient } from "../../cli/stack-client.ts";
import type { Terminal } from "../../cli/terminal.ts";
import type { AuditReport } from "../../core/audit-report.ts";
import type { ExecutionState } from "../../core/ports/executions.ts";
import type { DeadLetter, ReindexRequest } from "../../core/reindex-request.ts";
import type { TableStatus } from "../../core/table-status.ts";
import { tableOf } from "../index-lifecycle/fake-deps.ts";

/** A status with the given phases, oldest generation first. */
export function statusOf(
  phases: readonly TableStatus["generations"][number]["phase"][],
  rest: Partial<TableStatus> = {},
): TableStatus {
  const serving = phases.lastIndexOf("serving");
  return {
    table: "orders",
    alias: "orders",
    retired: false,
    ...(serving === -1 ? {} : { serving: `orders-custom-${serving + 1}` }),
    generations: phases.map((phase, place) => ({
      generation: `orders-custom-${place + 1}`,
      phase,
      documents: 1_234_567,
      lagSeconds: 2,
      deadLetters: 0,
    })),
    ...rest,
  };
}

/** A report that found nothing, but for what is given. */
export function reportOf(rest: Partial<AuditReport> = {}): AuditReport {
  const none = { count: 0, ids: [] };
  return {
    table: "orders",
    generation: "orders-custom-2",
    index: "orders-custom-2",
    run: "r",
    kind: "full",
    startedAt: "2026-11-23T10:00:00Z",
    finishedAt: "2026-11-23T10:01:00Z",
    exportTime: "2026-11-23T10:00:00Z",
    compared: { records: 10, manifestEntries: 10, indexDocuments: 10 },
    drift: { missing: none, stale: none, orphaned: none, altered: none },
    examples: [],
    ambiguous: 0,
    notJudged: 0,
    repaired: 0,
    unrepairable: none,
    remaining: 0,
    breaker: { state: "closed" },
    seconds: 60,
    cost: { exportGigabytes: 0, dollars: 0, note: "" },
    trend: [],
    ...rest,
  };
}

/** A stack and a terminal in memory: what is asked is kept, what is answered is set by the test. */
export function makeFakeStack() {
  const world = {
    statuses: [statusOf(["serving", "ready"])],
    move: (): unknown => ({ moved: true, serving: "orders-custom-2", previous: "orders-custom-1" }),
    auditStates: ["running", "running", "succeeded"] as ExecutionState[],
    report: reportOf() as AuditReport | undefined,
    letters: [] as DeadLetter[],
    now: Date.parse("2026-11-23T10:00:00.123Z"),
  };
  const asked: { readonly what: string; readonly with: unknown }[] = [];
  const note = (what: string, given: unknown) => asked.push({ what, with: given });
  const queue: ReceivedLetter[] = [];
  let hidden: ReceivedLetter[] = [];
  const fill = () => {
    if (queue.length + hidden.length > 0) return;
    queue.push(...world.letters.map((letter, place) => ({ letter, receiptHandle: String(place) })));
    world.letters = [];
  };
  const nextStatus = () => (world.statuses.length > 1 ? world.statuses.shift() : world.statuses[0]);
  const client: StackClient = {
    descriptor: {
      environment: "test",
      region: "us-east-1",
      accountId: "1",
      stateBucket: "state",
      target: { endpoint: "http://search", authentication: { kind: "none" } },
      lifecycleFunction: "lifecycle",
      auditFunction: "audit",
      auditStateMachine: "audit-machine",
      topicArn: "topic",
      tables: { orders: tableOf([1, 2]) },
    },
    status: async () => nextStatus() ?? statusOf([]),
    move: async (command) => {
      note(command.command, command);
      return world.move() as Awaited<ReturnType<StackClient["move"]>>;
    },
    retire: async (table) => {
      note("retire", table.table);
      return statusOf(["ready"], { retired: true });
    },
    startAudit: async (name, input) => {
      note("audit", { name, input });
    },
    auditState: async () =>
      (world.auditStates.length > 1 ? world.auditStates.shift() : world.auditStates[0]) ?? "absent",
    auditReport: async () => world.report,
    receiveLetters: async (url) => {
      if (url !== "d") return [];
      fill();
      const taken = queue.splice(0, 2);
      hidden.push(...taken);
      return taken;
    },
    giveBack: async (_url, letters) => {
      note("give back", letters.length);
      hidden = hidden.filter((letter) => !letters.includes(letter));
    },
    removeLetters: async (_url, letters) => {
      note(
        "remove",
        letters.map(({ letter }) => letter.recordId),
      );
    },
    requestReindex: async (_url, requests: readonly ReindexRequest[]) => {
      note("reindex", requests);
    },
  };
  const out: string[] = [];
  const err: string[] = [];
  const terminal: Terminal = {
    cwd: "/nowhere",
    env: {},
    now: () => world.now,
    pause: async (millis) => {
      world.now += millis;
    },
    print: (text) => out.push(text),
    note: (text) => err.push(text),
    progressStream: undefined,
  };
  const local: LocalCommands = {
    up: async (args) => {
      note("up", args);
      return { kind: "applied", endpoints: { aws: "http://127.0.0.1:1" } };
    },
    down: async () => {
      note("down", undefined);
    },
    status: async () => [{ name: "opensearch", running: true, detail: "http://127.0.0.1:2" }],
    page: async (port = 18_090) => ({ url: `http://127.0.0.1:${port}/`, ended: Promise.resolve() }),
    synth: async () => "{}",
  };
  const stacks: (string | undefined)[] = [];
  const run = (line: string, changes: { readonly local?: LocalCommands } = {}) =>
    runProgram(line.split(" "), {
      terminal,
      local,
      openStack: async (stack) => {
        stacks.push(stack);
        return client;
      },
      ...changes,
    });
  return { world, asked, out, err, local, stacks, run, client };
}
