import type { Fault } from "./faults.ts";
import type { SyncedTableArgs } from "./synced-table-args.ts";

const MAXIMUM_GENERATIONS = 2;
/** Room for `-custom-<revision>-write` inside what resource names allow. */
const LONGEST_NAME = 30;

/** Every bad argument of a table. @see https://docs.opensearch.org/latest/api-reference/index-apis/create-index/ index names */
export function findTableFaults(name: string, args: SyncedTableArgs): readonly Fault[] {
  return [...nameFaults(name), ...generationFaults(args), ...rangeFaults(args), ...adoptionFaults(args)];
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

function generationFaults({ generations }: SyncedTableArgs): readonly Fault[] {
  const faults: Fault[] = [];
  if (generations.length < 1 || generations.length > MAXIMUM_GENERATIONS) {
    faults.push({
      propertyPath: "generations",
      reason: `must list one or two generations, because a DynamoDB shard bears two readers; got ${generations.length}. Remove one that does not serve, deploy, then add the new one`,
    });
  }
  const seen = new Set<string>();
  for (const [place, { mode, revision = 1 }] of generations.entries()) {
    const path = `generations[${place}].revision`;
    if (!Number.isInteger(revision) || revision < 1) {
      faults.push({ propertyPath: path, reason: `must be a whole number, 1 or more; got ${revision}` });
    }
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

function rangeFaults(args: SyncedTableArgs): readonly Fault[] {
  const ranges: readonly (readonly [string, number | undefined, number, number])[] = [
    ["consumerTimeoutSeconds", args.consumerTimeoutSeconds, 15, 900],
    ["consumerMemoryMegabytes", args.consumerMemoryMegabytes, 256, 10_240],
    ["batchSize", args.batchSize, 1, 10_000],
    ["maximumLoaders", args.maximumLoaders, 1, 1000],
    ["manifestBuckets", args.manifestBuckets, 1, 4096],
    ["audit.fullEveryDays", args.audit?.fullEveryDays, 1, 365],
    ["audit.pollSeconds", args.audit?.pollSeconds, 1, 3600],
    ["audit.breaker.share", args.audit?.breaker?.share, 0, 1],
    ["audit.breaker.minimumCount", args.audit?.breaker?.minimumCount, 1, Number.MAX_SAFE_INTEGER],
  ];
  return ranges.flatMap(([propertyPath, value, least, most]) => {
    if (value === undefined || (value >= least && value <= most)) return [];
    return [{ propertyPath, reason: `must be ${least} to ${most}; got ${value}` }];
  });
}

function adoptionFaults({ adopt }: SyncedTableArgs): readonly Fault[] {
  if (adopt === undefined) return [];
  if ((adopt.index === undefined) === (adopt.alias === undefined)) {
    return [{ propertyPath: "adopt", reason: "must name either an index or an alias" }];
  }
  if (adopt.deleteIndexAtCutover === true && adopt.index === undefined) {
    return [{ propertyPath: "adopt.deleteIndexAtCutover", reason: "only applies to an adopted index" }];
  }
  return [];
}
