import { isAbsolute } from "node:path";
import { MAXIMUM_GENERATIONS } from "../core/generation.ts";
import type { Fault } from "./faults.ts";
import type { GenerationArgs } from "./index-generation/generation-plan.ts";
import { findManagedFaults } from "./managed-pipeline/managed-faults.ts";
import type { SyncedTableArgs } from "./synced-table-args.ts";

/** With the longest revision and suffix, and Pulumi's eight characters, a role's name then has its 64. */
const LONGEST_NAME = 29;
const LARGEST_REVISION = 999_999;

/** What of a table's arguments can be wrong, whatever its environment and source. */
type TableFacts = Omit<SyncedTableArgs, "search" | "source">;

/** Every bad argument of a table. @see https://docs.opensearch.org/latest/api-reference/index-apis/create-index/ index names */
export function findTableFaults(name: string, args: TableFacts): readonly Fault[] {
  return [
    ...nameFaults(name),
    ...generationFaults(args),
    ...rangeFaults(args),
    ...scheduleFaults(args),
    ...adoptionFaults(args),
  ];
}

function nameFaults(name: string): readonly Fault[] {
  if (/^[a-z][a-z0-9-]*$/.test(name) && name.length <= LONGEST_NAME) return [];
  return [
    {
      propertyPath: "name",
      reason: `must begin with a letter and have only a to z, 0 to 9 and -, at most ${LONGEST_NAME}; got ${name}`,
    },
  ];
}

function generationFaults({ generations }: TableFacts): readonly Fault[] {
  const faults: Fault[] = [];
  if (generations.length < 1 || generations.length > MAXIMUM_GENERATIONS) {
    faults.push({
      propertyPath: "generations",
      reason: `must list one or two generations, because a DynamoDB shard bears two readers; got ${generations.length}. Remove one that does not serve, deploy, then add the new one`,
    });
  }
  const seen = new Set<string>();
  for (const [place, generation] of generations.entries()) {
    const { mode, revision = 1 } = generation;
    const transformFile = generation.mode === "custom" ? generation.transformFile : undefined;
    if (generation.mode === "managed") {
      faults.push(
        ...findManagedFaults(generation.pipeline ?? {}).map(under(`generations[${place}].pipeline`)),
      );
    }
    const path = `generations[${place}].revision`;
    if (!Number.isInteger(revision) || revision < 1 || revision > LARGEST_REVISION) {
      faults.push({
        propertyPath: path,
        reason: `must be a whole number, 1 to ${LARGEST_REVISION}; got ${revision}`,
      });
    }
    if (transformFile !== undefined && !isAbsolute(transformFile)) {
      faults.push({
        propertyPath: `generations[${place}].transformFile`,
        reason: `must be an absolute path, because a program may run in any folder; got ${transformFile}`,
      });
    }
    faults.push(...handedFaults(generation).map(under(`generations[${place}]`)));
    if (seen.has(`${mode} ${revision}`)) {
      faults.push({
        propertyPath: path,
        reason: `must differ from the other generation's; both are ${mode} ${revision}`,
      });
    }
    seen.add(`${mode} ${revision}`);
  }
  return faults;
}

/** What is for a transform needs one. */
function handedFaults(generation: GenerationArgs): readonly Fault[] {
  if (generation.mode !== "custom" || generation.transformFile !== undefined) return [];
  const names = ["transformConfiguration", "transformSecrets"] as const;
  return names.flatMap((propertyPath) =>
    generation[propertyPath] === undefined
      ? []
      : [{ propertyPath, reason: "is handed to a transform; declare the transform, or remove it" }],
  );
}

function under(path: string): (fault: Fault) => Fault {
  return ({ propertyPath, reason }) => ({ propertyPath: `${path}.${propertyPath}`, reason });
}

function rangeFaults(args: TableFacts): readonly Fault[] {
  const ranges: readonly (readonly [string, number | undefined, number, number])[] = [
    ["consumerTimeoutSeconds", args.consumerTimeoutSeconds, 15, 900],
    ["consumerMemoryMegabytes", args.consumerMemoryMegabytes, 256, 10_240],
    ["batchSize", args.batchSize, 1, 10_000],
    ["batchingWindowSeconds", args.batchingWindowSeconds, 0, 300],
    ["maximumLoaders", args.maximumLoaders, 1, 1000],
    ["manifestBuckets", args.manifestBuckets, 1, 4096],
    ["audit.fullEveryDays", args.audit?.fullEveryDays, 1, 365],
    ["audit.pollSeconds", args.audit?.pollSeconds, 1, 3600],
    ["audit.breaker.share", args.audit?.breaker?.share, 0, 1],
    ["audit.breaker.minimumCount", args.audit?.breaker?.minimumCount, 1, Number.MAX_SAFE_INTEGER],
  ];
  return ranges.flatMap(([propertyPath, value, least, most]) => {
    const isWhole = Number.isInteger(value) || propertyPath === "audit.breaker.share";
    if (value === undefined || (value >= least && value <= most && isWhole)) return [];
    return [{ propertyPath, reason: `must be ${least} to ${most}; got ${value}` }];
  });
}

/** @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html */
function scheduleFaults({ audit }: TableFacts): readonly Fault[] {
  const schedule = audit?.schedule;
  if (schedule === undefined || /^(rate|cron)\(.+\)$/.test(schedule)) return [];
  const reason = `must be rate(…) or cron(…), as EventBridge Scheduler takes them; got ${schedule}`;
  return [{ propertyPath: "audit.schedule", reason }];
}

function adoptionFaults({ adopt }: TableFacts): readonly Fault[] {
  if (adopt === undefined) return [];
  if ((adopt.index === undefined) === (adopt.alias === undefined)) {
    return [{ propertyPath: "adopt", reason: "must name either an index or an alias" }];
  }
  if (adopt.deleteIndexAtCutover === true && adopt.index === undefined) {
    return [{ propertyPath: "adopt.deleteIndexAtCutover", reason: "only applies to an adopted index" }];
  }
  return [];
}
