import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { exitCodes } from "../../cli/exit-codes.ts";
import { waitUntil } from "../../local/engines/wait-until.ts";
import { localFiles, localFolder } from "../../local/machine/local-folder.ts";
import { openPage } from "../../local/page.ts";
import { projectRoot } from "../../local/setup/folders.ts";
import { runCli } from "../support/run-cli.ts";
import { findGroups, readEngines, readListeners } from "./engine-processes.ts";
import {
  ask,
  audit,
  bringUp,
  callEngine,
  type Endpoints,
  expectDigits,
  expectEqual,
  makeDynamodb,
  portsOf,
  readEndpoints,
  requireNoStack,
  waitForNewest,
  writeStackFile,
} from "./local-stack.ts";
import {
  ALIAS,
  countRecords,
  deleteRecords,
  duringTraffic,
  putRecords,
  SOURCE,
  strangeRecords,
} from "./strange-records.ts";

jest.setTimeout(360_000);

/** The strange records and the one of {@link duringTraffic}. */
const COUNT = strangeRecords.length + 1;
const settings = { number_of_replicas: 0 };
const first = { mode: "custom", settings };
/** A transform that leaves these records as they are, so that their numbers must come through it. */
const second = { mode: "custom", revision: 2, transform: "transforms/example.ts", settings };

