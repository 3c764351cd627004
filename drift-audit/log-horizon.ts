import type { AuditPlan } from "../core/audit-plan.ts";
import { judgeConnector, judgePartitions, type LogVerdict } from "../core/log-horizon.ts";
import type { LogHorizon } from "../core/ports/log-horizon.ts";
import type { AuditDeps } from "./audit-deps.ts";
import type { AuditRun } from "./audit-run.ts";

/** What a run waits for in a database's log: `log-horizon-<attempt>.json`. Numbers are decimal text. */
interface AwaitedLog {
  /** LSN of the watermark that was written once everything had been read. */
  readonly watermark: string;
  /** Where the partitions ended once the connector had brought that to Kafka, by shard. */
  readonly ends?: Readonly<Record<string, string>>;
}

export interface LookedAtLog {
  readonly horizon: LogHorizon;
  /** How often the index was looked at: what came after a look needs a watermark of its own. */
  readonly attempt: number;
  readonly isGapKnown: boolean;
}

/**
 * Whether a generation has dealt with everything that was committed before the first look of this attempt: a watermark,
 * then the connector past it, then the ends of the topic's partitions, then every position past those.
 */
export async function lookAtLog(
  deps: AuditDeps,
  folder: AuditRun,
  { generation: { generation, indexUuid } }: AuditPlan,
  { horizon, attempt, isGapKnown }: LookedAtLog,
): Promise<LogVerdict> {
  const name = `log-horizon-${attempt}.json`;
  const known = await folder.find<AwaitedLog>(name);
  const watermark = known?.watermark ?? String(await horizon.mark());
  if (known === undefined) await folder.write(name, { watermark } satisfies AwaitedLog);
  const connector = judgeConnector(await horizon.connector(), BigInt(watermark), isGapKnown);
  if (known?.ends === undefined && connector.kind !== "passed") return connector;
  if (connector.kind === "gap") return connector;
  const partitions = await horizon.partitions();
  const ends = known?.ends ?? Object.fromEntries(partitions.map(({ shard, end }) => [shard, String(end)]));
  if (known?.ends === undefined) await folder.write(name, { watermark, ends } satisfies AwaitedLog);
  const awaited = new Map(Object.entries(ends).map(([shard, end]) => [shard, BigInt(end)]));
  const positions = await deps.positions.positions(generation, indexUuid);
  const verdict = judgePartitions(awaited, partitions, positions, isGapKnown);
  if (verdict.kind !== "gap") return verdict;
  // The consumer went on between the two looks, past ends that were read before: only what both orders say is a gap.
  return judgePartitions(awaited, await horizon.partitions(), positions, isGapKnown);
}
