import { PutItemCommand } from "@aws-sdk/client-dynamodb";
import { driftKinds } from "../../../core/audit-report.ts";
import { waitUntil } from "../../engines/wait-until.ts";
import { PLACES } from "../configuration.ts";
import { type DriftResult, isExact, judgeAudit } from "../demo-report.ts";
import { auditTable, describeCustom } from "../demo-stack.ts";
import type { DemoWorld } from "../demo-world.ts";
import {
  type DriftPlan,
  editIndex,
  expectedDrift,
  planDrift,
  writeSwallowedChanges,
} from "../inject-drift.ts";
import type { LiveCounts } from "../live-writes.ts";
import { inventPlace } from "../place-records.ts";
import { proveEqual } from "../prove-equal.ts";
import type { Comparison } from "../run-command.ts";
import { chapter, count, drawShare, say, showTable, verdict } from "../screen.ts";
import { postJson } from "../search-calls.ts";
import { SOURCE_TABLE } from "../source-table.ts";
import { deploySwallowingConsumer, withoutItems } from "../swallow-changes.ts";
import { toSdkItem } from "../to-sdk-item.ts";

const WRITES_PER_SECOND = 50;
const ALL_PLACES = 135_233;
const CANARY = "canary";
const PATIENCE_MILLIS = 120_000;

/** Breaks documents in every way there is, lets the audit find and repair them while writes go on. */
export async function driftAndRepair(world: DemoWorld): Promise<{
  readonly drift: DriftResult;
  readonly page: Uint8Array;
  readonly traffic: LiveCounts;
  readonly check: Comparison;
}> {
  chapter("Documents drift, and an audit finds just those");
  const still = world.places.filter((place) => place.still);
  const plan = planDrift(still, world.places.length / ALL_PLACES);
  const traffic = world.writer.start(WRITES_PER_SECOND);
  await swallowChanges(world, plan);
  await editIndex(world.stack.search, (await describeCustom(1)).index, plan);
  say("Somebody with a console removed, added and altered documents in OpenSearch itself.");
  say(`The audit runs, with ${WRITES_PER_SECOND} writes a second going on …`);
  const { report, page } = await auditTable(world.stack, PLACES);
  const drift = judgeAudit(expectedDrift(plan), report);
  showDrift(drift, report.seconds);
  const counts = await traffic.stop();
  return { drift, page, traffic: counts, check: await proveEqual(world.stack) };
}

/** A consumer with a bug runs for a while: it says that it wrote changes which it lost. */
async function swallowChanges({ stack }: DemoWorld, plan: DriftPlan): Promise<void> {
  const { swallowed } = plan;
  const ids = [swallowed.inserts, [...swallowed.updates, ...swallowed.deletes].map(({ id }) => id)].flat();
  const { consumerFunction } = await describeCustom(1);
  const restore = await deploySwallowingConsumer(stack.lambda, consumerFunction, withoutItems(ids));
  try {
    await writeSwallowedChanges(stack.dynamodb, plan);
    await passCanary(stack);
  } finally {
    await restore();
  }
  say(
    `A consumer with a bug was deployed: it lost ${count(ids.length)} inserts, updates and deletes. It is fixed now.`,
  );
}

/** Writes a record after the lost ones; when it is in the index, they have been through the consumer. */
async function passCanary({ dynamodb, search }: DemoWorld["stack"]): Promise<void> {
  await dynamodb.send(
    new PutItemCommand({ TableName: SOURCE_TABLE, Item: toSdkItem(inventPlace(CANARY, 1)) }),
  );
  await untilFound(search, PLACES, CANARY);
}

/** Waits until the index has a document. */
export async function untilFound(search: string, alias: string, id: string): Promise<void> {
  const docs = [{ _id: id, _source: false }];
  const arrived = async () => {
    const answer = await postJson(`${search}/${alias}/_mget`, { docs });
    return answer.docs?.[0]?.["found"] === true;
  };
  await waitUntil("the consumer writes a canary", arrived, {
    withinMillis: PATIENCE_MILLIS,
    fix: "look at the emulator's output under .trueup/local",
  });
}

/** A table of what was broken and what was found. */
export function showDrift(drift: DriftResult, seconds: number): void {
  const largest = Math.max(...driftKinds.map((kind) => drift.injected[kind]));
  const rows = driftKinds.map((kind) => {
    const [injected, found] = [drift.injected[kind], drift.found[kind]];
    return [kind, String(injected), String(found), drawShare(found, largest)];
  });
  showTable(["drift", "made", "found", ""], rows);
  const { falsePositives, repaired, remaining } = drift;
  verdict(
    isExact(drift),
    `${seconds.toFixed(1)} s, ${falsePositives} false alarms, ${repaired} repaired, ${remaining} left.`,
  );
}