describe("the local stack", () => {
  const folder = mkdtempSync(join(tmpdir(), "local-stack-"));
  let isOurs = false;
  let endpoints: Endpoints;
  let dynamodb: DynamoDBClient;

  beforeAll(() => {
    requireNoStack();
    isOurs = true;
  });
  afterAll(async () => {
    if (isOurs) await runCli("local", "down");
    dynamodb?.destroy();
    rmSync(folder, { recursive: true, force: true });
  });

  it("starts nothing for a configuration that is wrong", async () => {
    const { status, notes } = await bringUp(writeStackFile(folder, { ...first, batchSize: 0 }));
    expect(status).toBe(exitCodes.error);
    expect(notes).toMatch(/^CONFIGURATION_INVALID/);
    expect(existsSync(localFolder)).toBe(false);
  });

  it("comes up on this machine alone, and says where it is", async () => {
    const { status, output, notes } = await bringUp(writeStackFile(folder, first));
    expect({ status, notes }).toMatchObject({ status: 0, notes: expect.stringContaining("The stack runs.") });
    endpoints = readEndpoints();
    expect(JSON.parse(output)).toEqual(endpoints);
    expect(endpoints).toMatchObject({
      region: "us-east-1",
      accountId: "123456789012",
      tables: { [ALIAS]: { source: SOURCE, alias: ALIAS, index: "strange-custom-1" } },
    });
    const listeners = readListeners(findGroups(readEngines()));
    expect(listeners.map(({ port }) => port)).toEqual(expect.arrayContaining(portsOf(endpoints)));
    expect(listeners.filter(({ loopback }) => !loopback)).toEqual([]);
    dynamodb = makeDynamodb(endpoints);
  });

  it("indexes strange records digit by digit, written before and after its build is done", async () => {
    const [changed, removed, returning, ...others] = strangeRecords;
    if (changed === undefined || removed === undefined || returning === undefined)
      throw new Error("too few records");
    const before = [{ ...changed, rest: { old: { BOOL: true } } }, removed, returning];
    await putRecords(dynamodb, before);
    await deleteRecords(dynamodb, [returning]);
    await duringTraffic(dynamodb, waitForNewest);
    await putRecords(dynamodb, [changed, returning, ...others]);
    await deleteRecords(dynamodb, [removed]);
    await expectEqual(endpoints, COUNT - 1);
    await putRecords(dynamodb, [removed]);
    await expectEqual(endpoints, COUNT);
    expect(await countRecords(dynamodb)).toBe(COUNT);
    await expectDigits(endpoints, strangeRecords);
  });

  it("finds a document removed and one added by hand, and puts both right", async () => {
    const [removed = ""] = strangeRecords.slice(-1).map(({ documentId }) => documentId);
    await callEngine(endpoints, "DELETE", `strange-custom-1/_doc/${encodeURIComponent(removed)}?refresh`);
    await callEngine(endpoints, "PUT", "strange-custom-1/_doc/nobody?refresh", '{"id":"nobody"}');
    expect(await duringTraffic(dynamodb, audit)).toMatchObject({
      drift: {
        missing: { count: 1, ids: [removed] },
        stale: { count: 0 },
        orphaned: { count: 1, ids: ["nobody"] },
        altered: { count: 0 },
      },
      repaired: 2,
      remaining: 0,
    });
    await expectEqual(endpoints, COUNT);
  });

  it("says what it serves", async () => {
    expect(await ask("status", ALIAS)).toEqual({
      table: ALIAS,
      alias: ALIAS,
      serving: "strange-custom-1",
      retired: false,
      generations: [
        {
          generation: "strange-custom-1",
          phase: "serving",
          documents: COUNT,
          lagSeconds: expect.any(Number),
          deadLetters: 0,
          lastCleanAudit: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
        },
      ],
    });
  });

  it("is searched and watched by its page", async () => {
    const page = await openPage({ cwd: projectRoot, env: {} }, 0);
    try {
      const found = await fetch(`${page.url}search/${ALIAS}?q=`);
      expect(await found.json()).toMatchObject({ hits: { total: { value: COUNT } } });
      const tables = await fetch(`${page.url}tables`);
      const events = tables.body?.pipeThrough(new TextDecoderStream()).getReader();
      let told = "";
      while (events !== undefined && !told.includes("data: ")) told += (await events.read()).value ?? "";
      expect(JSON.parse(told.slice(told.indexOf("data: ") + 6))).toMatchObject({
        tables: [
          {
            alias: ALIAS,
            serving: "strange-custom-1",
            generations: [{ generation: "strange-custom-1", phase: "serving", documents: COUNT }],
            audit: { remaining: 0 },
          },
        ],
      });
      const [, run = ""] = /"run":"([^"]+)"/.exec(told) ?? [];
      expect(await (await fetch(`${page.url}reports/${ALIAS}/${run}`)).text()).toContain("<!doctype html>");
    } finally {
      await page.stop();
    }
  });

  it("refuses a wrong configuration fault by fault, and changes nothing", async () => {
    const known = [localFiles.resources, localFiles.environment, localFiles.endpoints];
    const read = () => known.map((file) => readFileSync(file, "utf8"));
    const before = read();
    const wrong = { ...first, mode: "auto", audit: { pollSeconds: 0 }, nonsense: true };
    const { status, output, notes } = await bringUp(writeStackFile(folder, wrong));
    expect({ status, output }).toEqual({ status: exitCodes.error, output: "" });
    expect(notes).toContain("CONFIGURATION_INVALID");
    for (const path of ["mode", "audit.pollSeconds", "nonsense"])
      expect(notes).toContain(`tables.strange.${path}`);
    expect(read()).toEqual(before);
    await expectEqual(endpoints, COUNT);
  });

  it("builds a generation beside the one that serves, which stays until it does, and is found equal", async () => {
    // By hand, or on a busy machine the alias has moved before anything is removed too early.
    const cutover = "manual";
    const both = writeStackFile(folder, { generations: [first, second], cutover });
    expect(await bringUp(both)).toMatchObject({ status: 0 });
    const isMoved = async () =>
      (await runCli("cutover", ALIAS, "--stack", "local")).status === exitCodes.done;
    const removeTooEarly = async () => {
      const early = await bringUp(writeStackFile(folder, { generations: [second], cutover }));
      expect(early.status).toBe(exitCodes.serving);
      expect(early.notes).toContain("GENERATION_SERVING");
      await waitUntil("the new one may serve", isMoved, { withinMillis: 300_000, fix: "see its status" });
      return waitForNewest();
    };
    const work = () => Promise.all([audit(), removeTooEarly()]);
    const [found, served] = await duringTraffic(dynamodb, work);
    const none = { count: 0, ids: [] };
    const drift = { missing: none, stale: none, orphaned: none, altered: none };
    expect(found).toMatchObject({ generation: "strange-custom-1", drift, repaired: 0 });
    expect(served).toMatchObject({ serving: "strange-custom-2" });
  });

  it("lets a generation go that no longer serves", async () => {
    const { status } = await bringUp(writeStackFile(folder, { generations: [second] }));
    expect(status).toBe(exitCodes.done);
    expect(readEndpoints().tables[ALIAS]?.index).toBe("strange-custom-2");
    expect((await callEngine(endpoints, "GET", "strange-custom-1")).status).toBe(404);
    await expectEqual(endpoints, COUNT);
    await expectDigits(endpoints, strangeRecords);
  });

  it("goes down with everything that it started, and may be taken down again", async () => {
    const engines = readEngines();
    expect(findGroups(engines).length).toBeGreaterThan(engines.length); // the functions' processes are there too
    expect(await runCli("local", "down")).toMatchObject({ status: 0, notes: "" });
    expect(existsSync(localFolder)).toBe(false);
    for (const url of [endpoints.aws, endpoints.search]) await expect(fetch(url)).rejects.toThrow();
    const gone = () => findGroups(engines).length === 0;
    await waitUntil("everything has ended", gone, { withinMillis: 10_000, fix: "see what `ps` shows" });
    expect(await runCli("local", "down")).toMatchObject({ status: 0, notes: "" });
    expect(await ask("local", "status")).toEqual([]);
  });
});
