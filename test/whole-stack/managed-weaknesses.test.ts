/** What OpenSearch Ingestion is known to get wrong, done by its stand-in to a table on the local stack: audits find it. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DeleteItemCommand, type DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";
import * as z from "zod";
import { environmentSchema } from "../../adapters/environment-schema.ts";
import { waitUntil } from "../../local/engines/wait-until.ts";
import { localFiles } from "../../local/machine/local-folder.ts";
import { patience } from "../integration/ingestion-world.ts";
import { runCli } from "../support/run-cli.ts";
import {
  ask,
  audit,
  bringUp,
  callEngine,
  type Endpoints,
  expectEqual,
  makeDynamodb,
  readEndpoints,
  requireNoStack,
  waitForNewest,
  writeStackFile,
} from "./local-stack.ts";
import { ALIAS, countRecords, duringTraffic, SOURCE } from "./strange-records.ts";

jest.setTimeout(360_000);

const INDEX = `${ALIAS}-managed-1`;
/** An audit judges nothing that was written within five seconds before its export, whose time is a whole second. */
const JUDGED_AFTER_MILLIS = 6_000;
const NOTHING = {
  missing: { count: 0 },
  stale: { count: 0 },
  orphaned: { count: 0 },
  altered: { count: 0 },
};
const describedSchema = z.object({
  export: z.object({ state: z.string() }),
  shards: z.array(z.object({ status: z.string(), openPages: z.number() })),
  sinks: z.object({ superseded: z.number() }),
});

describe("a managed generation whose pipeline has a known weakness", () => {
  const folder = mkdtempSync(join(tmpdir(), "managed-weaknesses-"));
  let isOurs = false;
  let endpoints: Endpoints;
  let dynamodb: DynamoDBClient;

  beforeAll(async () => {
    requireNoStack();
    isOurs = true;
    const pipeline = { flushMillis: 200, collectSeconds: 1 };
    const settings = { number_of_replicas: 0 };
    expect(await bringUp(writeStackFile(folder, { mode: "managed", settings, pipeline }))).toMatchObject({
      status: 0,
    });
    endpoints = readEndpoints();
    dynamodb = makeDynamodb(endpoints);
    for (let id = 0; id < 20; id += 1) await put(`kept-${id}`, 0);
    await duringTraffic(dynamodb, waitForNewest);
  });
  afterAll(async () => {
    if (isOurs) await runCli("local", "down");
    dynamodb?.destroy();
    rmSync(folder, { recursive: true, force: true });
  });

  const keyOf = (id: string) => ({ id: { S: id }, rank: { N: "1" } });
  const put = (id: string, n: number) =>
    dynamodb.send(new PutItemCommand({ TableName: SOURCE, Item: { ...keyOf(id), n: { N: String(n) } } }));
  const remove = (id: string) => dynamodb.send(new DeleteItemCommand({ TableName: SOURCE, Key: keyOf(id) }));
  const statusOf = async (id: string) =>
    (await callEngine(endpoints, "GET", `${INDEX}/_doc/${encodeURIComponent(`${id}|1`)}`)).status;

  function pipelineUrl(): string {
    const { tables } = environmentSchema.parse(JSON.parse(readFileSync(localFiles.environment, "utf8")));
    const [generation] = tables[ALIAS]?.generations ?? [];
    if (generation?.mode !== "managed") throw new Error("the table is not managed");
    return `${endpoints.aws}/_trueup/pipelines/${generation.pipeline.name}`;
  }
  const describePipeline = async () => describedSchema.parse(await (await fetch(pipelineUrl())).json());
  async function weaken(weakness: object): Promise<void> {
    const answer = await fetch(`${pipelineUrl()}/weakness`, {
      method: "POST",
      body: JSON.stringify(weakness),
    });
    expect(answer.status).toBe(200);
  }

  /** Ends when the pipeline has sent a change that is younger than all before. */
  async function untilPassed(mark: string): Promise<void> {
    await put(mark, 1);
    await waitUntil("the pipeline comes by", async () => (await statusOf(mark)) === 200, patience);
  }

  /** Audits, and insists on what it finds and that it puts that right. */
  async function expectFound(drift: object, count: number): Promise<void> {
    expect(await duringTraffic(dynamodb, audit)).toMatchObject({
      generation: INDEX,
      drift: { ...NOTHING, ...drift },
      repaired: count,
      remaining: 0,
    });
    await expectEqual(endpoints, await countRecords(dynamodb));
    expect(await ask("status", ALIAS)).toMatchObject({ serving: INDEX });
  }

  it("is found stale where the second of two changes of one second lost its version", async () => {
    const { superseded } = (await describePipeline()).sinks;
    await weaken({ kind: "same-second" });
    await waitUntil("a second begins", () => Date.now() % 1000 < 200, patience);
    await put("first-of-the-second", 1);
    await put("twice", 1);
    await put("twice", 2);
    const changedAt = Date.now();
    const hasLost = async () => (await describePipeline()).sinks.superseded > superseded;
    await waitUntil("the second change loses", hasLost, patience);
    const isOld = () => Date.now() > changedAt + JUDGED_AFTER_MILLIS;
    await waitUntil("an audit judges the change", isOld, patience);
    await expectFound({ stale: { count: 1, ids: ["twice|1"] } }, 1);
  });

  it("is found missing, stale and orphaned where the pipeline dropped what it could not convert", async () => {
    await weaken({ kind: "drop-records", count: 3 });
    await put("dropped", 1);
    await put("kept-1", 1);
    await remove("kept-2");
    await untilPassed("behind-the-dropped");
    await expectFound(
      {
        missing: { count: 1, ids: ["dropped|1"] },
        stale: { count: 1, ids: ["kept-1|1"] },
        orphaned: { count: 1, ids: ["kept-2|1"] },
      },
      3,
    );
  });

  it("is found orphaned where an export anew did not tell of a delete", async () => {
    await weaken({ kind: "pause" });
    await remove("kept-3");
    await weaken({ kind: "restart", forgets: true });
    const isLoaded = async () => (await describePipeline()).export.state === "loaded";
    await waitUntil("the new export is loaded", isLoaded, patience);
    await untilPassed("behind-the-export");
    await expectFound({ orphaned: { count: 1, ids: ["kept-3|1"] } }, 1);
  });

  it("is not found to differ where a restarted pipeline sent everything again", async () => {
    await put("kept-4", 4);
    await weaken({ kind: "restart" });
    const isLoaded = async () => (await describePipeline()).export.state === "loaded";
    await waitUntil("the new export is loaded", isLoaded, patience);
    await untilPassed("behind-the-restart");
    await expectFound({}, 0);
  });
});
